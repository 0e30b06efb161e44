/** What a network says of samples. The columns belong together. */
export interface Predictions {
  /** Samples of a part of the data set. */
  indices: Uint32Array;
  /** What they are. */
  labels: Uint8Array;
  /** What the network takes them for. */
  predicted: Uint8Array;
  /** Softmax of the logits: of the class that is predicted, and of the true one. */
  probability: Float32Array;
  truth: Float32Array;
}

/** The samples of a run that it was not trained on. */
export const HELD_OUT = ['validation', 'test'] as const;
export type HeldOut = (typeof HELD_OUT)[number];

/** The part of the data set that a split is of. */
export function partOf(split: HeldOut): 'train' | 'test' {
  return split === 'validation' ? 'train' : 'test';
}
