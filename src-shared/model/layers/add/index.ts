import { z } from 'zod';
import { inputs, layerId } from '../../fields.ts';
import { layerKind, shapeError } from '../../kind.ts';

/** Sum of two or more values of one shape: the joint of a residual branch. */
export const add = layerKind({
  kind: 'add',
  title: 'Add',
  schema: z.strictObject({ id: layerId, kind: z.literal('add'), inputs }),
  arity: 'two or more',
  inferShape: (spec, shapes) => {
    const [first, ...rest] = shapes;
    for (const shape of rest) {
      if (shape.join() !== first?.join()) {
        const all = shapes.map((s) => `[${s.join(', ')}]`).join(' and ');
        throw shapeError(spec, `its inputs must have one shape, but they have ${all}`);
      }
    }
    return first ?? [];
  },
  bits: () => 32,
  forward: (_layer, values, { tf }) => tf.addN([...values]),
  trained: ({ spec, inputs: from, shape }) => ({ id: spec.id, kind: 'add', inputs: from, shape }),
});
