import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import type { VerifyRow } from '#shared/contract/api/export.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { Machine } from '#shared/export/targets/types.ts';
import { runBatch } from './batch.ts';
import { accuracyOf, compareLogits, firstDivergence, firstIndices, verdict } from './compare.ts';
import { compileImage, platformFolder } from './compile.ts';
import { measureBundle } from './measure.ts';
import { sampleAt, type SampleSet } from './reference.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { missing, type Verification } from './verification.ts';

const TIMEOUT_MS = 900_000;
/** Samples whose every layer is compared, too. */
const OBSERVED_SAMPLES = 4;

/**
 * Builds the bare-metal image for a core, runs samples on its emulated board and compares every logit, and every layer
 * of a few samples. One virtual nanosecond is one instruction (`-icount shift=0`), so the board's own counter counts instructions, to within a tick
 * per inference.
 *
 * @param limit at most so many samples
 */
export async function verifyOnCore(work: Verification, core: string, limit: number): Promise<VerifyRow> {
  const target = targetOf(core);
  const { machine } = target;
  if (!machine) return missing(core, target.title, [], `there is no emulated board for ${target.title}`);
  const compiler = await work.toolchain.find(target.compiler);
  const emulator = await work.toolchain.find(machine.emulator);
  if (!compiler.available || !emulator.available) {
    const absent = [compiler, emulator].filter((program) => !program.available);
    return missing(
      core,
      absent.map((program) => program.title).join(', '),
      absent.map((program) => program.remedy ?? ''),
    );
  }
  const runner = `${compiler.title}, ${emulator.title} ${machine.arguments[1] ?? machine.id}`;
  return withScratchFolder(async (folder) => {
    const platform = platformFolder(work.bundle, machine, work.runtime, folder);
    const image = path.join(folder, 'batch.elf');
    const build = (output: string, defines: readonly string[]) =>
      compileImage(work.bundle, target, {
        compiler: compiler.path,
        mains: [`${work.bundle.layout.verify}/batch_main.c`],
        platform,
        port: true,
        defines,
        output,
        signal: work.signal,
      });
    work.report(0.1, `compiling for ${target.title}`);
    try {
      await build(image, []);
    } catch (error) {
      const reason = doesNotFit(error, target.title);
      if (reason === undefined) throw error;
      return missing(core, runner, [], reason);
    }
    const count = Math.min(limit, work.samples.count);
    work.report(0.3, `running ${count} samples on an emulated ${target.title}`);
    const bytes = work.samples.images.length / work.samples.count;
    const run = (elf: string, images: Uint8Array) =>
      runBatch(folder, images, {
        program: emulator.path,
        parameters: emulatorArguments(machine, elf),
        timeoutMs: TIMEOUT_MS,
        signal: work.signal,
      });
    const { logits, ticks } = await run(image, work.samples.images.subarray(0, count * bytes));
    const expected = await work.expected();
    const compared = compareLogits(logits, expected, count, work.graph.classes);
    work.report(0.8, `comparing every layer on an emulated ${target.title}`);
    const observing = path.join(folder, 'observe.elf');
    await build(observing, [`-D${work.bundle.name.toUpperCase()}_OBSERVE`]);
    const indices = firstIndices(count, OBSERVED_SAMPLES);
    if (compared.first && !indices.includes(compared.first.sample)) indices.push(compared.first.sample);
    const shown = await run(observing, Buffer.concat(indices.map((index) => sampleAt(work.samples, index))));
    const divergence = firstDivergence(shown.values, work.graph, work.layers, work.samples, indices);
    const sizes = await measureBundle(work.bundle, target, work.arenaBytes, {
      toolchain: work.toolchain,
      runtime: work.runtime,
      signal: work.signal,
    });
    const subset: SampleSet = { ...work.samples, count };
    return {
      core,
      runner,
      ran: true,
      reason: null,
      ...verdict(compared, divergence, count),
      accuracy: accuracyOf(logits, subset, count, work.graph.classes),
      instructionsPerInference: ticks > 0 ? Math.round((ticks * machine.instructionsPerTick) / count) : null,
      flashBytes: sizes?.flashBytes ?? null,
      ramBytes: sizes?.ramBytes ?? null,
    };
  });
}

function emulatorArguments(machine: Machine, elf: string): string[] {
  return [
    ...machine.arguments,
    '-nographic',
    '-monitor',
    'none',
    '-serial',
    'none',
    '-semihosting-config',
    'enable=on,target=native',
    '-icount',
    'shift=0',
    '-kernel',
    elf,
  ];
}

/** The linker's word that the image is larger than the board, as a reason; undefined for any other failure. */
function doesNotFit(error: unknown, title: string): string | undefined {
  if (!(error instanceof BitsmithError)) return undefined;
  const stderr = String(error.details?.['stderr'] ?? '');
  const match = /region `?(\w+)'? overflowed by (\d+) bytes/.exec(stderr);
  return match
    ? `the image is ${match[2]} bytes too large for ${match[1]} of the emulated ${title} board`
    : undefined;
}
