import { z } from 'zod';
import type { TF, Tensor, Tensor4D } from '../../base/tensorflow.ts';
import type { Outside, Padding } from '../../export/trained-graph.ts';
import type { PaddingChoice } from '../fields.ts';
import { explicitTensorPadding, tensorPadding, type TensorPadding } from '../window.ts';

/**
 * What lies in the padding of a convolution. `zero` is kept as an absent field, so that a configuration that says what
 * is so anyway has the hash of one that does not.
 */
export const padValue = z
  .enum(['zero', 'minus-one'])
  .optional()
  .overwrite((value) => (value === 'zero' ? undefined : value))
  .meta({
    default: 'zero',
    description:
      'what lies in the padding: zero, or minus-one, the code −1 of the binary activation before it, which keeps the ' +
      'border binary and makes firmware about twice as fast',
  });
export type PadValue = 'zero' | 'minus-one';

/** `outside` of a trained convolution: −1 where its padding holds that code, absent where padding adds nothing. */
export function outsideOf(
  { padValue: value }: { padValue?: PadValue | undefined },
  sides: Padding,
): { outside?: Outside } {
  return value === 'minus-one' && explicitTensorPadding(sides) !== 'valid' ? { outside: -1 } : {};
}

/** What a convolution hands to TensorFlow.js: the map, with −1 around it where the layer says so, and the padding left. */
export function bordered(
  tf: TF,
  x: Tensor,
  spec: { padding: PaddingChoice; padValue?: PadValue | undefined },
  sides: Padding,
): { map: Tensor4D; padding: 'same' | TensorPadding } {
  const { outside } = outsideOf(spec, sides);
  if (!outside) return { map: x as Tensor4D, padding: tensorPadding(spec.padding) };
  return { map: framed(tf, x, sides, outside) as Tensor4D, padding: 'valid' };
}

/** A map [batch, height, width, channels] inside a frame of one number, through which no gradient flows. */
export function framed(tf: TF, x: Tensor, sides: Padding, value: number): Tensor {
  const padding = explicitTensorPadding(sides);
  return padding === 'valid' ? x : tf.pad(x, padding, value);
}
