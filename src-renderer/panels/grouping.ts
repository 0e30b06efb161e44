import type { GroupBy } from '#shared/run/compare/group-runs.ts';
import { BANDS, CENTRES, type BandKind, type Centre } from '#shared/run/compare/statistics.ts';
import type { GroupView } from './curves.ts';

/** Which runs are drawn as one line, and how. */
export interface Grouping extends GroupView {
  /** Null: each run by itself. */
  by: GroupBy | null;
}

export const NO_GROUPING: Grouping = { by: null, centre: 'mean', band: 'sd' };

export const CENTRE_NAMES: Record<Centre, string> = { mean: 'Mean', median: 'Median' };
export const BAND_NAMES: Record<BandKind, string> = {
  none: 'No band',
  'min-max': 'Lowest to highest',
  sd: 'Standard deviation',
  se: 'Standard error',
  ci95: '95 % confidence',
};

/** A grouping that was kept, as far as this version understands it. */
export function readGrouping(kept: unknown): Grouping {
  const from = (kept ?? {}) as Record<string, unknown>;
  return {
    by: readBy(from.by),
    centre: CENTRES.find((one) => one === from.centre) ?? NO_GROUPING.centre,
    band: BANDS.find((one) => one === from.band) ?? NO_GROUPING.band,
  };
}

function readBy(kept: unknown): GroupBy | null {
  const from = (kept ?? {}) as Record<string, unknown>;
  if (from.kind === 'replicates') return { kind: 'replicates' };
  if (from.kind !== 'fields' || !Array.isArray(from.paths)) return null;
  const paths = from.paths.filter((path): path is string => typeof path === 'string');
  return paths.length > 0 ? { kind: 'fields', paths } : null;
}
