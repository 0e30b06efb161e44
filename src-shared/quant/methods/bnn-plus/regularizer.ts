import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { masked } from '../../parts/masks.ts';
import { signTensor } from '../../parts/sign.ts';

/** R1 = Σ |α − |w|| (`manhattan`) and R2 = Σ (α − |w|)² (`euclidean`): zero where every weight is ±α. */
export const REGULARIZERS = ['manhattan', 'euclidean'] as const;
export type Regularizer = (typeof REGULARIZERS)[number];

/**
 * R(w, α) as a scalar, with gradients to both. At α = |w| the derivative of R1 is taken as 0, at w = 0 that of |w| as +1.
 *
 * @param w the latent weights
 * @param alpha the scales, in a shape that broadcasts against w
 * @param mask 1 for the weights that count, 0 for pruned ones; absent: all count
 */
export function penaltyTensor(tf: TF, kind: Regularizer, w: Tensor, alpha: Tensor, mask?: Tensor): Tensor {
  return customGradient(
    tf,
    [w, alpha],
    (weights, scales) => {
      const gap = masked(tf, tf.sub(scales as Tensor, tf.abs(weights as Tensor)), mask);
      const value = tf.sum(kind === 'manhattan' ? tf.abs(gap) : tf.square(gap));
      return { value, saved: [weights as Tensor, scales as Tensor] };
    },
    (dy, saved) => {
      const [weights, scales] = saved as [Tensor, Tensor];
      const gap = masked(tf, tf.sub(scales, tf.abs(weights)), mask);
      const slope = kind === 'manhattan' ? tf.sub(tf.step(gap), tf.step(tf.neg(gap))) : tf.mul(gap, 2);
      const toScale = tf.mul(slope, dy);
      const shared = scales.shape.flatMap((extent, axis) => (extent === 1 ? [axis] : []));
      return [tf.neg(tf.mul(toScale, signTensor(tf, weights))), tf.sum(toScale, shared, true)];
    },
  );
}

/** The α at which R is stationary for given weights: their median magnitude (R1) or mean magnitude (R2). */
export function stationaryScale(kind: Regularizer, magnitudes: readonly number[]): number {
  if (kind === 'euclidean') return magnitudes.reduce((sum, m) => sum + m, 0) / magnitudes.length;
  const sorted = [...magnitudes].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}
