import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hasProgram } from '#test/support/build-bundle.ts';
import {
  bundleOf,
  expectedLines,
  missingIncludes,
  parseYaml,
  textOf,
  writeFiles,
  type Yaml,
} from '#test/support/bundle-formats.ts';

const files = bundleOf('zephyr');
const paths = files.map((file) => file.path);
const SAMPLES = ['classify', 'self_test'];

/** Symbols that a Kconfig file defines; what it cannot read is an error. */
function kconfigSymbols(text: string): string[] {
  const symbols: string[] = [];
  let depth = 0;
  let help = false;
  for (const line of text.split('\n').filter((one) => one.trim() !== '' && !one.startsWith('#'))) {
    if (help && line.startsWith('\t  ')) continue;
    help = line === '\thelp';
    const symbol = /^(?:menu)?config ([A-Z][A-Z0-9_]*)$/.exec(line)?.[1];
    if (symbol) symbols.push(symbol);
    else if (/^if [A-Z0-9_]+$/.test(line)) depth++;
    else if (/^endif( #.*)?$/.test(line)) depth--;
    else if (!help && !/^\tbool "[^"]+"$/.test(line)) throw new Error(`Kconfig: ${line}`);
  }
  if (depth !== 0) throw new Error('Kconfig: if without endif');
  return symbols;
}

describe('a Zephyr module', () => {
  it('has a module.yml whose places, from the root of the module, are there', () => {
    const module = parseYaml(textOf(files, 'zephyr/module.yml')) as { [key: string]: Yaml };
    expect(Object.keys(module).toSorted()).toEqual(['build', 'name', 'samples']);
    expect(module.name).toMatch(/^[a-z][a-z0-9_-]*$/);
    const build = module.build as { cmake: string; kconfig: string };
    expect(Object.keys(build).toSorted()).toEqual(['cmake', 'kconfig']);
    expect(paths).toContain(`${build.cmake}/CMakeLists.txt`);
    expect(paths).toContain(build.kconfig);
    for (const sample of module.samples as string[]) {
      expect(paths.some((one) => one.startsWith(`${sample}/`) && one.endsWith('sample.yaml'))).toBe(true);
    }
  });

  it('defines every symbol that its CMake file and its samples use', () => {
    const symbols = kconfigSymbols(textOf(files, 'zephyr/Kconfig'));
    expect(symbols).toEqual(['BITSMITH_SMALL_NET', 'BITSMITH_SMALL_NET_OBSERVE']);
    const used = [
      textOf(files, 'zephyr/CMakeLists.txt'),
      ...SAMPLES.map((sample) => textOf(files, `samples/${sample}/prj.conf`)),
    ].flatMap((text) => [...text.matchAll(/CONFIG_(BITSMITH_[A-Z0-9_]+)/g)].map(([, symbol]) => symbol));
    expect(new Set(used)).toEqual(new Set(symbols));
  });

  it.each(SAMPLES)('has a sample %s as twister wants it', (sample) => {
    const yaml = parseYaml(textOf(files, `samples/${sample}/sample.yaml`)) as {
      [key: string]: { [key: string]: Yaml };
    };
    expect(Object.keys(yaml)).toEqual(['sample', 'common', 'tests']);
    expect(yaml.sample?.name).toBeTruthy();
    expect(Object.keys(yaml.tests ?? {})).toEqual([`sample.bitsmith.small_net.${sample}`]);
    const { type, regex } = yaml.common?.harness_config as { type: string; regex: string[] };
    expect(type).toBe('one_line');
    expect(() => new RegExp(regex[0] ?? '(')).not.toThrow();
    for (const line of textOf(files, `samples/${sample}/prj.conf`).trimEnd().split('\n')) {
      expect(line).toMatch(/^CONFIG_[A-Z0-9_]+=(y|n|\d+)$/);
    }
    expect(paths).toContain(`samples/${sample}/src/main.c`);
  });

  it('finds every include', () => {
    const inside = paths.filter((one) => /^(src|include|runtime|samples)\/.*\.[ch]$/.test(one));
    const folders = ['include', 'runtime/include', 'src', 'test', 'verify'];
    expect(missingIncludes(files, inside, folders)).toEqual([]);
  });
});

/**
 * As much of Zephyr's CMake package as a module uses: adds the modules, reads prj.conf, and keeps apart what a library
 * sees and what everybody sees.
 */
const PACKAGE = `
add_library(app STATIC)
add_library(zephyr_interface INTERFACE)
target_link_libraries(app PUBLIC zephyr_interface)
function(zephyr_library_named name)
  add_library(\${name} STATIC)
  target_link_libraries(\${name} PUBLIC zephyr_interface)
  set_property(GLOBAL PROPERTY CURRENT \${name})
  set_property(GLOBAL APPEND PROPERTY LIBRARIES \${name})
endfunction()
function(zephyr_library_sources)
  get_property(name GLOBAL PROPERTY CURRENT)
  target_sources(\${name} PRIVATE \${ARGN})
endfunction()
function(zephyr_library_include_directories)
  get_property(name GLOBAL PROPERTY CURRENT)
  target_include_directories(\${name} PRIVATE \${ARGN})
endfunction()
function(zephyr_include_directories)
  target_include_directories(zephyr_interface INTERFACE \${ARGN})
endfunction()
function(zephyr_compile_definitions)
  target_compile_definitions(zephyr_interface INTERFACE \${ARGN})
endfunction()
file(STRINGS \${CMAKE_SOURCE_DIR}/prj.conf lines)
foreach(line \${lines})
  string(REGEX REPLACE "=.*" "" key "\${line}")
  string(REGEX REPLACE "^[^=]*=" "" \${key} "\${line}")
endforeach()
enable_language(C)
set(CMAKE_C_FLAGS "-std=c99 -Wall -Wextra -Werror")
foreach(module \${ZEPHYR_EXTRA_MODULES})
  file(STRINGS \${module}/zephyr/module.yml place REGEX "^  cmake: ")
  string(REGEX REPLACE "^  cmake: " "" place "\${place}")
  add_subdirectory(\${module}/\${place} modules)
endforeach()
file(WRITE \${CMAKE_BINARY_DIR}/empty.c "")
add_executable(zephyr_image \${CMAKE_BINARY_DIR}/empty.c)
get_property(libraries GLOBAL PROPERTY LIBRARIES)
target_link_libraries(zephyr_image PRIVATE app \${libraries})
`;

describe.skipIf(!hasProgram('cmake') || !hasProgram('gcc'))('Zephyr samples (need cmake and gcc)', () => {
  let folder = '';
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Configures and builds a sample with CMake, against the stand-in for Zephyr's package. */
  function run(sample: string): string {
    folder = writeFiles([...files, { path: 'stand-in/ZephyrConfig.cmake', content: PACKAGE }]);
    const build = path.join(folder, 'build');
    const source = path.join(folder, 'samples', sample);
    const options = { encoding: 'utf8', stdio: 'pipe', timeout: 100_000 } as const;
    const place = `-DZephyr_DIR=${path.join(folder, 'stand-in')}`;
    execFileSync('cmake', ['-S', source, '-B', build, place, '-DCMAKE_C_COMPILER=gcc'], options);
    execFileSync('cmake', ['--build', build], options);
    return execFileSync(path.join(build, 'zephyr_image'), options);
  }

  it('classify the golden sample as the reference does', () => {
    expect(run('classify').trimEnd().split('\n')).toEqual(expectedLines(textOf(files, 'test/vectors.c')));
  });

  it('pass the self test, which switches the observer on by Kconfig', () => {
    const output = run('self_test');
    expect(output).toBe('PASS: 3 samples agree in every integer\n');
    expect(output).toMatch(new RegExp('PASS: [0-9]+ samples agree'));
  });
});
