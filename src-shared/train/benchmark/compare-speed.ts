import type { TF } from '../../base/tensorflow.ts';
import type { MethodPair } from '../../quant/pairs.ts';
import { syntheticRun, type BenchmarkNetwork } from './synthetic-trainer.ts';

/** Times of one pair of methods against full precision, measured in turns so that a change of load hits both. */
export interface SpeedComparison {
  /** Steps per second, from the median time. */
  stepsPerSecond: number;
  fullPrecisionStepsPerSecond: number;
  /** Median over the rounds of seconds per step against those of full precision in the same round. */
  ratio: number;
  /** Forward passes through each convolution in one step. */
  passes: number;
}

export const FULL_PRECISION: MethodPair = { weights: 'full-precision', activations: 'full-precision' };

/** A method may take this many full-precision steps per convolution that it needs. */
export const ALLOWED_PER_CONVOLUTION = 1.6;

/** Times `pair` and full precision alternately: `rounds` times `steps` steps each, after a warm-up of both. */
export async function compareSpeed(
  tf: TF,
  network: BenchmarkNetwork,
  pair: MethodPair,
  { rounds = 5, steps = 3 } = {},
): Promise<SpeedComparison> {
  const own = syntheticRun(tf, network, pair);
  const reference = syntheticRun(tf, network, FULL_PRECISION);
  own.trainer.prepare();
  reference.trainer.prepare();
  try {
    await reference.trainer.measure(1);
    await own.trainer.measure(1);
    const seconds: { own: number; reference: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      // Whoever goes second finds the caches of the other: take turns at that as well.
      const first = round % 2 === 0 ? own : reference;
      const second = first === own ? reference : own;
      const a = await first.trainer.measure(steps);
      const b = await second.trainer.measure(steps);
      seconds.push(first === own ? { own: a, reference: b } : { own: b, reference: a });
    }
    return {
      stepsPerSecond: 1 / median(seconds.map((round) => round.own)),
      fullPrecisionStepsPerSecond: 1 / median(seconds.map((round) => round.reference)),
      ratio: median(seconds.map((round) => round.own / round.reference)),
      passes: own.passes,
    };
  } finally {
    own.trainer.dispose();
    reference.trainer.dispose();
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
