import { niceStep } from '#shared/train/schedule/edit/snap.ts';

/** Room left of the drawing, so that handles at its ends are whole, and right of it, for the labels of the values. */
export const PAD = 14;
export const GUTTER = 40;

/** Epochs and pixels of the drawing. */
export interface TimeScale {
  from: number;
  to: number;
  width: number;
  x(epoch: number): number;
  epoch(x: number): number;
}

export function timeScale(from: number, to: number, width: number): TimeScale {
  const inner = Math.max(1, width - PAD - GUTTER);
  return {
    from,
    to,
    width,
    x: (epoch) => PAD + ((epoch - from) / (to - from)) * inner,
    epoch: (x) => from + ((x - PAD) / inner) * (to - from),
  };
}

/** Round epochs, far enough apart for their labels. */
export function timeTicks({ from, to, width }: TimeScale): number[] {
  const step = niceStep(((to - from) * 64) / Math.max(64, width));
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(10)));
}

/** Values and pixels of one track, the largest on top. */
export interface ValueScale {
  log: boolean;
  low: number;
  high: number;
  y(value: number): number;
  value(y: number): number;
  /** For snapping: the width of the axis in values. */
  span: number;
}

/** The largest and the least value that an axis shows. */
export function valueRange(
  values: readonly number[],
  log: boolean,
  top: number,
): [low: number, high: number] {
  const highest = Math.max(top, ...values);
  if (!log) {
    const step = niceStep(Math.max(highest, 1e-12) / 5);
    return [0, Math.max(top, Math.ceil(highest / step - 1e-9) * step) || 1];
  }
  const positive = values.filter((value) => value > 0);
  const least = Math.min(...positive, highest);
  const low = 10 ** Math.floor(Math.log10(Math.max(least, highest * 1e-8)) + 1e-9);
  const high = 10 ** Math.ceil(Math.log10(highest) - 1e-9);
  return [low, high > low ? high : low * 10];
}

/** @param below room under the axis, for what is written there */
export function valueScale(
  [low, high]: [number, number],
  log: boolean,
  height: number,
  below = 10,
): ValueScale {
  const [top, bottom] = [10, height - below];
  const inner = bottom - top;
  const place = (value: number) =>
    log
      ? (Math.log(Math.max(value, low)) - Math.log(low)) / (Math.log(high) - Math.log(low))
      : (value - low) / (high - low);
  return {
    log,
    low,
    high,
    span: high - low,
    y: (value) => bottom - place(value) * inner,
    value(y) {
      const share = (bottom - y) / inner;
      return log ? low * (high / low) ** share : low + share * (high - low);
    },
  };
}

/** Two to six round values for the axis of a track. */
export function valueTicks({ log, low, high }: ValueScale, height: number): number[] {
  if (!log) {
    const step = niceStep((high - low) / Math.max(2, Math.floor(height / 34)));
    const count = Math.floor((high - low) / step + 1e-9) + 1;
    return Array.from({ length: count }, (_, i) => Number((low + i * step).toPrecision(10)));
  }
  const decades = Math.round(Math.log10(high / low));
  const every = Math.max(1, Math.ceil(decades / Math.max(2, Math.floor(height / 28))));
  return Array.from({ length: Math.floor(decades / every) + 1 }, (_, i) => low * 10 ** (i * every));
}
