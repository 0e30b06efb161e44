import type { TF, Tensor } from '../../base/tensorflow.ts';

/**
 * An operation of several inputs with a gradient of its own. `forward` gives the value and the tensors that the backward
 * pass needs; `backward` gives, from the incoming gradient and those tensors, one gradient per input, of its shape.
 */
export function customGradient(
  tf: TF,
  inputs: readonly Tensor[],
  forward: (...inputs: Tensor[]) => { value: Tensor; saved: Tensor[] },
  backward: (dy: Tensor, saved: Tensor[]) => Tensor[],
): Tensor {
  const operation = tf.customGrad((...all) => {
    const save = all.at(-1) as unknown as (tensors: Tensor[]) => void;
    const { value, saved } = forward(...(all.slice(0, -1) as Tensor[]));
    save(saved);
    return { value, gradFunc: backward };
  });
  return operation(...inputs);
}
