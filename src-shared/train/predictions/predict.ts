import type { TF } from '../../base/tensorflow.ts';
import { assembleBatch } from '../../dataset/batch.ts';
import type { Normalization, Samples } from '../../dataset/types.ts';
import type { Evaluator } from '../evaluate.ts';
import type { Predictions } from './types.ts';

export interface PredictInput {
  tf: TF;
  evaluator: Evaluator;
  samples: Samples;
  indices: Uint32Array;
  normalization: Normalization;
  batchSize: number;
  breathe(): Promise<void>;
  /** Called after each batch with the samples that are done. */
  report(done: number): void;
}

/** What a network says of each sample at `indices`. */
export async function predictSamples(input: PredictInput): Promise<Predictions> {
  const { tf, evaluator, samples, indices, normalization, batchSize } = input;
  const size = samples.shape.reduce((product, extent) => product * extent, 1);
  const result: Predictions = {
    indices,
    labels: new Uint8Array(indices.length),
    predicted: new Uint8Array(indices.length),
    probability: new Float32Array(indices.length),
    truth: new Float32Array(indices.length),
  };
  for (let from = 0; from < indices.length; from += batchSize) {
    const chosen = indices.subarray(from, from + batchSize);
    const pixels = new Float32Array(chosen.length * size);
    const labels = new Int32Array(chosen.length);
    assembleBatch(samples, chosen, normalization, null, 0, 0, pixels, labels);
    const logits = tf.tidy(() =>
      evaluator.logits(tf.tensor(pixels, [chosen.length, ...samples.shape], 'float32')),
    );
    judge(await logits.data(), labels, from, result);
    logits.dispose();
    input.report(from + chosen.length);
    await input.breathe();
  }
  return result;
}

/** Writes what the logits [batch, classes] of the samples from `from` on say. */
export function judge(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  from: number,
  result: Omit<Predictions, 'indices'>,
): void {
  const classes = logits.length / Math.max(labels.length, 1);
  for (let sample = 0; sample < labels.length; sample++) {
    const own = Array.from({ length: classes }, (_, c) => logits[sample * classes + c] ?? 0);
    // The first among equals, as the firmware takes it.
    const best = own.reduce((found, value, c) => (value > (own[found] ?? 0) ? c : found), 0);
    const shares = softmax(own);
    const label = labels[sample] ?? 0;
    result.labels[from + sample] = label;
    result.predicted[from + sample] = best;
    result.probability[from + sample] = shares[best] ?? 0;
    result.truth[from + sample] = shares[label] ?? 0;
  }
}

/** e^x / Σ e^x, without an overflow. */
export function softmax(logits: readonly number[]): number[] {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((x) => Math.exp(x - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
