import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import type { VerifyRow } from '#shared/contract/api/export.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { Found } from '#main/toolchain/index.ts';
import { runBatch } from './batch.ts';
import { accuracyOf, compareLogits, firstDivergence, verdict, type Mismatch } from './compare.ts';
import { compile, type BundleSources } from './compile.ts';
import { measureBundle } from './measure.ts';
import { sampleAt } from './reference.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { missing, notInstalled, type Verification } from './verification.ts';
import { sampleIndices } from './verify-samples.ts';
import { runSound } from './verify-sound.ts';

/** Test samples whose every layer is compared, under the sanitizers; and adversarial ones, as far as this work goes. */
const OBSERVED_SAMPLES = 8;
const OBSERVED_WORK = 2e9;
const SANITIZERS = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** How a compiler gets the libraries of its sanitizers. */
const SANITIZER_REMEDY: Partial<Record<Compiler['id'], string>> = {
  gcc: 'apt install libasan8 libubsan1',
  clang: 'apt install libclang-rt-dev',
};
const batchSources = ({ layout }: BundleSources) =>
  ['batch_main.c', 'port_host.c'].map((file) => `${layout.verify}/${file}`);

type Compiler = Extract<Found, { available: true }>;

/** What one compiler's build did. */
interface Outcome extends Pick<VerifyRow, 'matched' | 'total' | 'firstMismatch' | 'accuracy' | 'frontEnd'> {
  sanitized: boolean;
}

/**
 * Compiles the bundle on this computer with all warnings as errors, by gcc and by clang where they are present. Each
 * build runs every sample in one process, and every logit is compared; then every layer of some test samples and
 * adversarial ones, in a build with address and undefined-behaviour sanitizers.
 *
 * The row is the one of all compilers together, or of the first whose build differs.
 */
export async function verifyOnHost(work: Verification): Promise<VerifyRow> {
  const { bundle, toolchain, signal } = work;
  const programs = await Promise.all([toolchain.find('gcc'), toolchain.find('clang')]);
  const present = programs.filter((program): program is Compiler => program.available);
  const absent = programs.filter((program) => !program.available);
  if (present.length === 0) return missing('host', 'gcc', [programs[0].remedy ?? '']);
  // It is computed while the compilers work; a failure is met where it is awaited.
  const logits = work.reference.logits();
  logits.catch(() => undefined);
  const outcomes: { compiler: Compiler; outcome: Outcome }[] = [];
  for (const [index, compiler] of present.entries()) {
    const report = (share: number, message: string) =>
      work.report(0.1 + (0.85 * (index + share)) / present.length, message);
    const outcome = await verifyWith(compiler, { ...work, report });
    outcomes.push({ compiler, outcome });
    if (differs(outcome)) break;
  }
  const last = outcomes.at(-1)!;
  const shown = differs(last.outcome) ? [last] : outcomes;
  const sizes = await measureBundle(bundle, targetOf('host'), work.arenaBytes, {
    toolchain,
    runtime: work.runtime,
    signal,
  });
  const { sanitized: _, ...agreement } = last.outcome;
  const left = [
    ...absent.map(({ id, remedy }) => notInstalled(id, [remedy ?? ''])),
    ...outcomes
      .filter(({ outcome }) => !outcome.sanitized)
      .map(({ compiler }) => `${compiler.id} ran without sanitizers: ${SANITIZER_REMEDY[compiler.id] ?? ''}`),
  ];
  return {
    core: 'host',
    runner: shown
      .map(({ compiler, outcome }) =>
        outcome.sanitized
          ? `${compiler.title} with address and undefined-behaviour sanitizers`
          : compiler.title,
      )
      .join(', '),
    ran: true,
    reason: left.length === 0 ? null : left.join('; '),
    ...agreement,
    instructionsPerInference: null,
    layers: [],
    flashBytes: sizes?.flashBytes ?? null,
    ramBytes: sizes?.ramBytes ?? null,
  };
}

const differs = ({ matched, total, frontEnd }: Outcome) =>
  matched !== total || (frontEnd !== undefined && frontEnd.matched !== frontEnd.clips);

async function verifyWith(compiler: Compiler, work: Verification): Promise<Outcome> {
  const { bundle, samples, graph, signal } = work;
  return withScratchFolder(async (folder) => {
    const run = (program: string, images: Uint8Array) =>
      runBatch(folder, images, { program, parameters: [], timeoutMs: 1_800_000, signal });
    // The sanitizers first: what they say of a broken bundle is clearer than a crash.
    work.report(0.1, `comparing every layer under sanitizers, ${compiler.title}`);
    const observer = await buildObserver(work, compiler.path, path.join(folder, 'observe'));
    const observe = async (indices: readonly number[]): Promise<Mismatch | null> => {
      const images = Buffer.concat(indices.map((index) => sampleAt(samples, index)));
      const { values } = await run(observer.program, images);
      return firstDivergence(values, work.reference.values, work.layers, indices);
    };
    let divergence = await observe(sampleIndices(samples, graph, OBSERVED_SAMPLES, OBSERVED_WORK));
    work.report(0.4, `running ${samples.count} samples on this computer, ${compiler.title}`);
    const plain = path.join(folder, 'batch');
    await compile(bundle, { compiler: compiler.path, extra: batchSources(bundle), output: plain, signal });
    const { logits } = await run(plain, samples.images);
    work.report(0.8, `computing the reference of ${samples.count} samples`);
    const compared = compareLogits(logits, await work.reference.logits(), samples.count, graph.classes);
    if (compared.first && !divergence) divergence = await observe([compared.first.sample]);
    return {
      ...verdict(compared, divergence, samples.count),
      accuracy: accuracyOf(logits, samples, samples.count, graph.classes),
      ...(await soundOnHost(compiler, work, folder, observer.sanitized)),
      sanitized: observer.sanitized,
    };
  });
}

/** The front end of a network that hears, under the sanitizers where the compiler has them. */
async function soundOnHost(
  compiler: Compiler,
  { bundle, sound, signal }: Verification,
  folder: string,
  sanitized: boolean,
): Promise<Pick<VerifyRow, 'frontEnd'>> {
  if (!sound) return {};
  const program = path.join(folder, 'sound');
  const mains = ['sound_main.c', 'port_host.c'].map((file) => `${bundle.layout.verify}/${file}`);
  await compile(bundle, {
    compiler: compiler.path,
    flags: sanitized ? SANITIZERS : [],
    extra: mains,
    output: program,
    signal,
  });
  return { frontEnd: await runSound(folder, sound, { program, parameters: [], timeoutMs: 600_000, signal }) };
}

/** An observing build, with sanitizers where the compiler has their libraries. */
async function buildObserver(
  work: Verification,
  compiler: string,
  output: string,
): Promise<{ program: string; sanitized: boolean }> {
  const define = `-D${work.bundle.name.toUpperCase()}_OBSERVE`;
  const build = (flags: readonly string[]) =>
    compile(work.bundle, {
      compiler,
      flags: [...flags, define],
      extra: batchSources(work.bundle),
      output,
      signal: work.signal,
    });
  try {
    await build(SANITIZERS);
    return { program: output, sanitized: true };
  } catch (error) {
    if (!(error instanceof BitsmithError) || error.code !== 'job-failed') throw error;
    // Without the sanitizers' libraries the plain build succeeds; if not, the bundle is at fault.
    await build([]);
    return { program: output, sanitized: false };
  }
}
