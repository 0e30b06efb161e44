import { z } from 'zod';
import { inputs, layerId } from '../../fields.ts';
import { layerKind } from '../../kind.ts';

/** Any shape to a vector, row-major. */
export const flatten = layerKind({
  kind: 'flatten',
  title: 'Flatten',
  schema: z.strictObject({ id: layerId, kind: z.literal('flatten'), inputs }),
  arity: 1,
  inferShape: (_spec, [shape]) => [(shape ?? []).reduce((product, size) => product * size, 1)],
  forward: ({ shape }, [x], { tf }) => {
    if (!x) throw new RangeError('flatten needs an input');
    return tf.reshape(x, [-1, ...shape]);
  },
  trained: ({ spec, inputs: from, shape }) => ({ id: spec.id, kind: 'flatten', inputs: from, shape }),
});
