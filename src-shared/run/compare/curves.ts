import { z } from 'zod';
import { SMOOTHINGS } from './smoothing.ts';
import { BANDS, CENTRES } from './statistics.ts';
import { X_AXES } from './x-axis.ts';

/** One line of a chart: a series of one run, or of several as one line with a band. */
export const CurveLineSchema = z.strictObject({
  id: z.string(),
  series: z.string(),
  runs: z.array(z.string()).min(1).max(100),
});
export type CurveLine = z.output<typeof CurveLineSchema>;

/** Everything that decides how one chart's lines look, and which part of them is looked at. */
export const CurveRequestSchema = z.strictObject({
  lines: z.array(CurveLineSchema).max(200),
  x: z.enum(X_AXES).default('step'),
  /** The series that is the x axis, where `x` is `metric`. */
  metric: z.string().optional(),
  smoothing: z
    .strictObject({ kind: z.enum(SMOOTHINGS), weight: z.number().min(0).max(0.999) })
    .default({ kind: 'time-weighted', weight: 0 }),
  centre: z.enum(CENTRES).default('mean'),
  band: z.enum(BANDS).default('none'),
  /** Part of the x axis; absent: all of it. Every spike of it is kept, and every point where there are few. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** Parts into which it is cut; of each the lowest, highest and last point of a line are kept. */
  buckets: z.int().min(1).max(5000).default(600),
  /** Says between which values nearly all points lie. */
  focus: z.boolean().default(false),
});
export type CurveRequest = z.output<typeof CurveRequestSchema>;

const column = z.array(z.number().nullable());

/** Rows belong together. A null is a gap. */
export const CurveSchema = z.strictObject({
  id: z.string(),
  x: z.array(z.number()),
  y: column,
  /** As it was before smoothing; null where it is not smoothed. */
  raw: column.nullable(),
  /** Edges of the band; null where there is none. */
  low: column.nullable(),
  high: column.nullable(),
  /** How many of its runs have the series at all. */
  runs: z.number(),
  /** Points of the whole line, unthinned, and what is known of their values before smoothing. */
  points: z.number(),
  last: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export type Curve = z.output<typeof CurveSchema>;

export const CurveAnswerSchema = z.strictObject({
  curves: z.array(CurveSchema),
  /** The whole x axis; null where no line has a point. `positive`: where a logarithmic one begins. */
  extent: z.strictObject({ from: z.number(), to: z.number(), positive: z.number().nullable() }).nullable(),
  /** Whether points were left out for their number. */
  thinned: z.boolean(),
  /** Between `low` and `high` lie 96 of 100 points; `outside` do not. */
  focus: z.strictObject({ low: z.number(), high: z.number(), outside: z.number() }).nullable(),
});
export type CurveAnswer = z.output<typeof CurveAnswerSchema>;
