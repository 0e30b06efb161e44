import { SMOOTHINGS, type SmoothingKind } from '#shared/run/compare/smoothing.ts';
import { X_AXES, type XAxis } from '#shared/run/compare/x-axis.ts';

/** How a person looks at curves. */
export interface CurveView {
  x: XAxis;
  /** The series that is the x axis, where it is another metric. */
  metric: string;
  logX: boolean;
  logY: boolean;
  smoothing: SmoothingKind;
  /** 0 … 0.99; 0: as they are. */
  weight: number;
  /** Cut the y axis to where nearly all points lie. */
  ignoreOutliers: boolean;
}

export const CURVE_VIEW: CurveView = {
  x: 'step',
  metric: 'train/loss',
  logX: false,
  logY: false,
  smoothing: 'time-weighted',
  weight: 0,
  ignoreOutliers: false,
};

export const X_NAMES: Record<XAxis, string> = {
  step: 'Step',
  epoch: 'Epoch',
  process: 'Training time',
  wall: 'Time since start',
  clock: 'Time of day',
  metric: 'Another metric',
};

export const SMOOTHING_NAMES: Record<SmoothingKind, string> = {
  'time-weighted': 'Time-weighted EMA',
  ema: 'EMA',
  gaussian: 'Gaussian',
  running: 'Running average',
};

/** A view that was kept, as far as this version understands it. */
export function readView(kept: unknown): CurveView {
  const from = (kept ?? {}) as Record<string, unknown>;
  const one = <T extends string>(value: unknown, allowed: readonly T[], fallback: T): T =>
    allowed.find((each) => each === value) ?? fallback;
  const weight = Number(from.weight ?? CURVE_VIEW.weight);
  return {
    x: one(from.x, X_AXES, CURVE_VIEW.x),
    metric: typeof from.metric === 'string' ? from.metric : CURVE_VIEW.metric,
    logX: from.logX === true,
    logY: from.logY === true,
    smoothing: one(from.smoothing, SMOOTHINGS, CURVE_VIEW.smoothing),
    weight: weight >= 0 && weight <= 0.99 ? weight : CURVE_VIEW.weight,
    ignoreOutliers: from.ignoreOutliers === true,
  };
}
