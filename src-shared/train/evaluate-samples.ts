import type { TF } from '../base/tensorflow.ts';
import { assembleBatch } from '../dataset/batch.ts';
import type { Normalization, Samples } from '../dataset/types.ts';
import type { Evaluator } from './evaluate.ts';
import { lossTensor, type Loss } from './losses/index.ts';

export interface EvaluateSamplesInput {
  tf: TF;
  evaluator: Evaluator;
  samples: Samples;
  indices: Uint32Array;
  normalization: Normalization;
  loss: Loss;
  batchSize: number;
  breathe(): Promise<void>;
}

/** Mean loss and accuracy over all samples at `indices`, the incomplete last batch included. */
export async function evaluateSamples(
  input: EvaluateSamplesInput,
): Promise<{ loss: number; accuracy: number }> {
  const { tf, evaluator, samples, indices, normalization, batchSize } = input;
  const size = samples.shape.reduce((product, extent) => product * extent, 1);
  let loss = 0;
  let correct = 0;
  for (let from = 0; from < indices.length; from += batchSize) {
    const chosen = indices.subarray(from, from + batchSize);
    const count = chosen.length;
    const pixels = new Float32Array(count * size);
    const labels = new Int32Array(count);
    assembleBatch(samples, chosen, normalization, null, 0, 0, pixels, labels);
    const [logits, batchLoss] = tf.tidy(() => {
      const x = tf.tensor(pixels, [count, ...samples.shape], 'float32');
      const y = evaluator.logits(x);
      return [y, lossTensor(tf, input.loss, y, tf.oneHot(tf.tensor1d(labels, 'int32'), y.shape[1] ?? 1))];
    });
    if (!logits || !batchLoss) throw new RangeError('nothing was evaluated');
    const [values, [mean]] = await Promise.all([logits.data(), batchLoss.data()]);
    loss += (mean ?? 0) * count;
    correct += countCorrect(values, labels);
    tf.dispose([logits, batchLoss]);
    await input.breathe();
  }
  return { loss: loss / Math.max(indices.length, 1), accuracy: correct / Math.max(indices.length, 1) };
}

/** Samples whose largest logit (the first among equals, as the firmware takes it) is the label's. */
export function countCorrect(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  const classes = logits.length / Math.max(labels.length, 1);
  let correct = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if ((logits[sample * classes + c] ?? 0) > (logits[sample * classes + best] ?? 0)) best = c;
    }
    if (best === labels[sample]) correct++;
  }
  return correct;
}
