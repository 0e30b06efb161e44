import type { Tensor4D } from '../../../base/tensorflow.ts';
import { layerKind } from '../../kind.ts';
import { poolGeometry, poolSchema } from '../pool.ts';

/** Average pooling, NHWC. Padded taps do not count in the mean, as TensorFlow defines it. */
export const averagePool = layerKind({
  kind: 'average-pool',
  title: 'Average pooling',
  schema: poolSchema('average-pool'),
  arity: 1,
  inferShape: (spec, [shape]) => {
    const { out, channels } = poolGeometry(spec, shape);
    return [out.height, out.width, channels];
  },
  forward: ({ spec, inputShapes }, [x], { tf }) => {
    const { size, strides } = poolGeometry(spec, inputShapes[0]);
    return tf.avgPool(x as Tensor4D, size, strides, spec.padding);
  },
  trained: ({ spec, inputs, inputShapes, shape }) => {
    const { size, strides, out } = poolGeometry(spec, inputShapes[0]);
    return { id: spec.id, kind: 'average-pool', inputs, shape, size, strides, padding: out.padding };
  },
});
