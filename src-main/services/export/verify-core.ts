import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import type { VerifyRow } from '#shared/contract/api/export.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { Machine, Target } from '#shared/export/targets/types.ts';
import { runBatch, type BatchResult } from './batch.ts';
import { accuracyOf, compareLogits, firstDivergence, verdict } from './compare.ts';
import { compileImage, platformFolder } from './compile.ts';
import { emulatorArguments, overflowOf } from './emulator.ts';
import { measureBundle } from './measure.ts';
import { sampleAt, type SampleSet } from './reference.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { missing, type Verification } from './verification.ts';
import { sampleIndices } from './verify-samples.ts';
import { runSound } from './verify-sound.ts';

const TIMEOUT_MS = 900_000;
/** Products of nonzero weights that an emulated core may spend on logits, and on layers; some seconds each. */
const RUN_WORK = 3e8;
const OBSERVED_WORK = 5e7;
/** Test samples whose every layer is compared; and about as many adversarial ones. */
const OBSERVED_SAMPLES = 4;

/** The images of a bundle for one board. */
interface Images {
  machine: Machine;
  /** Without and with the observer. */
  batch: string;
  observing: string;
  /** Of a network that hears. */
  sound: string | null;
  /** Why it is not the core's own board; null where it is. */
  reason: string | null;
}

/**
 * Builds the bare-metal image for a core, runs samples on its emulated board and compares every logit, and every layer
 * of some samples. One virtual nanosecond is one instruction (`-icount shift=0`), so the board's own counter counts
 * instructions, to within a tick per inference and per layer.
 *
 * @param limit at most so many test samples
 */
export async function verifyOnCore(work: Verification, core: string, limit: number): Promise<VerifyRow> {
  const target = targetOf(core);
  if (!target.machine)
    return missing(core, target.title, [], `there is no emulated board for ${target.title}`);
  const compiler = await work.toolchain.find(target.compiler);
  const emulator = await work.toolchain.find(target.machine.emulator);
  if (!compiler.available || !emulator.available) {
    const absent = [compiler, emulator].filter((program) => !program.available);
    return missing(
      core,
      absent.map((program) => program.title).join(', '),
      absent.map((program) => program.remedy ?? ''),
    );
  }
  const { samples, graph, reference, signal } = work;
  const runnerOn = (board: string) => `${compiler.title}, ${emulator.title} ${board}`;
  return withScratchFolder(async (folder) => {
    work.report(0.1, `compiling for ${target.title}`);
    const images = await buildImages(work, target, compiler.path, folder);
    if ('tooLarge' in images) return missing(core, runnerOn(target.machine?.id ?? ''), [], images.tooLarge);
    const { machine } = images;
    const run = (elf: string, indices: readonly number[]): Promise<BatchResult> =>
      runBatch(folder, Buffer.concat(indices.map((index) => sampleAt(samples, index))), {
        program: emulator.path,
        parameters: emulatorArguments(machine, elf),
        timeoutMs: TIMEOUT_MS,
        signal,
      });
    const chosen = sampleIndices(samples, graph, limit, RUN_WORK);
    const count = chosen.length;
    work.report(0.3, `running ${count} samples on an emulated ${target.title}`);
    const { logits, ticks } = await run(images.batch, chosen);
    const all = await reference.logits();
    const { classes } = graph;
    const expected = Int32Array.from(
      chosen.flatMap((i) => [...all.subarray(i * classes, (i + 1) * classes)]),
    );
    const compared = compareLogits(logits, expected, count, classes);
    const first = compared.first && { ...compared.first, sample: chosen[compared.first.sample] ?? 0 };
    work.report(0.8, `comparing every layer on an emulated ${target.title}`);
    const observed = sampleIndices(samples, graph, OBSERVED_SAMPLES, OBSERVED_WORK);
    if (first && !observed.includes(first.sample)) observed.push(first.sample);
    const shown = await run(images.observing, observed);
    const divergence = firstDivergence(shown.values, reference.values, work.layers, observed);
    const frontEnd =
      work.sound && images.sound !== null
        ? await runSound(folder, work.sound, {
            program: emulator.path,
            parameters: emulatorArguments(machine, images.sound),
            timeoutMs: TIMEOUT_MS,
            signal,
          })
        : undefined;
    const sizes = await measureBundle(work.bundle, target, work.arenaBytes, {
      toolchain: work.toolchain,
      runtime: work.runtime,
      signal,
    });
    const tests: SampleSet = { ...samples, count: chosen.filter((index) => index < samples.taken).length };
    const instructions = (total: number, inferences: number) =>
      Math.round((total * machine.instructionsPerTick) / inferences);
    return {
      core,
      runner: runnerOn(machine.arguments[1] ?? machine.id),
      ran: true,
      reason: images.reason,
      ...verdict({ ...compared, first }, divergence, count),
      accuracy: accuracyOf(logits, tests, tests.count, classes),
      ...(frontEnd ? { frontEnd } : {}),
      instructionsPerInference: ticks > 0 ? instructions(ticks, count) : null,
      layers:
        ticks > 0
          ? work.layers.map((id, i) => ({
              id,
              instructions: instructions(shown.layerTicks[i] ?? 0, observed.length),
            }))
          : [],
      flashBytes: sizes?.flashBytes ?? null,
      ramBytes: sizes?.ramBytes ?? null,
    };
  });
}

/** For the core's own board where the images fit it, else for the larger one; or why they fit neither. */
async function buildImages(
  work: Verification,
  target: Target,
  compiler: string,
  folder: string,
): Promise<Images | { tooLarge: string }> {
  const machines = [target.exactMachine, target.machine].filter((machine) => machine !== undefined);
  let tooLarge = '';
  for (const machine of machines) {
    const platform = platformFolder(work.bundle, machine, work.runtime, folder);
    const build = async (name: string, defines: readonly string[], main = 'batch_main.c') => {
      const output = path.join(folder, `${name}-${machine.id}.elf`);
      await compileImage(work.bundle, target, {
        compiler,
        mains: [`${work.bundle.layout.verify}/${main}`],
        platform,
        port: true,
        defines,
        output,
        signal: work.signal,
      });
      return output;
    };
    try {
      const observing = await build('observe', [`-D${work.bundle.name.toUpperCase()}_OBSERVE`]);
      const batch = await build('batch', []);
      const sound = work.sound ? await build('sound', [], 'sound_main.c') : null;
      return {
        machine,
        batch,
        observing,
        sound,
        reason: tooLarge === '' ? null : `ran on ${machine.id}: ${tooLarge}`,
      };
    } catch (error) {
      const overflow = error instanceof BitsmithError ? overflowOf(error) : undefined;
      if (overflow === undefined) throw error;
      tooLarge = `the image is ${overflow.bytes.toLocaleString('en')} bytes too large for the ${overflow.region === 'RAM' ? 'RAM' : 'flash'} of ${machine.id}`;
    }
  }
  return { tooLarge };
}
