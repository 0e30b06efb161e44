import { z } from 'zod';

/** A linear start: the schedule's value at `epochs` is approached from the share `from` of it. */
export interface Warmup {
  epochs: number;
  from: number;
}

/** From `initial` to `final` between the epochs `begin` and `end` (absent: the end of the run). */
interface Span {
  initial: number;
  final: number;
  begin: number;
  end?: number | undefined;
  warmup?: Warmup | undefined;
}

/** How the value between two points is found. */
export const INTERPOLATIONS = ['hold', 'linear', 'cosine', 'exponential'] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** A number that changes over the epochs of a run, or of a phase of it. See `scheduleSchema` for the equations. */
export type Schedule =
  | { kind: 'constant'; value: number; warmup?: Warmup | undefined }
  | {
      kind: 'step';
      initial: number;
      factor: number | number[];
      epochs: number[];
      warmup?: Warmup | undefined;
    }
  | ({ kind: 'linear' } & Span)
  | ({ kind: 'exponential' } & Span)
  | ({ kind: 'cosine' } & Span)
  | ({ kind: 'polynomial'; power: number } & Span)
  | { kind: 'one-cycle'; peak: number; initialDivisor: number; finalDivisor: number; warmup: number }
  | {
      kind: 'piecewise';
      points: [epoch: number, value: number][];
      interpolation: Interpolation;
      warmup?: Warmup | undefined;
    }
  | { kind: 'sequence'; parts: { epochs?: number | undefined; schedule: Schedule }[] }
  | { kind: 'product'; factors: Schedule[] };

const epoch = z.number().min(0);
const warmup = z
  .strictObject({
    epochs: z.number().positive().describe('length of the linear start'),
    from: z.number().min(0).max(1).default(0).describe('where it starts, as a share of its end'),
  })
  .optional();
const span = {
  begin: epoch.default(0).describe('epoch until which the value is `initial`'),
  end: epoch.optional().describe('epoch from which the value is `final`; absent: the end'),
  warmup,
};

/** How a span's ends must lie. */
function forward<T extends { begin: number; end?: number | undefined }>(
  schedule: T,
  context: z.RefinementCtx,
) {
  const { begin, end } = schedule;
  if (end === undefined || end > begin) return;
  context.addIssue({
    code: 'custom',
    path: ['end'],
    message: `must be after "begin" (${begin}): a schedule cannot go back in time`,
    input: end,
  });
}

function ascending(
  times: readonly number[],
  path: (index: number) => PropertyKey[],
  context: z.RefinementCtx,
) {
  times.forEach((time, i) => {
    const before = times[i - 1];
    if (before === undefined || time > before) return;
    context.addIssue({
      code: 'custom',
      path: path(i),
      message: `must be after the one before it (${before}): a schedule cannot go back in time`,
      input: time,
    });
  });
}

/**
 * The schema of everything that changes over time: a plain number, or
 *   constant     value
 *   step         initial · factor for each of `epochs` passed (one factor, or one per epoch)
 *   linear       initial + (final − initial) · p
 *   exponential  initial · (final/initial)^p
 *   cosine       final + (initial − final) · (1 + cos(π · p))/2            (Loshchilov, Hutter, arXiv 1608.03983)
 *   polynomial   final + (initial − final) · (1 − p)^power; power 3 is the pruning schedule of Zhu and Gupta
 *                (arXiv 1710.01878)
 *   one-cycle    cosine up from peak/initialDivisor to peak over the share `warmup` of the time, then cosine down to
 *                peak/finalDivisor                                         (Smith, Topin, arXiv 1708.07120)
 *   piecewise    through `points` [epoch, value], held before the first and after the last
 *   sequence     one schedule after the other; each sees its own time from 0, the last one takes the rest
 *   product      several schedules multiplied
 * with p = (epoch − begin)/(end − begin), clamped to 0 … 1. All but one-cycle, sequence and product may begin with a
 * linear warm-up.
 *
 * @param value what a value of this quantity may be; the ends of exponential pieces must also be above zero
 */
