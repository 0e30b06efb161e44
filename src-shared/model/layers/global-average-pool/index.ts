import { z } from 'zod';
import { inputs, layerId } from '../../fields.ts';
import { featureMap, layerKind } from '../../kind.ts';

/** Mean over the whole map: [height, width, channels] → [channels]. */
export const globalAveragePool = layerKind({
  kind: 'global-average-pool',
  title: 'Global average pooling',
  schema: z.strictObject({ id: layerId, kind: z.literal('global-average-pool'), inputs }),
  arity: 1,
  inferShape: (spec, [shape]) => [featureMap(spec, shape)[2]],
  bits: () => 32,
  forward: (_layer, [x], { tf }) => {
    if (!x) throw new RangeError('global-average-pool needs an input');
    return tf.mean(x, [1, 2]);
  },
  trained: ({ spec, inputs: from, shape }) => ({
    id: spec.id,
    kind: 'global-average-pool',
    inputs: from,
    shape,
  }),
});
