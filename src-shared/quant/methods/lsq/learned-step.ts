import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { SMALLEST_STEP, uniformCodes } from '../../parts/uniform.ts';

export interface CodeRange {
  low: number;
  high: number;
}

/**
 * v_q = s · clip(round(v/s), low, high) with the gradients of LSQ for v and for the step s. Steps below the smallest
 * allowed one count as that one in the forward pass; their gradient is kept, so that they can come back.
 *
 * @param step broadcasts against v
 * @param axes over which one step counts
 * @param gradientScale factor of the step's gradient; a tensor is computed in the backward pass, where it is needed
 */
export function learnedStep(
  tf: TF,
  v: Tensor,
  step: Tensor,
  { low, high }: CodeRange,
  axes: number[],
  gradientScale: number | (() => Tensor),
): Tensor {
  return customGradient(
    tf,
    [v, step],
    (values, trained) => {
      const s = tf.maximum(trained, SMALLEST_STEP);
      const codes = uniformCodes(tf, values, s, low, high);
      return { value: tf.mul(codes, s), saved: [values, s, codes] };
    },
    (dy, [values, s, codes]) => {
      if (!values || !s || !codes) throw new RangeError('the learned step lost a saved tensor');
      const inside = tf.mul(
        tf.step(tf.sub(values, tf.mul(s, low))),
        tf.step(tf.sub(tf.mul(s, high), values)),
      );
      const dv = tf.mul(dy, inside);
      // Σ dy · (round(v/s) − v/s) inside, Σ dy · low or high outside.
      const total = tf.sub(
        tf.sum(tf.mul(dy, codes), axes, true),
        tf.div(tf.sum(tf.mul(dv, values), axes, true), s),
      );
      const factor = typeof gradientScale === 'number' ? gradientScale : gradientScale();
      return [dv, tf.reshape(tf.mul(total, factor), step.shape)];
    },
  );
}

/** The step that LSQ starts from: 2 · mean|v| / √high; never below the smallest. */
export function initialStep(meanMagnitude: number, high: number): number {
  return Math.fround(Math.max((2 * meanMagnitude) / Math.sqrt(high), SMALLEST_STEP));
}

/** The derivative with respect to v as it is drawn. */
export function insideSlope(v: number, step: number, { low, high }: CodeRange): number {
  return v > Math.fround(low * step) && v < Math.fround(high * step) ? 1 : 0;
}
