/** Which rows of a long list are on screen: the first, one past the last, and the space that the others take. */
export interface VirtualWindow {
  first: number;
  end: number;
  before: number;
  after: number;
}

/**
 * @param scrolled pixels that the list is scrolled down
 * @param height pixels that are visible
 * @param overscan rows to keep ready on both sides
 */
export function virtualWindow(
  total: number,
  row: number,
  scrolled: number,
  height: number,
  overscan = 8,
): VirtualWindow {
  const first = Math.max(0, Math.min(total, Math.floor(scrolled / row) - overscan));
  const end = Math.min(total, Math.max(first, Math.ceil((scrolled + height) / row) + overscan));
  return { first, end, before: first * row, after: (total - end) * row };
}

/** The scroll position nearest to `scrolled` at which row `index` is wholly visible below a header of `top` pixels. */
export function scrollToShow(
  index: number,
  row: number,
  scrolled: number,
  height: number,
  top: number,
): number {
  const start = index * row;
  if (start < scrolled) return start;
  const bottom = start + row + top;
  return bottom > scrolled + height ? bottom - height : scrolled;
}
