import { z } from 'zod';

/** Schema pieces that several kinds of layers share. */
export const layerId = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    'must start with a lower-case letter and hold only a–z, 0–9, _ and - (63 at most)',
  );

export const inputs = z.array(z.string()).min(1).optional();

/** How a form names the two numbers of a pair. */
const AXES = { title: 'Rows × columns', labels: ['Rows', 'Columns'] };

/** One number for both axes, or [vertical, horizontal]. */
export function pair(most: number, fallback?: number) {
  const one = z.int().min(1).max(most);
  const both = z.union([one.meta({ title: 'One number' }), z.tuple([one, one]).meta(AXES)]);
  return fallback === undefined ? both : both.default(fallback);
}

const side = z.int().min(0).max(30);

/**
 * `same` and `valid` as TensorFlow defines them, or explicit rows and columns: one number for all sides (what other
 * frameworks call `padding=1`), [vertical, horizontal], or each side by itself (a pooling that rounds its size up has the
 * missing pixels at the bottom and right).
 *
 * A padded value is 0 of the training scale: for raw samples the zero point of their channel, for binary codes ±1 a
 * third value that adds nothing to a sum (`padValue` of a convolution makes it −1 instead). A maximum ignores padded
 * values.
 */
export const padding = z.union([
  z.enum(['same', 'valid']),
  side.meta({ title: 'One number' }),
  z.tuple([side, side]).meta(AXES),
  z.strictObject({ top: side, bottom: side, left: side, right: side }).meta({ title: 'Each side' }),
]);
export type PaddingChoice = z.output<typeof padding>;

/**
 * First values of a kernel. `he-normal`: deviation √(2/fan); `lecun-normal`: √(1/fan-in); `glorot-uniform`: limit
 * √(6/(fan-in + fan-out)). The fan-out of a convolution is its window times its filters.
 */
export const initial = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('he-normal'), fan: z.enum(['in', 'out']).default('in') }),
    z.strictObject({ kind: z.literal('lecun-normal') }),
    z.strictObject({ kind: z.literal('glorot-uniform') }),
    z.strictObject({
      kind: z.literal('normal'),
      deviation: z
        .number()
        .positive()
        .max(100)
        .meta({ examples: [0.05], description: 'standard deviation' }),
    }),
    z.strictObject({
      kind: z.literal('uniform'),
      limit: z
        .number()
        .positive()
        .max(100)
        .meta({ examples: [0.05], description: 'drawn from [−limit, limit]' }),
    }),
  ])
  .optional();
export type InitialChoice = z.output<typeof initial>;

export function asPair(value: number | [number, number]): [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}
