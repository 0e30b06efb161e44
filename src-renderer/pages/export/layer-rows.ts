import type { Bundle } from '#shared/contract/api/export.ts';

export type Layer = Bundle['layers'][number];

/** Instructions of one inference by the planner's cost laws; null where a layer with multiplications has none. */
export function totalEstimate(layers: readonly Layer[]): number | null {
  const unknown = layers.some(({ estimate, macs }) => estimate === null && macs > 0);
  return unknown ? null : layers.reduce((sum, { estimate }) => sum + (estimate ?? 0), 0);
}

/** Share of each layer in the estimate, 0 … 1; null where nothing is estimated. */
export function estimateShares(layers: readonly Layer[]): (number | null)[] {
  const total = layers.reduce((sum, { estimate }) => sum + (estimate ?? 0), 0);
  return layers.map(({ estimate }) => (estimate === null || total === 0 ? null : estimate / total));
}

export function totalOf(layers: readonly Layer[], value: 'macs' | 'nonzeros' | 'weightBytes'): number {
  return layers.reduce((sum, layer) => sum + layer[value], 0);
}

/** `28 × 28 × 16`, in one piece. */
export function shapeText(shape: readonly number[]): string {
  return shape.join('\u00a0×\u00a0');
}
