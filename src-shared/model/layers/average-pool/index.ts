import { z } from 'zod';
import type { TF, Tensor, Tensor4D } from '../../../base/tensorflow.ts';
import { layerKind } from '../../kind.ts';
import { explicitTensorPadding } from '../../window.ts';
import { poolGeometry, poolSchema } from '../pool.ts';

const schema = poolSchema('average-pool').extend({
  countPadding: z
    .boolean()
    .default(false)
    .describe('padded zeros count in the mean; otherwise they do not, as TensorFlow defines it'),
});

/** Average pooling, NHWC. */
export const averagePool = layerKind({
  kind: 'average-pool',
  title: 'Average pooling',
  schema,
  arity: 1,
  inferShape: (spec, [shape]) => {
    const { out, channels } = poolGeometry(spec, shape);
    return [out.height, out.width, channels];
  },
  bits: () => 32,
  forward: ({ spec, inputShapes }, [x], { tf }) => {
    const geometry = poolGeometry(spec, inputShapes[0]);
    const { size, strides, out } = geometry;
    const sides = explicitTensorPadding(out.padding);
    if (sides === 'valid') return tf.avgPool(x as Tensor4D, size, strides, 'valid');
    const mean = tf.avgPool(tf.pad(x as Tensor4D, sides), size, strides, 'valid');
    return spec.countPadding ? mean : tf.mul(mean, shares(tf, inputShapes[0] ?? [], geometry));
  },
  trained: ({ spec, inputs, inputShapes, shape }) => {
    const { size, strides, out } = poolGeometry(spec, inputShapes[0]);
    const counted = spec.countPadding ? { countPadding: true as const } : {};
    return {
      id: spec.id,
      kind: 'average-pool',
      inputs,
      shape,
      size,
      strides,
      padding: out.padding,
      ...counted,
    };
  },
});

/**
 * Taps of a window over those that are not padding, [1, height, width, 1]: turns the mean that counts padding into the
 * one that does not. TensorFlow.js has the latter itself, but with a gradient that counts the padding.
 */
function shares(
  tf: TF,
  [height = 1, width = 1]: readonly number[],
  { size, strides, out }: ReturnType<typeof poolGeometry>,
): Tensor {
  const seen = (index: number, axis: 0 | 1, extent: number, before: number) => {
    const start = index * strides[axis] - before;
    return Math.min(extent, start + size[axis]) - Math.max(0, start);
  };
  const values = Float32Array.from({ length: out.height * out.width }, (_, i) => {
    const rows = seen(Math.floor(i / out.width), 0, height, out.padding.top);
    const columns = seen(i % out.width, 1, width, out.padding.left);
    return (size[0] * size[1]) / (rows * columns);
  });
  return tf.tensor(values, [1, out.height, out.width, 1]);
}
