import type { TF, Tensor } from '../../base/tensorflow.ts';

/**
 * A quantizer with a gradient of its own: `forward` computes the value, `slope` the surrogate derivative dQ/dx that the
 * backward pass multiplies with (Bengio, Léonard, Courville, arXiv 1308.3432). Without `slope`: the identity.
 */
export function straightThrough(
  tf: TF,
  x: Tensor,
  forward: (x: Tensor) => Tensor,
  slope?: (x: Tensor) => Tensor,
): Tensor {
  const quantizer = tf.customGrad((input, save) => {
    const value = input as Tensor;
    if (slope) (save as (tensors: Tensor[]) => void)([value]);
    return {
      value: forward(value),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [kept] = saved;
        return slope && kept ? tf.mul(dy, slope(kept)) : tf.clone(dy);
      },
    };
  });
  return quantizer(x);
}
