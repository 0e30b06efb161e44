import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BARE_METAL_FLAGS, COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { platformFiles } from '#shared/export/emit/platform.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES } from './firmware.ts';

/**
 * Kernels by themselves: a C program reads a stream of int32, calls kernels, and writes a stream of int32. The program
 * defines `static void run_case(int32_t kind)`, which is called until the input ends, and may use
 *
 *   int32_t next(void);                          the next number of the input
 *   type *name = take(count * sizeof *name);     memory of exactly that size, aligned to 4 bytes, filled with 0xA5
 *   words_in/bytes_in/halves_in/ints_in(count)   the same, read from the input, an int32 an element
 *   void put(int32_t); void done(void);          one number of the output; frees all memory
 *   begin(); put_ticks();                        the counter around what is measured, on emulated boards
 */
export interface KernelProgram {
  /** Folders of `resources/runtime/src` to compile, or files in them. */
  sources: readonly string[];
  headers: readonly string[];
  body: string;
}

/** A way to run such programs: on this computer, or on an emulated board. */
export interface KernelRunner {
  title: string;
  available: boolean;
  /** Guest instructions of one tick of the counter; 0 where there is none. */
  instructionsPerTick: number;
  run: (program: KernelProgram, input: readonly number[]) => Int32Array;
}

const RUNTIME = path.join(RESOURCES, 'runtime');
const toolchain = createToolchain();

/** gcc on this computer, with more flags. */
export async function hostRunner(title: string, flags: readonly string[]): Promise<KernelRunner> {
  const gcc = await toolchain.find('gcc');
  return {
    title: gcc.available ? title : `${title} (gcc is not installed)`,
    available: gcc.available,
    instructionsPerTick: 0,
    run: (program, input) =>
      inFolder(program, input, (folder, sources) => {
        const harness = [path.join(RUNTIME, 'harness/port_host.c')];
        const image = path.join(folder, 'program.exe');
        const parameters = [
          ...COMPILE_FLAGS,
          ...flags,
          '-DHOSTED',
          ...includes(folder),
          ...sources,
          ...harness,
        ];
        execFileSync(gcc.available ? gcc.path : '', [...parameters, '-o', image], { stdio: 'pipe' });
        execFileSync(image, { cwd: folder, stdio: 'pipe' });
      }),
  };
}

/** Optimized, portable, and with sanitizers that end the program at the first finding. */
export async function hostRunners(): Promise<KernelRunner[]> {
  const sanitize = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
  return [
    await hostRunner('gcc -O2', []),
    await hostRunner('gcc -O2 -DBS_PORTABLE with sanitizers', ['-DBS_PORTABLE', ...sanitize]),
    await hostRunner('gcc -O2 with sanitizers', sanitize),
  ];
}

/** An emulated board. */
export async function boardRunner(core: TargetId): Promise<KernelRunner> {
  const target = targetOf(core);
  const { machine } = target;
  if (!machine) throw new Error(`${core} has no board`);
  const compiler = await toolchain.find(target.compiler);
  const emulator = await toolchain.find(machine.emulator);
  const absent = [compiler, emulator].filter(({ available }) => !available).map(({ title }) => title);
  return {
    title: absent.length > 0 ? `${core} (not installed: ${absent.join(', ')})` : core,
    available: absent.length === 0,
    instructionsPerTick: machine.instructionsPerTick,
    run: (program, input) =>
      inFolder(program, input, (folder, sources) => {
        for (const file of platformFiles(machine, readRuntimeLibrary(RESOURCES))) {
          fs.mkdirSync(path.dirname(path.join(folder, file.path)), { recursive: true });
          fs.writeFileSync(path.join(folder, file.path), file.content);
        }
        const platform = path.join(folder, 'platform', machine.id);
        const startup = ['startup.c', 'memory.c', 'port_semihosting.c'].map((file) =>
          path.join(platform, file),
        );
        const image = path.join(folder, 'program.elf');
        const parameters = [
          ...[...COMPILE_FLAGS, ...target.flags, ...BARE_METAL_FLAGS, ...includes(folder)],
          ...[...sources, ...startup, '-nostdlib', '-T', path.join(platform, 'link.ld')],
          ...['-Wl,--gc-sections', '-lgcc', '-o', image],
        ];
        execFileSync(compiler.available ? compiler.path : '', parameters, { stdio: 'pipe' });
        const emulation = [
          ...[...machine.arguments, '-nographic', '-monitor', 'none', '-serial', 'none'],
          ...['-semihosting-config', 'enable=on,target=native', '-icount', 'shift=0', '-kernel', image],
        ];
        execFileSync(emulator.available ? emulator.path : '', emulation, { cwd: folder, stdio: 'pipe' });
      }),
  };
}

