import type { TF, Tensor } from '../../base/tensorflow.ts';

/**
 * A kernel [kh, kw, cin, cout] with zeros between its taps, so that a plain convolution with it is the dilated one.
 * TensorFlow.js has no gradient of a dilated convolution on any back end; this form has one everywhere.
 */
export function dilateKernel(tf: TF, kernel: Tensor, [dh, dw]: readonly [number, number]): Tensor {
  if (dh === 1 && dw === 1) return kernel;
  const [kh = 1, kw = 1, cin = 1, cout = 1] = kernel.shape;
  const rows = tf.pad(tf.reshape(kernel, [kh, 1, kw * cin * cout]), [
    [0, 0],
    [0, dh - 1],
    [0, 0],
  ]);
  const columns = tf.pad(tf.reshape(rows, [kh * dh * kw, 1, cin * cout]), [
    [0, 0],
    [0, dw - 1],
    [0, 0],
  ]);
  const spread = tf.reshape(columns, [kh * dh, kw * dw, cin, cout]);
  return tf.slice(spread, [0, 0, 0, 0], [(kh - 1) * dh + 1, (kw - 1) * dw + 1, cin, cout]);
}
