import { execFileSync, spawnSync } from 'node:child_process';
import { COMPILE_FLAGS } from '#shared/export/emit/flags.ts';

export const hasProgram = (program: string) => spawnSync(program, ['--version']).status === 0;

const CPP_FLAGS = ['-std=c++11', '-O1', '-Wall', '-Wextra', '-Werror'];

export interface Program {
  c: readonly string[];
  /** C++ sources; `.ino` files are C++ that begins with Arduino.h. */
  cpp?: readonly string[];
  includes: readonly string[];
  defines?: readonly string[];
}

/** Compiles C with the bundle's flags and C++ beside it, links, runs, and answers the output. Throws what fails. */
export function buildAndRun(folder: string, { c, cpp = [], includes, defines = [] }: Program): string {
  const shared = [...includes.map((one) => `-I${one}`), ...defines.map((one) => `-D${one}`)];
  const run = (program: string, parameters: readonly string[]) =>
    execFileSync(program, parameters, { cwd: folder, encoding: 'utf8', stdio: 'pipe', timeout: 100_000 });
  const objects = [...c, ...cpp].map((source, index) => {
    const object = `object-${index}.o`;
    if (c.includes(source)) run('gcc', [...COMPILE_FLAGS, ...shared, '-c', source, '-o', object]);
    else {
      const sketch = source.endsWith('.ino') ? ['-include', 'Arduino.h'] : [];
      run('g++', [...CPP_FLAGS, ...shared, ...sketch, '-x', 'c++', '-c', source, '-o', object]);
    }
    return object;
  });
  run(cpp.length > 0 ? 'g++' : 'gcc', [...objects, '-o', 'program.exe']);
  return run('./program.exe', []);
}
