import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import type { VerifyRow } from '#shared/contract/api/export.ts';
import { runBatch } from './batch.ts';
import {
  accuracyOf,
  compareLogits,
  firstDivergence,
  firstIndices,
  verdict,
  type Mismatch,
} from './compare.ts';
import { compile, type BundleSources } from './compile.ts';
import { sampleAt } from './reference.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { measureBundle } from './measure.ts';
import { missing, type Verification } from './verification.ts';
import { targetOf } from '#shared/export/targets/index.ts';

/** Samples whose every layer is compared, under the sanitizers. */
const OBSERVED_SAMPLES = 8;
const SANITIZERS = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
const batchSources = ({ layout }: BundleSources) =>
  ['batch_main.c', 'port_host.c'].map((file) => `${layout.verify}/${file}`);

/**
 * Compiles the bundle on this computer with all warnings as errors, runs every sample in one process and compares every
 * logit; then every layer of a few samples, in a build with address and undefined-behaviour sanitizers.
 */
export async function verifyOnHost(work: Verification): Promise<VerifyRow> {
  const { bundle, toolchain, signal } = work;
  const gcc = await toolchain.find('gcc');
  const compiler = gcc.available ? gcc : await toolchain.find('clang');
  if (!compiler.available) return missing('host', 'gcc', [gcc.remedy ?? '']);
  return withScratchFolder(async (folder) => {
    // The sanitizers first: what they say of a broken bundle is clearer than a crash.
    work.report(0.05, 'comparing every layer under sanitizers');
    const observer = await buildObserver(work, compiler.path, path.join(folder, 'observe'));
    const observe = async (indices: readonly number[]): Promise<Mismatch | null> => {
      const images = Buffer.concat(indices.map((index) => sampleAt(work.samples, index)));
      const { values } = await run(observer.program, images);
      return firstDivergence(values, work.graph, work.layers, work.samples, indices);
    };
    const run = (program: string, images: Uint8Array) =>
      runBatch(folder, images, { program, parameters: [], timeoutMs: 1_800_000, signal });
    const { count } = work.samples;
    let divergence = await observe(firstIndices(count, OBSERVED_SAMPLES));
    work.report(0.15, `running ${count} samples on this computer`);
    const plain = path.join(folder, 'batch');
    await compile(bundle, { compiler: compiler.path, extra: batchSources(bundle), output: plain, signal });
    const { logits } = await run(plain, work.samples.images);
    const compared = compareLogits(logits, await work.expected(), count, work.graph.classes);
    if (compared.first && !divergence) divergence = await observe([compared.first.sample]);
    const sizes = await measureBundle(bundle, targetOf('host'), work.arenaBytes, {
      toolchain,
      runtime: work.runtime,
      signal,
    });
    const sanitized = observer.sanitized ? ', address and undefined-behaviour sanitizers' : '';
    return {
      core: 'host',
      runner: `${compiler.title}${sanitized}`,
      ran: true,
      reason: null,
      ...verdict(compared, divergence, count),
      accuracy: accuracyOf(logits, work.samples, count, work.graph.classes),
      instructionsPerInference: null,
      flashBytes: sizes?.flashBytes ?? null,
      ramBytes: sizes?.ramBytes ?? null,
    };
  });
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