export function scheduleSchema(value: z.ZodNumber): z.ZodType<Schedule> {
  const factor = z.number().min(0).max(1e6);
  const positive = value.positive();
  const schema: z.ZodType<Schedule> = z.lazy(() =>
    z.union([
      value.transform((constant): Schedule => ({ kind: 'constant', value: constant })),
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('constant'), value, warmup }),
        z
          .strictObject({
            kind: z.literal('step'),
            initial: value,
            factor: z.union([factor, z.array(factor).min(1)]).default(0.1),
            epochs: z.array(z.number().positive()).min(1),
            warmup,
          })
          .superRefine(({ factor: factors, epochs }, context) => {
            ascending(epochs, (i) => ['epochs', i], context);
            if (typeof factors === 'number' || factors.length === epochs.length) return;
            context.addIssue({
              code: 'custom',
              path: ['factor'],
              message: `must be one number, or one for each of the ${epochs.length} epochs`,
              input: factors,
            });
          }),
        z
          .strictObject({ kind: z.literal('linear'), initial: value, final: value, ...span })
          .superRefine(forward),
        z
          .strictObject({ kind: z.literal('exponential'), initial: positive, final: positive, ...span })
          .superRefine(forward),
        z
          .strictObject({ kind: z.literal('cosine'), initial: value, final: zeroDefault(value), ...span })
          .superRefine(forward),
        z
          .strictObject({
            kind: z.literal('polynomial'),
            initial: value,
            final: value,
            power: z.number().positive().max(100).default(3),
            ...span,
          })
          .superRefine(forward),
        z.strictObject({
          kind: z.literal('one-cycle'),
          peak: positive,
          initialDivisor: z.number().min(1).default(25),
          finalDivisor: z.number().min(1).default(1e4),
          warmup: z.number().gt(0).lt(1).default(0.3),
        }),
        z
          .strictObject({
            kind: z.literal('piecewise'),
            points: z.array(z.tuple([epoch, value])).min(1),
            interpolation: z.enum(INTERPOLATIONS).default('linear'),
            warmup,
          })
          .superRefine(({ points, interpolation }, context) => {
            ascending(
              points.map(([at]) => at),
              (i) => ['points', i, 0],
              context,
            );
            const zero = points.findIndex(([, height]) => height <= 0);
            if (interpolation !== 'exponential' || zero < 0) return;
            context.addIssue({
              code: 'custom',
              path: ['points', zero, 1],
              message: 'must be above 0 where the interpolation is "exponential"',
              input: points[zero]?.[1],
            });
          }),
        z
          .strictObject({
            kind: z.literal('sequence'),
            parts: z
              .array(z.strictObject({ epochs: z.number().positive().optional(), schedule: schema }))
              .min(1),
          })
          .superRefine(({ parts }, context) => {
            const open = parts.findIndex(({ epochs }, i) => epochs === undefined && i < parts.length - 1);
            if (open < 0) return;
            context.addIssue({
              code: 'custom',
              path: ['parts', open, 'epochs'],
              message: 'must be given for every part but the last',
              input: undefined,
            });
          }),
        z.strictObject({ kind: z.literal('product'), factors: z.array(schema).min(1) }),
      ]),
    ]),
  ) as z.ZodType<Schedule>;
  return schema;
}

/** Cosine schedules end at zero where zero is allowed. */
function zeroDefault(value: z.ZodNumber) {
  return z
    .number()
    .min(0)
    .max(value.maxValue ?? Infinity)
    .default(0);
}

/** Learning rates: above 0. */
export const RateScheduleSchema = scheduleSchema(z.number().positive().max(1e6));
/** Factors such as a regularization's strength: 0 or more. */
export const FactorScheduleSchema = scheduleSchema(z.number().min(0).max(1e6));
/** Shares: 0 … 1. */
export const ShareScheduleSchema = scheduleSchema(z.number().min(0).max(1));
/** Sparsities: 0 … below 1. */
export const SparsityScheduleSchema = scheduleSchema(z.number().min(0).lt(1));
