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
  SEMVER,
  textOf,
  writeFiles,
} from '#test/support/bundle-formats.ts';

const files = bundleOf('esp-idf');
const paths = files.map((file) => file.path);
const EXAMPLES = ['classify', 'self_test'];

/** Fields of the component manager's manifest. */
const FIELDS = (
  'version maintainers description license tags url repository repository_info documentation issues discussion ' +
  'targets dependencies examples files'
).split(' ');

describe('an ESP-IDF component', () => {
  it('has a manifest as the component manager reads it', () => {
    const manifest = parseYaml(textOf(files, 'idf_component.yml')) as {
      version: string;
      description: string;
      license: string;
      url: string;
      tags: string[];
      dependencies: { idf: { version: string } };
      examples: { path: string }[];
    };
    for (const field of Object.keys(manifest)) expect(FIELDS).toContain(field);
    expect(manifest.version).toMatch(SEMVER);
    expect(manifest.description).toBeTruthy();
    expect(manifest.license).toBe('Apache-2.0');
    expect(URL.canParse(manifest.url)).toBe(true);
    for (const tag of manifest.tags) expect(tag).toMatch(/^[A-Za-z0-9_-]{3,32}$/);
    expect(manifest.dependencies.idf.version).toMatch(/^>=\d+\.\d+$/);
    expect(manifest.examples.map((example) => path.posix.normalize(example.path))).toEqual(
      EXAMPLES.map((example) => `examples/${example}`),
    );
    for (const { path: place } of manifest.examples) {
      expect(paths).toContain(path.posix.normalize(`${place}/CMakeLists.txt`));
    }
  });

  it.each(EXAMPLES)('has an example %s that takes the component from this folder', (example) => {
    const manifest = parseYaml(textOf(files, `examples/${example}/main/idf_component.yml`)) as {
      dependencies: Record<string, { version: string; override_path: string }>;
    };
    const [[name, source] = ['', undefined]] = Object.entries(manifest.dependencies);
    expect(name).toMatch(/^[a-z0-9_-]+\/[a-z0-9_-]+$/);
    expect(path.posix.normalize(`examples/${example}/main/${source?.override_path ?? ''}`)).toBe('./');
    for (const line of textOf(files, `examples/${example}/sdkconfig.defaults`).trimEnd().split('\n')) {
      expect(line).toMatch(/^CONFIG_[A-Z0-9_]+=(y|n|\d+)$/);
    }
  });

  it('uses the Kconfig symbol that it defines', () => {
    const symbols = [...textOf(files, 'Kconfig').matchAll(/^ {4}config ([A-Z0-9_]+)$/gm)].map(
      ([, one]) => one,
    );
    expect(symbols).toEqual(['BITSMITH_SMALL_NET_OBSERVE']);
    expect(textOf(files, 'CMakeLists.txt')).toContain(`CONFIG_${symbols[0] ?? ''}`);
    expect(textOf(files, 'examples/self_test/sdkconfig.defaults')).toContain(`CONFIG_${symbols[0] ?? ''}=y`);
  });

  it('finds every include', () => {
    const inside = paths.filter((one) => /^(src|include|runtime|examples)\/.*\.[ch]$/.test(one));
    const folders = ['include', 'runtime/include', 'src', 'test', 'verify'];
    expect(missingIncludes(files, inside, folders)).toEqual([]);
  });
});

/** As much of ESP-IDF's build as the bundle uses: the component beside `main`, sdkconfig.defaults, and `app_main`. */
const PROJECT = `
macro(project name)
  _project(\${name} C)
  set(CMAKE_C_FLAGS "-std=gnu17 -Wall -Wextra -Werror")
  file(STRINGS \${CMAKE_SOURCE_DIR}/sdkconfig.defaults lines)
  foreach(line \${lines})
    string(REGEX REPLACE "=.*" "" key "\${line}")
    string(REGEX REPLACE "^[^=]*=" "" \${key} "\${line}")
  endforeach()
  file(STRINGS \${CMAKE_SOURCE_DIR}/main/idf_component.yml place REGEX "override_path")
  string(REGEX REPLACE ".*override_path: \\"(.*)\\"" "\\\\1" place "\${place}")
  set(COMPONENT_LIB network)
  add_subdirectory(\${CMAKE_SOURCE_DIR}/main/\${place} network)
  set(COMPONENT_LIB main)
  add_subdirectory(\${CMAKE_SOURCE_DIR}/main main)
  target_link_libraries(main PRIVATE network)
  file(WRITE \${CMAKE_BINARY_DIR}/start.c "void app_main(void); int main(void) { app_main(); return 0; }")
  add_executable(image \${CMAKE_BINARY_DIR}/start.c)
  target_link_libraries(image PRIVATE main)
endmacro()
function(idf_component_register)
  cmake_parse_arguments(ARG "" "" "SRCS;INCLUDE_DIRS;PRIV_INCLUDE_DIRS" \${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "idf_component_register: \${ARG_UNPARSED_ARGUMENTS}")
  endif()
  add_library(\${COMPONENT_LIB} STATIC \${ARG_SRCS})
  target_include_directories(\${COMPONENT_LIB} PUBLIC \${ARG_INCLUDE_DIRS} PRIVATE \${ARG_PRIV_INCLUDE_DIRS})
endfunction()
`;

describe.skipIf(!hasProgram('cmake') || !hasProgram('gcc'))('ESP-IDF examples (need cmake and gcc)', () => {
  let folder = '';
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Configures and builds an example with CMake, against the stand-in for ESP-IDF. */
  function run(example: string): string {
    folder = writeFiles([...files, { path: 'stand-in/tools/cmake/project.cmake', content: PROJECT }]);
    const build = path.join(folder, 'build');
    const source = path.join(folder, 'examples', example);
    const env = { ...process.env, IDF_PATH: path.join(folder, 'stand-in') };
    const options = { encoding: 'utf8', stdio: 'pipe', timeout: 100_000, env } as const;
    execFileSync('cmake', ['-S', source, '-B', build, '-DCMAKE_C_COMPILER=gcc'], options);
    execFileSync('cmake', ['--build', build], options);
    return execFileSync(path.join(build, 'image'), options);
  }

  it('classify the golden sample as the reference does', () => {
    expect(run('classify').trimEnd().split('\n')).toEqual(expectedLines(textOf(files, 'test/vectors.c')));
  });

  it('pass the self test, which switches the observer on by Kconfig', () => {
    expect(run('self_test')).toBe('PASS: 3 samples agree in every integer\n');
  });
});
