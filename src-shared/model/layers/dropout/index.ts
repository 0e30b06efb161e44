import { z } from 'zod';
import { inputs, layerId } from '../../fields.ts';
import { layerKind } from '../../kind.ts';

/**
 * Dropout (Srivastava et al., JMLR 15, 2014), inverted: in training a value survives with probability 1 − rate and is
 * divided by it. Vanishes at inference. The noise enters the step as a tensor keyed by (seed, step).
 */
export const dropout = layerKind({
  kind: 'dropout',
  title: 'Dropout',
  schema: z.strictObject({
    id: layerId,
    kind: z.literal('dropout'),
    inputs,
    rate: z
      .number()
      .min(0)
      .lt(1)
      .default(0.5)
      .describe('share of the values that a training step leaves out'),
  }),
  arity: 1,
  inferShape: (_spec, [shape]) => shape ?? [],
  noise: (_spec, [shape]) => shape ?? [],
  forward: ({ spec }, [x], { tf, noise, inference }) => {
    if (x && inference) return tf.clone(x);
    if (!x || !noise) throw new RangeError(`layer ${spec.id} lacks its noise`);
    const survives = tf.sub(1, tf.step(tf.sub(spec.rate, noise)));
    return tf.mul(x, tf.mul(survives, 1 / (1 - spec.rate)));
  },
  trained: () => null,
});
