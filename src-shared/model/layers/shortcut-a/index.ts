import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { asPair, inputs, layerId, pair } from '../../fields.ts';
import { featureMap, layerKind, shapeError } from '../../kind.ts';

const schema = z.strictObject({
  id: layerId,
  kind: z.literal('shortcut-a'),
  inputs,
  filters: z.int().min(1).max(4096).describe('channels of the result; those beyond the input’s are zero'),
  strides: pair(16, 1).meta({ unit: 'px', description: 'every how many pixels one is taken' }),
  zeros: z
    .enum(['after', 'around'])
    .default('after')
    .describe('where the zero channels stand: all behind the others, or half of them (rounded down) before'),
});
type Spec = z.output<typeof schema>;

function geometry(spec: Spec, shape: readonly number[] | undefined) {
  const [height, width, channels] = featureMap(spec, shape);
  const [sy, sx] = asPair(spec.strides);
  const more = spec.filters - channels;
  if (more < 0) {
    throw shapeError(
      spec,
      `it can add channels but not remove any: "filters" is ${spec.filters}, its input has ${channels} channels`,
    );
  }
  const before = spec.zeros === 'around' ? Math.floor(more / 2) : 0;
  return {
    height,
    width,
    channels,
    strides: [sy, sx] as [number, number],
    out: [Math.ceil(height / sy), Math.ceil(width / sx)] as const,
    before,
    after: more - before,
  };
}

/**
 * The shortcut without weights of the residual networks for CIFAR (He et al., arXiv 1512.03385, option A): every
 * stride-th pixel, with zero channels added.
 */
export const shortcutA = layerKind({
  kind: 'shortcut-a',
  title: 'Shortcut, option A',
  schema,
  arity: 1,
  inferShape: (spec, [shape]) => [...geometry(spec, shape).out, spec.filters],
  // Zero channels are a third value beside the codes ±1.
  bits: (input) => Math.max(input, 2),
  forward: ({ spec, inputShapes }, [x], { tf }) => {
    if (!x) throw new RangeError(`layer ${spec.id} needs an input`);
    const { strides, before, after } = geometry(spec, inputShapes[0]);
    return shortcutTensor(tf, x, strides, before, after);
  },
  trained: ({ spec, inputs: from, inputShapes, shape }) => {
    const { strides, before, after } = geometry(spec, inputShapes[0]);
    return { id: spec.id, kind: 'shortcut-a', inputs: from, shape, strides, before, after };
  },
});

/** x: [batch, height, width, channels]. Made of operations that have a gradient on every back end. */
export function shortcutTensor(
  tf: TF,
  x: Tensor,
  [sy, sx]: readonly [number, number],
  before: number,
  after: number,
): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const [rows, columns] = [Math.ceil(height / sy), Math.ceil(width / sx)];
  let y = x;
  if (sy > 1 || sx > 1) {
    const full = tf.pad(x, [
      [0, 0],
      [0, rows * sy - height],
      [0, columns * sx - width],
      [0, 0],
    ]);
    const blocks = tf.reshape(full, [batch * rows, sy, columns, sx * channels]);
    y = tf.reshape(tf.slice(blocks, [0, 0, 0, 0], [batch * rows, 1, columns, channels]), [
      batch,
      rows,
      columns,
      channels,
    ]);
  }
  if (before + after === 0) return y === x ? tf.clone(x) : y;
  return tf.pad(y, [
    [0, 0],
    [0, 0],
    [0, 0],
    [before, after],
  ]);
}
