import type { Tensor4D } from '../../../base/tensorflow.ts';
import { layerKind } from '../../kind.ts';
import { tensorPadding } from '../../window.ts';
import { poolGeometry, poolSchema } from '../pool.ts';

/** Maximum pooling, NHWC. Padded values never win. */
export const maxPool = layerKind({
  kind: 'max-pool',
  title: 'Maximum pooling',
  schema: poolSchema('max-pool'),
  arity: 1,
  inferShape: (spec, [shape]) => {
    const { out, channels } = poolGeometry(spec, shape);
    return [out.height, out.width, channels];
  },
  forward: ({ spec, inputShapes }, [x], { tf }) => {
    const { size, strides } = poolGeometry(spec, inputShapes[0]);
    return tf.maxPool(x as Tensor4D, size, strides, tensorPadding(spec.padding));
  },
  trained: ({ spec, inputs, inputShapes, shape }) => {
    const { size, strides, out } = poolGeometry(spec, inputShapes[0]);
    return { id: spec.id, kind: 'max-pool', inputs, shape, size, strides, padding: out.padding };
  },
});
