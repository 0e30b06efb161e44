import { z } from 'zod';
import type { RandomStream } from '../base/random.ts';

export type Json = z.output<typeof JsonSchema>;
const JsonSchema = z.json();

/** Fields that a parameter sets, all to the same value. Absent: the parameter's own name is the path. */
const paths = z.array(z.string().min(1)).min(1).max(100).optional();

const ListSchema = z.strictObject({
  /** Any JSON: numbers, words, or whole objects such as `{"method": "twn", "factor": 0.6}`. */
  values: z.array(JsonSchema).min(1).max(10_000),
  paths,
});
const RangeSchema = z.strictObject({
  min: z.number(),
  max: z.number(),
  /** `log`: equal factors are equally likely, e.g. for a learning rate. */
  scale: z.enum(['linear', 'log']).default('linear'),
  /** Whole numbers only. */
  integer: z.boolean().default(false),
  /** Only min, min + step, min + 2 · step, … */
  step: z.number().positive().optional(),
  /** Only so many values, evenly spaced on the scale, min and max among them. */
  count: z.int().min(2).max(10_000).optional(),
  paths,
});

/** What one parameter of a search may be: a list of values, or a range of numbers. */
export const DimensionSchema = z.union([ListSchema, RangeSchema]).superRefine((dimension, context) => {
  const problem = 'values' in dimension ? listProblem(dimension.values) : rangeProblem(dimension);
  if (problem)
    context.addIssue({ code: 'custom', path: [problem[0]], message: problem[1], input: dimension });
});
export type Dimension = z.output<typeof DimensionSchema>;
type Range = z.output<typeof RangeSchema>;

/** Numbers beyond which the values of a range are not counted one by one. */
const MOST_VALUES = 2 ** 31;

function listProblem(values: readonly Json[]): [string, string] | null {
  const twice = values.findIndex((value, i) => values.slice(0, i).some((other) => sameJson(other, value)));
  return twice < 0
    ? null
    : ['values', `must be different from each other; ${JSON.stringify(values[twice])} is twice there`];
}

function rangeProblem({ min, max, scale, integer, step, count }: Range): [string, string] | null {
  if (!(min < max)) return ['max', `must be above "min", which is ${min}`];
  if (scale === 'log' && min <= 0) return ['min', 'must be above 0 on a log scale'];
  if (step !== undefined && count !== undefined) return ['step', 'cannot be combined with "count"'];
  if (step !== undefined && scale === 'log')
    return ['step', 'belongs to a linear scale; a log scale takes "count"'];
  if (integer && step !== undefined && !Number.isInteger(step))
    return ['step', 'must be whole where "integer" is true'];
  if (integer && (!Number.isInteger(min) || !Number.isInteger(max)))
    return ['integer', 'needs whole numbers as "min" and "max"'];
  if (step !== undefined && (max - min) / step > MOST_VALUES) return ['step', 'is too small for the range'];
  return null;
}

export function sameJson(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Numbers without the noise of binary fractions: 0.1 + 2 · 0.1 is 0.3. */
function clean(value: number, digits = 12): number {
  return Number(value.toPrecision(digits));
}

function onScale({ min, max, scale }: Range, share: number): number {
  return scale === 'log' ? min * (max / min) ** share : min + (max - min) * share;
}

/** The values of a range with `count`; fewer where rounding to whole numbers makes some equal. */
function spaced(range: Range, count: number): number[] {
  const raw = Array.from({ length: count }, (_, i) => {
    const value = clean(onScale(range, i / (count - 1)));
    return range.integer ? Math.round(value) : value;
  });
  return [...new Set(raw)];
}

/** How many values a parameter can take; Infinity for a range without steps. */
export function dimensionSize(dimension: Dimension): number {
  if ('values' in dimension) return dimension.values.length;
  if (dimension.count !== undefined) return spaced(dimension, dimension.count).length;
  const step = dimension.step ?? (dimension.integer ? 1 : undefined);
  if (step === undefined) return Infinity;
  return Math.floor((dimension.max - dimension.min) / step + 1e-9) + 1;
}

/** Value number `index` of a parameter with finitely many. */
export function valueAt(dimension: Dimension, index: number): Json {
  if ('values' in dimension) return dimension.values[index] ?? null;
  if (dimension.count !== undefined) return spaced(dimension, dimension.count)[index] ?? null;
  return clean(dimension.min + index * (dimension.step ?? 1));
}

/** A value by chance: of a list and of a linear scale each equally likely, of a log scale each factor. */
export function drawValue(dimension: Dimension, random: RandomStream): Json {
  const size = dimensionSize(dimension);
  if (
    'values' in dimension ||
    dimension.count !== undefined ||
    (size <= MOST_VALUES && dimension.scale === 'linear')
  )
    return valueAt(dimension, random.nextBelow(size));
  const share = random.nextUniform();
  if (!dimension.integer) return clean(onScale(dimension, share), 6);
  // Each whole number n has the share of [n, n + 1).
  return Math.min(dimension.max, Math.floor(onScale({ ...dimension, max: dimension.max + 1 }, share)));
}

/** A value that is not `current`; `current` itself where there is no other. */
export function drawOther(dimension: Dimension, current: Json, random: RandomStream): Json {
  const size = dimensionSize(dimension);
  if (size === 1) return current;
  for (let attempt = 0; attempt < 64; attempt++) {
    const value = drawValue(dimension, random);
    if (!sameJson(value, current)) return value;
  }
  if (!Number.isFinite(size)) return current;
  const first = valueAt(dimension, 0);
  return sameJson(first, current) ? valueAt(dimension, 1) : first;
}

/** The first and the last value: what is tried of a parameter with too many to try each. */
export function ends(dimension: Dimension): [Json, Json] {
  if ('values' in dimension) return [dimension.values[0] ?? null, dimension.values.at(-1) ?? null];
  return [dimension.min, dimension.max];
}
