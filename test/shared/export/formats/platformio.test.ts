import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildAndRun, hasProgram } from '#test/support/build-bundle.ts';
import {
  bundleOf,
  expectedLines,
  missingIncludes,
  SEMVER,
  textOf,
  writeFiles,
} from '#test/support/bundle-formats.ts';

const files = bundleOf('platformio');
const paths = files.map((file) => file.path);

interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  homepage: string;
  headers: string;
  frameworks: string;
  platforms: string[];
  authors: { name: string }[];
  examples: { name: string; base: string; files: string[] }[];
  build: { srcDir: string; includeDir: string };
}
const manifestOf = (name?: string) =>
  JSON.parse(textOf(bundleOf('platformio', 'host', name), 'library.json')) as Manifest;
const FIELDS = (
  'name version description keywords homepage repository authors license frameworks platforms headers examples ' +
  'dependencies export scripts build'
).split(' ');

/** Sections of a platformio.ini; a repeated key or section is an error. */
function ini(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith(';'))) {
    const head = /^\[([a-z0-9_:-]+)\]$/.exec(line)?.[1];
    const entry = /^([a-z_]+) = (.+)$/.exec(line);
    if (head && !sections.has(head)) sections.set(head, (current = new Map()));
    else if (entry?.[1] && entry[2] && current && !current.has(entry[1])) current.set(entry[1], entry[2]);
    else throw new Error(`platformio.ini: ${line}`);
  }
  return sections;
}

describe('a PlatformIO library', () => {
  it.each(['small net', 'a', 'x-1', 'a name that is much longer than anybody would want it to be, really'])(
    'has a library.json as specified (network %j)',
    (name) => {
      const manifest = manifestOf(name);
      for (const field of Object.keys(manifest)) expect(FIELDS).toContain(field);
      expect(manifest.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(manifest.name.length).toBeLessThanOrEqual(50);
      expect(manifest.version).toMatch(SEMVER);
      expect(manifest.version.length).toBeLessThanOrEqual(20);
      expect(manifest.description.length).toBeLessThanOrEqual(255);
      expect(manifest.description).not.toBe('');
      expect(manifest.license).toBe('Apache-2.0');
      expect(URL.canParse(manifest.homepage)).toBe(true);
      expect(manifest.authors[0]?.name).toBeTruthy();
      expect(manifest.platforms).not.toContain('atmelavr');
    },
  );

  it('names folders, headers and examples that are there', () => {
    const { build, headers, examples } = manifestOf('small net');
    expect(paths).toContain(`${build.includeDir}/${headers}`);
    expect(paths.some((one) => one.startsWith(`${build.srcDir}/`) && one.endsWith('.c'))).toBe(true);
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      for (const file of example.files) expect(paths).toContain(`${example.base}/${file}`);
    }
  });

  it('finds every include with include and src on the include path', () => {
    const inside = paths.filter((one) => /^(src|include)\/.*\.[ch]$/.test(one));
    expect(missingIncludes(files, inside, ['include', 'src'])).toEqual([]);
    const main = paths.filter((one) => one.endsWith('main.cpp'));
    expect(missingIncludes(files, main, ['include', 'src', 'test', 'verify'])).toEqual([]);
  });

  it('has projects for this computer, and for a board with the core where there is one', () => {
    for (const example of ['classify', 'self_test']) {
      const name = `examples/${example}/platformio.ini`;
      const m4 = ini(textOf(files, name));
      expect([...m4.keys()]).toEqual(['platformio', 'env', 'env:native', 'env:nucleo_f411re']);
      expect(m4.get('platformio')?.get('default_envs')).toBe('native');
      expect(Object.fromEntries(m4.get('env:nucleo_f411re') ?? [])).toMatchObject({
        platform: 'ststm32',
        board: 'nucleo_f411re',
        framework: 'arduino',
      });
      const generic = ini(textOf(bundleOf('platformio', 'generic-c99'), name));
      expect([...generic.keys()]).toEqual(['platformio', 'env', 'env:native']);
    }
  });
});

describe.skipIf(!hasProgram('gcc') || !hasProgram('g++'))('PlatformIO examples (need gcc and g++)', () => {
  let folder = '';
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Builds as `platformio.ini` and `library.json` say. */
  function run(example: string): string {
    folder = writeFiles(files);
    const project = `examples/${example}`;
    const env = ini(textOf(files, `${project}/platformio.ini`)).get('env');
    const flags = env?.get('build_flags') ?? '';
    const at = (place: string) => path.posix.normalize(`${project}/${place}`);
    const library = at((env?.get('lib_deps') ?? '').replace('symlink://', ''));
    expect(library.replace(/\/$/, '')).toBe('.');
    const filter = [...(env?.get('build_src_filter') ?? '').matchAll(/\+<([^>]+)>/g)].map(
      ([, one = '']) => one,
    );
    expect(filter[0]).toBe('*');
    const { build } = manifestOf('small net');
    return buildAndRun(folder, {
      c: [
        ...paths.filter((one) => one.startsWith(`${build.srcDir}/`) && one.endsWith('.c')),
        ...filter.slice(1).map((one) => at(`src/${one}`)),
      ],
      cpp: [`${project}/src/main.cpp`],
      includes: [
        build.includeDir,
        build.srcDir,
        ...[...flags.matchAll(/-I (\S+)/g)].map(([, one = '']) => at(one)),
      ],
      defines: [...flags.matchAll(/-D (\S+)/g)].map(([, one = '']) => one),
    });
  }

  it('classify the golden sample as the reference does', () => {
    expect(run('classify').trimEnd().split('\n')).toEqual(expectedLines(textOf(files, 'test/vectors.c')));
  });

  it('pass the self test', () => {
    expect(run('self_test')).toBe('PASS\n');
  });
});
