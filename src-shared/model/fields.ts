import { z } from 'zod';

/** Schema pieces that several kinds of layers share. */
export const layerId = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    'must start with a lower-case letter and hold only a–z, 0–9, _ and - (63 at most)',
  );

export const inputs = z.array(z.string()).min(1).optional();

/** One number for both axes, or [vertical, horizontal]. */
export function pair(most: number, fallback?: number) {
  const one = z.int().min(1).max(most);
  const both = z.union([one, z.tuple([one, one])]);
  return fallback === undefined ? both : both.default(fallback);
}

export const padding = z.enum(['same', 'valid']);

export function asPair(value: number | [number, number]): [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}
