import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { BARE_METAL_FLAGS, COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { sectionMemory } from '#shared/export/report/section-memory.ts';
import type { Target } from '#shared/export/targets/types.ts';

const run = promisify(execFile);

/** One function of the runtime, or of the compiler's library, as a target's compiler makes it. */
export interface Compiled {
  /** Code and constants in bytes. */
  bytes: number;
  /** Bytes of stack, without what it calls. */
  stack: number;
  /** Functions of other files that it calls. */
  calls: string[];
}

/** Every function of the runtime in `folder`, compiled as bundles are, and what these need of the compiler's library. */
export async function compiledRuntime(
  compiler: string,
  target: Target,
  folder: string,
  scratch: string,
): Promise<Map<string, Compiled>> {
  const sources = fs
    .readdirSync(path.join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.c'))
    .map((file) => path.join(folder, 'src', file));
  const flags = [...COMPILE_FLAGS, ...target.flags, ...BARE_METAL_FLAGS, '-fstack-usage'];
  await run(compiler, [...flags, `-I${path.join(folder, 'include')}`, '-c', ...sources], { cwd: scratch });
  const found = new Map<string, Compiled>();
  for (const source of sources) {
    const name = path.basename(source, '.c');
    found.set(name, await objectFacts(compiler, path.join(scratch, name)));
  }
  for (const [name, bytes] of await memoryFunctions(compiler, flags, folder, scratch))
    found.set(name, { bytes: target.machine ? bytes : 0, stack: 0, calls: [] });
  const library = [...found.values()].flatMap(({ calls }) => calls.filter((name) => !found.has(name)));
  for (const name of new Set(library))
    found.set(name, await libraryFunction(compiler, target, name, scratch));
  return found;
}

async function objectFacts(compiler: string, stem: string): Promise<Compiled> {
  const { stdout } = await run(toolOf(compiler, 'nm'), ['-u', `${stem}.o`]);
  const { stdout: relocations } = await run(toolOf(compiler, 'objdump'), ['-r', `${stem}.o`]);
  // Compilers name functions of their library whose calls they then found a way around: those are not linked.
  const used = new Set(relocations.match(/\w+/g));
  const calls = [...stdout.matchAll(/\bU (\w+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => used.has(name));
  const usage = fs.readFileSync(`${stem}.su`, 'utf8');
  const stack = [...usage.matchAll(/\t(\d+)\t/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return {
    bytes: await flashOf(compiler, `${stem}.o`),
    stack,
    calls: calls
      .filter((name) => name !== '_GLOBAL_OFFSET_TABLE_')
      // Quotient and remainder are one function of the library.
      .map((name) => name.replace(/^(__aeabi_u?idiv)mod$/, '$1')),
  };
}

/** The two functions of a C library that images without one bring along. */
async function memoryFunctions(
  compiler: string,
  flags: readonly string[],
  folder: string,
  scratch: string,
): Promise<Map<string, number>> {
  const object = path.join(scratch, 'memory.o');
  await run(compiler, [...flags, '-c', path.join(folder, 'platform', 'memory.c'), '-o', object], {
    cwd: scratch,
  });
  const { stdout } = await run(toolOf(compiler, 'size'), ['-A', object]);
  return new Map(
    [...stdout.matchAll(/^\.text\.(memcpy|memset)\s+(\d+)/gm)].map(([, name = '', bytes]) => [
      name,
      Number(bytes),
    ]),
  );
}

async function libraryFunction(
  compiler: string,
  target: Target,
  name: string,
  scratch: string,
): Promise<Compiled> {
  const image = path.join(scratch, `${name}.elf`);
  const link = ['-nostdlib', `-Wl,-u,${name}`, `-Wl,-e,${name}`, '-lgcc', '-Wl,--gc-sections', '-o', image];
  await run(compiler, [...target.flags, ...link]);
  return { bytes: await flashOf(compiler, image), stack: 0, calls: [] };
}

async function flashOf(compiler: string, file: string): Promise<number> {
  const { stdout } = await run(toolOf(compiler, 'size'), ['-A', file]);
  return stdout.split('\n').reduce((sum, line) => {
    const [, section = '', bytes] = /^(\.[\w.$-]+)\s+(\d+)/.exec(line) ?? [];
    const memory = sectionMemory(section);
    return memory === 'flash' || memory === 'both' ? sum + Number(bytes) : sum;
  }, 0);
}

function toolOf(compiler: string, tool: string): string {
  return compiler.replace(/gcc$/, tool);
}
