import type { Format } from '../types.ts';
import { cmakeLists } from './cmake-lists.ts';
import { makefile } from './makefile.ts';

export const cmake: Format = {
  id: 'cmake',
  title: 'CMake and Makefile',
  description:
    'A folder of sources with a CMakeLists.txt to add to a project and a Makefile that builds, tests and emulates.',
  arrange: (parts, emission, flags) => [
    ...parts,
    { path: 'CMakeLists.txt', content: cmakeLists(parts, emission, flags) },
    { path: 'Makefile', content: makefile(parts, emission, flags) },
  ],
};
