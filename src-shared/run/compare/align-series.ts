import type { Series } from '../record.ts';

export type SeriesAxis = 'step' | 'epoch' | 'time';

/** Series over one common axis. `values[i][k]` is series i at `x[k]`, null where it has no point. */
export interface AlignedSeries {
  x: number[];
  values: (number | null)[][];
}

/**
 * Puts series over one axis, for overlay and export. The axis holds each x of any series once, in order. Where a series
 * has several points at one x (many steps of one epoch) the last one counts.
 */
export function alignSeries(series: readonly Series[], axis: SeriesAxis): AlignedSeries {
  const x = Float64Array.from(new Set(series.flatMap((each) => each[axis]))).sort();
  const place = new Map<number, number>();
  x.forEach((value, index) => place.set(value, index));
  const values = series.map((each) => {
    const row: (number | null)[] = new Array<number | null>(x.length).fill(null);
    each[axis].forEach((at, index) => {
      row[place.get(at) ?? 0] = each.value[index] ?? null;
    });
    return row;
  });
  return { x: [...x], values };
}
