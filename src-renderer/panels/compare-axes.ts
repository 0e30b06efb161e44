import { SCALES, type Scale } from '#shared/run/compare/brush.ts';

/** An axis of parallel coordinates. */
export interface AxisChoice {
  /** Of a quantity. */
  id: string;
  scale: Scale;
}

/** Which quantities a scatter plot sets against each other. */
export interface ScatterView {
  x: string;
  y: string;
  logX: boolean;
  logY: boolean;
}

export const PARALLEL_AXES: readonly AxisChoice[] = [
  { id: 'model', scale: 'categories' },
  { id: 'weights', scale: 'categories' },
  { id: 'activations', scale: 'categories' },
  { id: 'zeros', scale: 'linear' },
  { id: 'seconds', scale: 'linear' },
  { id: 'test', scale: 'linear' },
];
export const SCATTER_VIEW: ScatterView = { x: 'flash', y: 'test', logX: false, logY: false };

/** Axes that were kept, as far as this version understands them. */
export function readAxes(kept: unknown): readonly AxisChoice[] {
  if (!Array.isArray(kept)) return PARALLEL_AXES;
  const seen = new Set<string>();
  return kept.flatMap((one: unknown): AxisChoice[] => {
    const { id, scale } = (one ?? {}) as Record<string, unknown>;
    if (typeof id !== 'string' || seen.has(id)) return [];
    seen.add(id);
    return [{ id, scale: SCALES.find((each) => each === scale) ?? 'linear' }];
  });
}

export function readScatter(kept: unknown): ScatterView {
  const from = (kept ?? {}) as Record<string, unknown>;
  return {
    x: typeof from.x === 'string' ? from.x : SCATTER_VIEW.x,
    y: typeof from.y === 'string' ? from.y : SCATTER_VIEW.y,
    logX: from.logX === true,
    logY: from.logY === true,
  };
}
