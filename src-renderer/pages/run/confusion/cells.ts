import type { ConfusionMatrix } from '#shared/train/predictions/confusion.ts';

/** A square matrix on screen: all cells are equal, the names stand left and above. */
export interface CellLayout {
  /** Pixels of a cell and of the names. */
  width: number;
  height: number;
  left: number;
  top: number;
  /** Pixels of everything. */
  totalWidth: number;
  totalHeight: number;
}

/** Matrices of more classes get small cells, which scroll. */
const ROOMY = 16;

export function cellLayout(classes: number, available: number): CellLayout {
  const left = 104;
  const least = classes <= ROOMY ? 38 : 30;
  const width = Math.max(least, Math.min(68, Math.floor((available - left) / Math.max(classes, 1))));
  const height = classes <= ROOMY ? 34 : 26;
  const top = 74;
  return {
    width,
    height,
    left,
    top,
    totalWidth: left + classes * width,
    totalHeight: top + classes * height,
  };
}

/** The rows or columns in view, with some around them. @param size pixels of one */
export function inView(
  scrolled: number,
  visible: number,
  size: number,
  classes: number,
): { first: number; end: number } {
  const first = Math.max(0, Math.floor(scrolled / size) - 3);
  return { first, end: Math.min(classes, Math.ceil((scrolled + visible) / size) + 3) };
}

export interface Place {
  row: number;
  column: number;
}

/** Where a key moves to; undefined for a key that moves nowhere. */
export function placeAfterKey(
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  { row, column }: Place,
  classes: number,
  page: number,
): Place | undefined {
  const end = classes - 1;
  const moves: Record<string, Place> = {
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    PageDown: { row: row + page, column },
    PageUp: { row: row - page, column },
    Home: { row: ctrlKey ? 0 : row, column: 0 },
    End: { row: ctrlKey ? end : row, column: end },
  };
  const to = moves[key];
  const inside = (value: number) => Math.max(0, Math.min(end, value));
  return to && { row: inside(to.row), column: inside(to.column) };
}

/** How strongly a cell is tinted, in per cent: the root, so that rare confusions are seen. */
export function tint(share: number): number {
  return share <= 0 ? 0 : Math.round(8 + 37 * Math.sqrt(Math.min(1, share)));
}

/**
 * Colours of a cell. The tint ends at 45 per cent, where the page's text still has its contrast in both themes.
 *
 * @param share of the row's samples that are in this cell
 */
export function cellTone(share: number, diagonal: boolean): { backgroundColor: string } {
  const hue = diagonal ? 'var(--ui-info)' : 'var(--ui-primary)';
  return { backgroundColor: `color-mix(in srgb, ${hue} ${tint(share)}%, var(--ui-bg))` };
}

/** Sum of each row: the samples of each class. */
export function rowSums({ classes, counts }: ConfusionMatrix): number[] {
  return Array.from({ length: classes }, (_, row) =>
    counts.slice(row * classes, (row + 1) * classes).reduce((sum, count) => sum + count, 0),
  );
}
