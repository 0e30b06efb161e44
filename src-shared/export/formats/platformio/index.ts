import { PLAIN_LAYOUT, relocate, type Layout } from '../layout.ts';
import { PUBLISHING_NOTE } from '../package-facts.ts';
import type { Format } from '../types.ts';
import { EXAMPLES, exampleProjects } from './example-projects.ts';
import { libraryJson, libraryName } from './library-json.ts';

/** PlatformIO compiles `src` and puts `include` and `src` on the include path. */
const layout: Layout = {
  include: 'include',
  src: 'src',
  'runtime/include': 'include',
  'runtime/src': 'src/runtime',
  test: PLAIN_LAYOUT.test,
  verify: PLAIN_LAYOUT.verify,
};

export const platformio: Format = {
  id: 'platformio',
  title: 'PlatformIO library',
  description: 'A library with library.json, and two projects that run on this computer and on a board.',
  layout,
  arrange: (parts, emission) => [
    ...relocate(parts, layout),
    { path: 'library.json', content: libraryJson(emission, EXAMPLES) },
    ...exampleProjects(emission),
  ],
  usage: (
    emission,
  ) => `This folder is the PlatformIO library \`${libraryName(emission)}\`, for boards with a 32-bit core (not AVR).

- Add \`lib_deps = symlink:///path/to/this/folder\` to your \`platformio.ini\`, or copy the folder into your project's \`lib\`.
- \`pio run -d examples/classify -e native -t exec\` classifies one sample on this computer.
- \`pio run -d examples/self_test -e native -t exec\` runs the self test: every layer of ${emission.golden.length} samples.

The examples' \`platformio.ini\` name a board with the target's core where there is a common one; put yours there.
${PUBLISHING_NOTE}
`,
};
