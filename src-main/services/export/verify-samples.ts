import type { VerifySamples } from '#shared/contract/api/export.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { searchAdversarial } from '#shared/verify/threshold-search.ts';
import { workOf } from '#shared/verify/work.ts';
import { breather, sampleAt, type SampleSet } from './reference.ts';

/**
 * Products of nonzero weights that may be spent in all. The reference makes one to two times 10⁹ of them in a second, so that a
 * VGG-small is verified in less than a minute, and a small network on ten thousand samples.
 */
const REFERENCE_WORK = 2e10;
const SEARCH_WORK = 2e9;
const SEARCH_EVALUATIONS = 400;
const FEWEST_SAMPLES = 16;
/** Of a place that cannot run all. */
const FEWEST_INDICES = 4;

/** Test samples first, adversarial ones behind them. */
export interface VerificationSamples extends SampleSet {
  /** How many of them are test samples. */
  taken: number;
  facts: VerifySamples;
}

/** What a bundle is verified on: as many of the given samples as the reference can compute, and adversarial ones. */
export async function verificationSamples(
  graph: IntegerGraph,
  given: SampleSet & { source?: VerifySamples['source'] },
  signal?: AbortSignal,
): Promise<VerificationSamples> {
  const taken = Math.min(given.count, Math.max(FEWEST_SAMPLES, Math.floor(REFERENCE_WORK / workOf(graph))));
  const { samples, thresholdsHit, thresholds } = await searched(graph, given, taken, signal);
  const bytes = given.images.length / given.count;
  return {
    count: taken + samples.length,
    images: Buffer.concat([given.images.subarray(0, taken * bytes), ...samples]),
    labels: (given.labels ?? new Uint8Array(0)).subarray(0, taken),
    taken,
    facts: {
      asked: given.count,
      taken,
      source: given.source ?? 'random',
      adversarial: samples.length,
      thresholdsHit,
      thresholds,
    },
  };
}

/** The adversarial samples of a verification alone, in its order. */
export async function adversarialSamples(
  graph: IntegerGraph,
  given: SampleSet,
  signal?: AbortSignal,
): Promise<readonly Uint8Array[]> {
  return (await searched(graph, given, given.count, signal)).samples;
}

async function searched(graph: IntegerGraph, given: SampleSet, taken: number, signal?: AbortSignal) {
  const starts = Array.from({ length: Math.min(4, taken) }, (_, i) => sampleAt(given, i));
  const evaluations = Math.min(SEARCH_EVALUATIONS, Math.floor(SEARCH_WORK / workOf(graph)));
  const search = searchAdversarial(graph, starts, evaluations);
  const breathe = breather(signal);
  let step = search.next();
  while (!step.done) {
    await breathe();
    step = search.next();
  }
  return step.value;
}

/**
 * Samples for a place that cannot run all: about as many adversarial ones, evenly spread, as test samples.
 *
 * @param most test samples
 * @param work products of nonzeros that this place may spend
 */
export function sampleIndices(
  samples: VerificationSamples,
  graph: IntegerGraph,
  most: number,
  work: number,
): number[] {
  const { taken, count } = samples;
  const room = Math.max(FEWEST_INDICES, Math.floor(work / workOf(graph)));
  const adversarial = Math.min(count - taken, Math.ceil(room / 2));
  const tests = Math.min(taken, most, Math.max(1, room - adversarial));
  return [
    ...Array.from({ length: tests }, (_, i) => i),
    ...Array.from({ length: adversarial }, (_, i) => taken + Math.floor((i * (count - taken)) / adversarial)),
  ];
}