function includes(folder: string): string[] {
  return [`-I${folder}`, `-I${path.join(RUNTIME, 'include')}`, `-I${path.join(RUNTIME, 'harness')}`];
}

function inFolder(
  { sources, headers, body }: KernelProgram,
  input: readonly number[],
  work: (folder: string, sources: readonly string[]) => void,
): Int32Array {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-kernels-'));
  try {
    const main = path.join(folder, 'main.c');
    fs.writeFileSync(main, headers.map((name) => `#include "${name}"\n`).join('') + PRELUDE + body + MAIN);
    fs.writeFileSync(path.join(folder, 'input.bin'), Buffer.from(Int32Array.from(input).buffer));
    const files = sources.flatMap((source) => {
      const at = path.join(RUNTIME, 'src', source);
      if (source.endsWith('.c')) return [at];
      return fs
        .readdirSync(at)
        .filter((file) => file.endsWith('.c'))
        .map((file) => path.join(at, file));
    });
    work(folder, [main, ...files]);
    const bytes = fs.readFileSync(path.join(folder, 'output.bin'));
    return Int32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readInt32LE(4 * index));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const PRELUDE = `
#include "port.h"
#ifdef HOSTED
#include <stdlib.h>
#endif
#include <string.h>

static int input_file;
static int output_file;
static int32_t chunk[256];
static size_t chunk_at;
static size_t chunk_words;
static int32_t results[256];
static size_t results_used;

static int more(void)
{
    if (chunk_at == chunk_words) {
        chunk_words = port_read(input_file, chunk, sizeof chunk) / sizeof chunk[0];
        chunk_at = 0;
    }
    return chunk_at != chunk_words;
}

static inline int32_t next(void)
{
    if (!more()) {
        port_print("the input ended inside a case\\n");
        port_exit(3);
    }
    return chunk[chunk_at++];
}

static void flush(void)
{
    (void)port_write(output_file, results, results_used * sizeof results[0]);
    results_used = 0;
}

static inline void put(int32_t value)
{
    results[results_used++] = value;
    if (results_used == 256U) {
        flush();
    }
}

#ifdef HOSTED
static void *taken[64];
static size_t taken_used;

static inline void *take(size_t bytes)
{
    void *memory = malloc(bytes);
    memset(memory, 0xA5, bytes);
    taken[taken_used++] = memory;
    return memory;
}

static inline void done(void)
{
    while (taken_used > 0U) {
        free(taken[--taken_used]);
    }
}
#else
static uint32_t memory[400000];
static size_t memory_used;

static inline void *take(size_t bytes)
{
    void *start = memory + memory_used;
    memory_used += (bytes + 3U) / 4U;
    memset(start, 0xA5, bytes);
    return start;
}

static inline void done(void)
{
    memory_used = 0;
}
#endif

static inline uint32_t *words_in(size_t count)
{
    uint32_t *to = (uint32_t *)take(count * sizeof *to);
    size_t i;
    for (i = 0; i < count; i++) {
        to[i] = (uint32_t)next();
    }
    return to;
}

static inline uint8_t *bytes_in(size_t count)
{
    uint8_t *to = (uint8_t *)take(count);
    size_t i;
    for (i = 0; i < count; i++) {
        to[i] = (uint8_t)(next() & 255);
    }
    return to;
}

static inline int16_t *halves_in(size_t count)
{
    int16_t *to = (int16_t *)take(count * sizeof *to);
    size_t i;
    for (i = 0; i < count; i++) {
        to[i] = (int16_t)next();
    }
    return to;
}

static inline int32_t *ints_in(size_t count)
{
    int32_t *to = (int32_t *)take(count * sizeof *to);
    size_t i;
    for (i = 0; i < count; i++) {
        to[i] = next();
    }
    return to;
}

static inline void begin(void)
{
    port_count_begin();
}

static inline void put_ticks(void)
{
    const uint64_t ticks = port_count_end();
    put((int32_t)(ticks & 0x7FFFFFFFU));
}

`;

const MAIN = `
int main(void)
{
    input_file = port_open("input.bin", 0);
    output_file = port_open("output.bin", 1);
    while (more()) {
        run_case(next());
        done();
    }
    flush();
    port_close(output_file);
    port_exit(0);
    return 0;
}
`;
