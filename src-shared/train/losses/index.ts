import { z } from 'zod';
import type { TF, Tensor } from '../../base/tensorflow.ts';

export const LossSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('softmax-cross-entropy'),
    labelSmoothing: z.number().min(0).lt(1).default(0),
  }),
  z.strictObject({ kind: z.literal('squared-hinge') }),
]);
export type Loss = z.output<typeof LossSchema>;

/**
 * Mean loss over the batch, a scalar.
 *
 * @param logits [batch, classes]
 * @param targets [batch, classes], one-hot
 */
export function lossTensor(tf: TF, loss: Loss, logits: Tensor, targets: Tensor): Tensor {
  if (loss.kind === 'squared-hinge') return squaredHinge(tf, logits, targets);
  const classes = logits.shape[1] ?? 1;
  const smoothed =
    loss.labelSmoothing > 0
      ? tf.add(tf.mul(targets, 1 - loss.labelSmoothing), loss.labelSmoothing / classes)
      : targets;
  return softmaxCrossEntropy(tf, logits, smoothed);
}

/** −Σ t · log softmax(y), mean over the batch; gradient (softmax(y) − t)/batch. */
function softmaxCrossEntropy(tf: TF, logits: Tensor, targets: Tensor): Tensor {
  const operation = tf.customGrad((...args) => {
    const save = args.pop() as unknown as (tensors: Tensor[]) => void;
    const [y, t] = args as unknown as [Tensor, Tensor];
    const shifted = tf.sub(y, tf.max(y, 1, true));
    const exponential = tf.exp(shifted);
    const total = tf.sum(exponential, 1, true);
    save([tf.sub(tf.div(exponential, total), t)]);
    const perSample = tf.sub(tf.log(total), tf.sum(tf.mul(t, shifted), 1, true));
    return {
      value: tf.mean(perSample),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [difference] = saved as [Tensor];
        const scaled = tf.mul(difference, tf.div(dy, difference.shape[0] ?? 1));
        return [scaled, tf.zerosLike(difference)];
      },
    };
  });
  return operation(logits, targets);
}

/** max(0, 1 − t·y)² with t ∈ {−1, +1}, mean over batch and classes (Tang, arXiv 1306.0239). */
function squaredHinge(tf: TF, logits: Tensor, targets: Tensor): Tensor {
  const signs = tf.sub(tf.mul(targets, 2), 1);
  return tf.mean(tf.square(tf.relu(tf.sub(1, tf.mul(signs, logits)))));
}
