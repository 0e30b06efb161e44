/** Share of the points that lie outside on each side. */
const SHARE = 0.02;

/**
 * Between which values nearly all points lie: from the value that 2 % are below to the one that 2 % are above. `outside`
 * says how many points that leaves out; null where there are none at all.
 */
export function focusOf(
  columns: readonly ArrayLike<number>[],
): { low: number; high: number; outside: number } | null {
  const all = Float64Array.from(
    columns.flatMap((column) => Array.from(column).filter(Number.isFinite)),
  ).sort();
  if (all.length === 0) return null;
  const cut = Math.floor(all.length * SHARE);
  const low = all[cut] ?? NaN;
  const high = all[all.length - 1 - cut] ?? NaN;
  return { low, high, outside: all.reduce((sum, value) => sum + Number(value < low || value > high), 0) };
}
