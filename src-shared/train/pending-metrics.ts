import type { TF, Tensor } from '../base/tensorflow.ts';

/** Metrics of a step that still lie on the back end, as scalars. */
export interface PendingMetrics {
  loss: Tensor;
  correct: Tensor;
}

/** Reads the metrics of several steps in one go, frees them and empties the list. Sums over the steps. */
export async function readMetrics(
  tf: TF,
  pending: PendingMetrics[],
): Promise<{ steps: number; loss: number; correct: number }> {
  const losses = tf.stack(pending.map(({ loss }) => loss));
  const corrects = tf.stack(pending.map(({ correct }) => correct));
  const loss = sum(await losses.data());
  const correct = sum(await corrects.data());
  tf.dispose([losses, corrects, ...pending.flatMap((step) => [step.loss, step.correct])]);
  return { steps: pending.splice(0).length, loss, correct };
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}
