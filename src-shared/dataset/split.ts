import { RandomStream } from '../base/random.ts';
import type { DatasetChoice } from './choice.ts';

/** Which samples a run uses: indices into the installed training and test sets, ascending. */
export interface DatasetSplit {
  train: Uint32Array;
  validation: Uint32Array;
  test: Uint32Array;
}

/**
 * Divides a data set for one run. The limits choose a fixed subset whatever the seed, so that runs with different seeds
 * are tested on the same samples; the validation part is drawn by the seed and has exactly
 * round(validation · training samples) of them, always leaving at least one to train on.
 */
export function splitDataset(
  counts: { train: number; test: number },
  choice: Pick<DatasetChoice, 'validation' | 'limit'>,
  seed: number,
): DatasetSplit {
  const used = subset(counts.train, choice.limit?.train, 'limit:train');
  const held = Math.min(used.length - 1, Math.round(used.length * choice.validation));
  const drawn = new RandomStream(seed, 'split').permutation(used.length);
  return {
    train: drawn
      .subarray(held)
      .map((i) => used[i]!)
      .sort(),
    validation: drawn
      .subarray(0, held)
      .map((i) => used[i]!)
      .sort(),
    test: subset(counts.test, choice.limit?.test, 'limit:test'),
  };
}

function subset(count: number, limit: number | undefined, stream: string): Uint32Array {
  if (limit === undefined || limit >= count) return Uint32Array.from({ length: count }, (_, i) => i);
  return new RandomStream(0, stream).permutation(count).subarray(0, limit).slice().sort();
}

/** The order in which an epoch visits its `n` samples: a permutation of 0 … n−1 that (seed, epoch) alone decides. */
export function epochOrder(seed: number, epoch: number, n: number): Uint32Array {
  return new RandomStream(seed, 'shuffle', epoch).permutation(n);
}
