import type { TrainedNode } from '#shared/export/trained-graph.ts';

export type Linear = Extract<TrainedNode, { weights: unknown }>;

/** A number of which all are integer multiples: the smallest but 0 where that works, else a power of two. */
export function unitOf(scales: readonly number[]): number {
  const sizes = scales.map(Math.abs).filter((scale) => scale !== 0);
  const smallest = Math.min(...sizes);
  if (sizes.every((size) => Number.isInteger(size / smallest) && (size / smallest) * smallest === size))
    return smallest;
  for (let power = 127; power > -200; power--)
    if (sizes.every((size) => Number.isInteger(size / 2 ** power))) return 2 ** power;
  throw new Error('no unit');
}

interface Level {
  codes: number[];
  scale: number[];
}

export interface ScaledLevel extends Level {
  limit: number[];
}

/** Depends on the layer and on numbers of its input alone, so once for all samples. */
const known = new WeakMap<Linear, Map<string, ScaledLevel[]>>();

/** The levels of a layer on an input of this scale and size: merged where one byte holds them, with their sums' limits. */
export function scaledLevels(
  node: Linear,
  filters: number,
  { scale: unit, limit }: { scale: number[]; limit: number[] },
): ScaledLevel[] {
  const largest = Math.max(...limit);
  const cache = known.get(node) ?? new Map<string, ScaledLevel[]>();
  known.set(node, cache);
  const key = `${unit[0]} ${largest}`;
  const found =
    cache.get(key) ??
    mergedLevels(
      node.weights.levels.map(({ codes, scale }) => ({
        codes: [...codes],
        scale: Array.from({ length: filters }, (_, f) =>
          Math.fround((scale.length === 1 ? (scale[0] ?? NaN) : (scale[f] ?? NaN)) * (unit[0] ?? NaN)),
        ),
      })),
      filters,
    ).map((level) => {
      const sums = new Array<number>(filters).fill(0);
      level.codes.forEach((code, i) => (sums[i % filters] = (sums[i % filters] ?? NaN) + Math.abs(code)));
      return { ...level, limit: sums.map((sum) => sum * largest) };
    });
  cache.set(key, found);
  return found;
}

function mergedLevels(levels: Level[], filters: number): Level[] {
  if (levels.length === 1) return levels;
  const units = Array.from({ length: filters }, (_, f) => {
    const scales = levels.map(({ scale }) => scale[f] ?? NaN);
    return scales.every((scale) => scale === 0) ? 0 : unitOf(scales);
  });
  const codes = (levels[0]?.codes ?? []).map((_, i) => {
    const unit = units[i % filters] ?? NaN;
    if (unit === 0) return 0;
    return levels.reduce(
      (sum, level) => sum + ((level.scale[i % filters] ?? NaN) / unit) * (level.codes[i] ?? NaN),
      0,
    );
  });
  return codes.every((code) => Math.abs(code) <= 127) ? [{ codes, scale: units }] : levels;
}
