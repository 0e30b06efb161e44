import type { Predictions } from './types.ts';

/** Which samples are wanted. */
export interface ExampleFilter {
  /** Of this class, and taken for this one; null: any. */
  truth: number | null;
  predicted: number | null;
  /** Only those that are taken for a wrong class. */
  mistakes: boolean;
  /** `sure`: those of which the network is most certain first; `unsure`: last. */
  order: 'sure' | 'unsure';
}

/** Positions in the columns of the samples that are wanted, in order; of equal ones the lower index first. */
export function examplesOf(predictions: Predictions, filter: ExampleFilter): Uint32Array {
  const { indices, labels, predicted, probability } = predictions;
  const found: number[] = [];
  for (let i = 0; i < indices.length; i++) {
    if (filter.truth !== null && labels[i] !== filter.truth) continue;
    if (filter.predicted !== null && predicted[i] !== filter.predicted) continue;
    if (filter.mistakes && labels[i] === predicted[i]) continue;
    found.push(i);
  }
  const sign = filter.order === 'sure' ? -1 : 1;
  return Uint32Array.from(
    found.sort(
      (a, b) =>
        sign * ((probability[a] ?? 0) - (probability[b] ?? 0)) || (indices[a] ?? 0) - (indices[b] ?? 0),
    ),
  );
}
