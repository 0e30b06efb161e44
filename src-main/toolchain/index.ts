export { createToolchain, parseVersion, type Found, type Toolchain } from './find.ts';
export { PROGRAMS, remedyOf, type ProgramId } from './programs.ts';
export { runProgram, type RunOptions, type RunResult } from './run.ts';
export { parseSections, parseSizes, totalsOf, type ImageSizes, type Section } from './sizes.ts';
