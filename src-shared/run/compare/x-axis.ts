import { lowerBound, type Columns, type Session } from './columns.ts';

/** What curves can be drawn over. */
export const X_AXES = ['step', 'epoch', 'process', 'wall', 'clock', 'metric'] as const;
export type XAxis = (typeof X_AXES)[number];

/** Where the points of a series lie on the x axis, and which of them lie anywhere. */
export interface Placed {
  x: ArrayLike<number>;
  value: ArrayLike<number>;
  /** Whether x never falls. Of another metric it may. */
  ascending: boolean;
}

/**
 * Puts a series over an axis: `process` is seconds of training, `wall` seconds since the start with all pauses, `clock`
 * milliseconds since 1970, `metric` the value that another series of the run had at that step or last before it (points
 * before its first one are left out).
 */
export function placeOnAxis(
  columns: Columns,
  axis: XAxis,
  sessions: readonly Session[],
  metric?: Columns,
): Placed {
  const { step, epoch, time, value } = columns;
  switch (axis) {
    case 'step':
      return { x: step, value, ascending: true };
    case 'epoch':
      return { x: epoch, value, ascending: true };
    case 'process':
      return { x: time, value, ascending: true };
    case 'wall':
      return { x: clockOf(columns, sessions, 1000, sessions[0]?.at ?? 0), value, ascending: true };
    case 'clock':
      return { x: clockOf(columns, sessions, 1, 0), value, ascending: true };
    case 'metric':
      return overMetric(columns, metric);
  }
}

function clockOf({ step, time }: Columns, sessions: readonly Session[], unit: number, origin: number) {
  const out = new Float64Array(step.length);
  let at = 0;
  for (let i = 0; i < out.length; i++) {
    while (at + 1 < sessions.length && (sessions[at + 1]?.step ?? 0) < (step[i] ?? 0)) at++;
    const session = sessions[at];
    const milliseconds = (session?.at ?? 0) + ((time[i] ?? 0) - (session?.elapsed ?? 0)) * 1000;
    // A clock that was set back must not make the curve run backwards.
    out[i] = Math.max((milliseconds - origin) / unit, out[i - 1] ?? -Infinity);
  }
  return out;
}

function overMetric(columns: Columns, metric: Columns | undefined): Placed {
  if (!metric || metric.step.length === 0) return { x: [], value: [], ascending: true };
  const first = lowerBound(columns.step, metric.step[0] ?? 0);
  const length = columns.step.length - first;
  const x = new Float64Array(length);
  const value = new Float64Array(length);
  let ascending = true;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const step = columns.step[first + i] ?? 0;
    while (at + 1 < metric.step.length && (metric.step[at + 1] ?? 0) <= step) at++;
    x[i] = metric.value[at] ?? NaN;
    value[i] = columns.value[first + i] ?? NaN;
    if (i > 0 && (x[i] ?? 0) < (x[i - 1] ?? 0)) ascending = false;
  }
  return { x, value, ascending };
}
