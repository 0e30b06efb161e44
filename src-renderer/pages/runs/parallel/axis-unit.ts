import type { AxisFormat } from '../../../components/chart/types.ts';

/** How numbers of an axis are typed: 0.98 as 98 with a sign behind, bytes as kibibytes. */
export interface AxisUnit {
  /** What one of the unit is worth. */
  worth: number;
  sign: string;
}

export function unitOf(format: AxisFormat): AxisUnit {
  if (format === 'percent') return { worth: 0.01, sign: '%' };
  if (format === 'bytes') return { worth: 1024, sign: 'KiB' };
  return { worth: 1, sign: format === 'duration' ? 's' : '' };
}

/** A value in its unit, as exact as a person can have meant it. */
export function inUnit(value: number | undefined, { worth }: AxisUnit): number | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : Number((value / worth).toPrecision(6));
}
