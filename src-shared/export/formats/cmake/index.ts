import { PLAIN_LAYOUT } from '../layout.ts';
import type { Format } from '../types.ts';
import { cmakeLists } from './cmake-lists.ts';
import { makefile } from './makefile.ts';

export const cmake: Format = {
  id: 'cmake',
  title: 'CMake and Makefile',
  description:
    'A folder of sources with a CMakeLists.txt to add to a project and a Makefile that builds, tests and emulates.',
  layout: PLAIN_LAYOUT,
  arrange: (parts, emission, flags) => [
    ...parts,
    { path: 'CMakeLists.txt', content: cmakeLists(parts, emission, flags) },
    { path: 'Makefile', content: makefile(parts, emission, flags) },
  ],
  usage: ({
    name,
    golden,
    target,
  }) => `Compile \`src/*.c\` and \`runtime/src/*/*.c\` with \`include\`, \`src\` and \`runtime/include\` as include folders, or:

- \`make\` builds the library \`build/lib${name}.a\`; \`cmake -B build && cmake --build build\` does the same.
- \`make check\` builds the self test on this computer and runs it: ${golden.length} samples, every layer's checksum, all logits.
${
  target.machine
    ? `- \`make qemu\` builds it for ${target.title} and runs it under QEMU (\`${target.machine.emulator}\`, board ${target.machine.arguments[1] ?? ''});
  \`make size\` reads its sections from the linker's output.\n`
    : ''
}- \`make example\` classifies one sample and prints the logits.
`,
};
