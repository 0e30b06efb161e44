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

const files = bundleOf('arduino');
const paths = files.map((file) => file.path);

/** The library specification 1.5, revision 2.2: which fields there are, and which must be there. */
const REQUIRED = 'name version author maintainer sentence paragraph category url architectures'.split(' ');
const OPTIONAL = 'depends dot_a_linkage includes precompiled ldflags'.split(' ');
const CATEGORIES = [
  'Display',
  'Communication',
  'Signal Input/Output',
  'Sensors',
  'Device Control',
  'Timing',
  'Data Storage',
  'Data Processing',
  'Other',
];

function properties(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const match = /^([a-z_]+)=(.+)$/.exec(line);
    if (!match?.[1] || !match[2] || found.has(match[1])) throw new Error(`library.properties: ${line}`);
    found.set(match[1], match[2]);
  }
  return found;
}

describe('an Arduino library', () => {
  it.each([
    'small net',
    'arduino',
    'a',
    'a name that is much longer than anybody would want it to be, really',
  ])('has a library.properties as specified (network %j)', (name) => {
    const fields = properties(textOf(bundleOf('arduino', 'host', name), 'library.properties'));
    for (const field of REQUIRED) expect(fields.get(field), field).toBeTruthy();
    for (const field of fields.keys()) expect([...REQUIRED, ...OPTIONAL]).toContain(field);
    const title = fields.get('name') ?? '';
    expect(title).toMatch(/^[A-Za-z0-9][A-Za-z0-9 _.-]{0,62}$/);
    expect(title.toLowerCase()).not.toMatch(/^arduino/);
    expect(fields.get('version')).toMatch(SEMVER);
    expect(CATEGORIES).toContain(fields.get('category'));
    expect(URL.canParse(fields.get('url') ?? '')).toBe(true);
    expect(fields.get('architectures')).toMatch(/^[a-z0-9_]+(,[a-z0-9_]+)*$/);
    expect(fields.get('architectures')?.split(',')).not.toContain('avr');
    expect(fields.get('dot_a_linkage')).toBe('true');
  });

  it('has its public headers, and only those, at the top of src', () => {
    const top = paths.filter((one) => /^src\/[^/]+$/.test(one));
    expect(top.toSorted()).toEqual(['src/bitsmith.h', 'src/small_net.h']);
    const includes = properties(textOf(files, 'library.properties')).get('includes') ?? '';
    expect(includes.split(',').every((header) => paths.includes(`src/${header}`))).toBe(true);
  });

  it('keeps sources out of every folder that the tools would compile by mistake', () => {
    const sources = paths.filter((one) => /\.(c|cpp|h|ino|S)$/.test(one));
    expect(sources.every((one) => /^(src|examples|extras)\//.test(one))).toBe(true);
    expect(paths.some((one) => one.startsWith('utility/'))).toBe(false);
  });

  it('has a sketch in every example folder, named as its folder', () => {
    const folders = new Set(
      paths.filter((one) => one.startsWith('examples/')).map((one) => one.split('/')[1]),
    );
    expect([...folders].toSorted()).toEqual(['Classify', 'SelfTest']);
    for (const folder of folders) expect(paths).toContain(`examples/${folder}/${folder}.ino`);
  });

  it('separates its keywords by one tab, and each is a name of the library', () => {
    const headers = textOf(files, 'src/small_net.h') + textOf(files, 'src/bitsmith.h');
    const rows = textOf(files, 'keywords.txt').trimEnd().split('\n');
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      expect(row).toMatch(/^[A-Za-z_0-9]+\t(KEYWORD[123]|LITERAL[12])$/);
      expect(headers).toContain(row.split('\t')[0]);
    }
  });

  it('finds every include with src alone on the include path', () => {
    const inside = paths.filter((one) => /^src\/.*\.[ch]$/.test(one));
    expect(inside.length).toBeGreaterThan(8);
    expect(missingIncludes(files, inside, ['src'])).toEqual([]);
    const sketches = paths.filter((one) => /^examples\/.*\.(c|h|ino)$/.test(one));
    expect(missingIncludes(files, sketches, ['src'])).toEqual([]);
  });
});

/** As much of the Arduino core as the sketches use; `loop` runs once. */
const STUB = `#pragma once
#include <cstdint>
#include <cstdio>
#include <cstddef>
struct Port {
    void begin(long) {}
    explicit operator bool() const { return true; }
    void print(const char *text) { std::printf("%s", text); }
    void print(unsigned long value) { std::printf("%lu", value); }
    void println(const char *text) { std::printf("%s\\n", text); }
    void println(int value) { std::printf("%d\\n", value); }
    void println(long value) { std::printf("%ld\\n", value); }
    void println(unsigned long value) { std::printf("%lu\\n", value); }
};
extern Port Serial;
unsigned long millis();
unsigned long micros();
void delay(unsigned long);
void setup();
void loop();
`;
const CORE = `#include "Arduino.h"
Port Serial;
unsigned long millis() { return 0; }
unsigned long micros() { return 0; }
void delay(unsigned long) {}
int main() { setup(); loop(); return 0; }
`;

describe.skipIf(!hasProgram('gcc') || !hasProgram('g++'))('Arduino sketches (need gcc and g++)', () => {
  let folder = '';
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  function run(sketch: string, defines: string[] = [], change = (text: string) => text): string {
    folder = writeFiles(
      files.map((file) => ({
        ...file,
        content: file.path === 'src/network/small_net_weights.c' ? change(file.content) : file.content,
      })),
    );
    fs.mkdirSync(path.join(folder, 'core'));
    fs.writeFileSync(path.join(folder, 'core/Arduino.h'), STUB);
    fs.writeFileSync(path.join(folder, 'core/main.cpp'), CORE);
    const own = paths.filter((one) => one.startsWith(`examples/${sketch}/`) && one.endsWith('.c'));
    return buildAndRun(folder, {
      c: [...paths.filter((one) => /^src\/.*\.c$/.test(one)), ...own],
      cpp: [`examples/${sketch}/${sketch}.ino`, 'core/main.cpp'],
      includes: ['core', 'src'],
      defines,
    });
  }

  it('classify the golden sample as the reference does', () => {
    const lines = run('Classify').split('\n');
    for (const line of expectedLines(textOf(files, 'extras/test/vectors.c'))) expect(lines).toContain(line);
  });

  it('pass the self test, by logits and by every layer', () => {
    expect(run('SelfTest')).toBe('PASS\n');
    fs.rmSync(folder, { recursive: true });
    expect(run('SelfTest', ['SMALL_NET_OBSERVE'])).toBe('PASS\n');
  });

  it('name a corrupt table', () => {
    const corrupt = (text: string) =>
      text.replace(/(small_net_act2_\w+\[\d+\] = \{\s+)(0x[0-9A-F]+U|-?\d+)/, '$17');
    expect(run('SelfTest', ['SMALL_NET_OBSERVE'], corrupt)).toMatch(/^FAIL: corrupt table act2_\w+$/m);
  });
});
