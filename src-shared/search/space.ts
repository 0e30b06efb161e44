import type { RandomStream } from '../base/random.ts';
import { dimensionSize, drawValue, ends, valueAt, type Dimension, type Json } from './dimension.ts';

/** The parameters of a search by name. */
export type Space = Record<string, Dimension>;
/** One value for each parameter: a genome, a grid point. */
export type Point = Record<string, Json>;

/** The fields of the run configuration that a parameter sets. */
export function pathsOf(name: string, dimension: Dimension): readonly string[] {
  return dimension.paths ?? [name];
}

/** The same for equal points. */
export function pointKey(space: Space, point: Point): string {
  return JSON.stringify(Object.keys(space).map((name) => point[name] ?? null));
}

/** Number of points; Infinity where a range has no steps. */
export function spaceSize(space: Space): number {
  return Object.values(space).reduce((size, dimension) => size * dimensionSize(dimension), 1);
}

/** Point number `index` of a finite space; the last parameter changes fastest. */
export function pointAt(space: Space, index: number): Point {
  let rest = index;
  const entries = Object.entries(space).reverse();
  const reversed = entries.map(([name, dimension]): [string, Json] => {
    const size = dimensionSize(dimension);
    const value = valueAt(dimension, rest % size);
    rest = Math.floor(rest / size);
    return [name, value];
  });
  return Object.fromEntries(reversed.reverse());
}

/** The first value of each parameter. */
export function firstPoint(space: Space): Point {
  return Object.fromEntries(Object.entries(space).map(([name, dimension]) => [name, ends(dimension)[0]]));
}

/** A point by chance. */
export function drawPoint(space: Space, random: RandomStream): Point {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [name, drawValue(dimension, random)]),
  );
}

const ATTEMPTS = 32;

/**
 * A point by chance that is not among `seen`; null when the space has no other. Never loops for ever: where chance keeps
 * on hitting known points, the next unknown one in order is taken.
 */
export function drawUnseen(space: Space, seen: ReadonlySet<string>, random: RandomStream): Point | null {
  const size = spaceSize(space);
  if (seen.size >= size) return null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const point = drawPoint(space, random);
    if (!seen.has(pointKey(space, point))) return point;
  }
  if (!Number.isFinite(size)) return null;
  const start = random.nextBelow(Math.min(size, 2 ** 32 - 1));
  for (let i = 0; i < size; i++) {
    const point = pointAt(space, (start + i) % size);
    if (!seen.has(pointKey(space, point))) return point;
  }
  return null;
}
