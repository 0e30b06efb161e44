/** How every bundle is compiled: C99, all warnings are errors. */
export const COMPILE_FLAGS = [
  '-std=c99',
  '-O2',
  '-Wall',
  '-Wextra',
  '-Wpedantic',
  '-Wconversion',
  '-Wshadow',
  '-Werror',
] as const;

/** For images without a C library. Loops that copy must not become calls of the copy function that they are. */
export const BARE_METAL_FLAGS = [
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-tree-loop-distribute-patterns',
] as const;
