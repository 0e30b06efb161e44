/** A part of an axis, in its own units. */
export interface Range {
  from: number;
  to: number;
}

export const WHOLE: Range = { from: -Infinity, to: Infinity };

/** Nobody zooms in further than to this share of the axis. */
const CLOSEST = 1e-6;

/** On a logarithmic axis equal distances are equal ratios. */
function scaleOf(log: boolean) {
  return log
    ? { to: Math.log10, back: (value: number) => 10 ** value }
    : { to: (value: number) => value, back: (value: number) => value };
}

/** What is visible: the part that was zoomed to, or everything. */
export function visibleRange(range: Range | null, whole: Range): Range {
  return range ?? whole;
}

/**
 * Zooms so that `anchor` stays where it is. Null where nothing is left out any more.
 *
 * @param factor above 1: closer
 */
export function zoomRange(
  range: Range | null,
  whole: Range,
  factor: number,
  anchor?: number,
  log = false,
): Range | null {
  const scale = scaleOf(log);
  const all = { from: scale.to(whole.from), to: scale.to(whole.to) };
  const now = range ? { from: scale.to(range.from), to: scale.to(range.to) } : all;
  const centre = anchor === undefined ? (now.from + now.to) / 2 : scale.to(anchor);
  const width = Math.max((now.to - now.from) / factor, (all.to - all.from) * CLOSEST);
  const share = (centre - now.from) / (now.to - now.from || 1);
  return within({ from: centre - share * width, to: centre + (1 - share) * width }, all, scale.back);
}

/** Moves what is visible by a share of its width. Stops at the ends. */
export function panRange(range: Range | null, whole: Range, share: number, log = false): Range | null {
  if (!range) return null;
  const scale = scaleOf(log);
  const all = { from: scale.to(whole.from), to: scale.to(whole.to) };
  const [from, to] = [scale.to(range.from), scale.to(range.to)];
  const wanted = share * (to - from);
  const shift = Math.max(all.from - from, Math.min(all.to - to, wanted));
  return within({ from: from + shift, to: to + shift }, all, scale.back);
}

/** The part between two places, wherever each of them lies. Null where that is everything or next to nothing. */
export function rangeBetween(a: number, b: number, whole: Range): Range | null {
  const from = Math.max(whole.from, Math.min(a, b));
  const to = Math.min(whole.to, Math.max(a, b));
  return to - from > (whole.to - whole.from) * CLOSEST && (from > whole.from || to < whole.to)
    ? { from, to }
    : null;
}

function within(wanted: Range, all: Range, back: (value: number) => number): Range | null {
  const width = Math.min(wanted.to - wanted.from, all.to - all.from);
  const from = Math.max(all.from, Math.min(all.to - width, wanted.from));
  const slack = (all.to - all.from) * 1e-9;
  if (from <= all.from + slack && from + width >= all.to - slack) return null;
  return { from: back(from), to: back(from + width) };
}
