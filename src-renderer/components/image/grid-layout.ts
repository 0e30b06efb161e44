/** Where the cells of a grid of equal pictures lie. Pure. */
export interface GridLayout {
  columns: number;
  rows: number;
  /** Pixels from cell to cell. */
  stepX: number;
  stepY: number;
  /** Pixels left of the first column. */
  left: number;
  /** Height of everything. */
  height: number;
}

export const GAP = 4;
export const LABEL_HEIGHT = 16;

/** @param size pixels of a picture's longer side */
export function gridLayout(count: number, width: number, size: number, labels: boolean): GridLayout {
  const stepX = size + GAP;
  const stepY = size + GAP + (labels ? LABEL_HEIGHT : 0);
  const columns = Math.max(1, Math.floor((width - GAP) / stepX));
  const rows = Math.ceil(count / columns);
  const left = Math.max(GAP, Math.floor((width - columns * stepX + GAP) / 2));
  return { columns, rows, stepX, stepY, left, height: rows * stepY + GAP };
}

export function cellAt(
  { columns, stepX, stepY, left }: GridLayout,
  position: number,
): { x: number; y: number } {
  return { x: left + (position % columns) * stepX, y: GAP + Math.floor(position / columns) * stepY };
}

/** The cell under a point, or null beside all of them. */
export function cellUnder(layout: GridLayout, count: number, x: number, y: number): number | null {
  const column = Math.floor((x - layout.left) / layout.stepX);
  const row = Math.floor((y - GAP) / layout.stepY);
  if (column < 0 || column >= layout.columns || row < 0) return null;
  const position = row * layout.columns + column;
  return position < count ? position : null;
}

/** The first cell on screen and one past the last. */
export function cellsInView(
  { columns, stepY }: GridLayout,
  count: number,
  scrolled: number,
  height: number,
): { first: number; end: number } {
  const firstRow = Math.max(0, Math.floor((scrolled - GAP) / stepY));
  const endRow = Math.max(firstRow, Math.ceil((scrolled + height - GAP) / stepY));
  return { first: Math.min(count, firstRow * columns), end: Math.min(count, endRow * columns) };
}

/** Where a key moves to from `position`; undefined for a key that moves nowhere. */
export function cellAfterKey(
  key: string,
  position: number,
  count: number,
  columns: number,
  rowsInView: number,
): number | undefined {
  const page = Math.max(1, rowsInView - 1) * columns;
  const targets: Record<string, number> = {
    ArrowRight: position + 1,
    ArrowLeft: position - 1,
    ArrowDown: position + columns,
    ArrowUp: position - columns,
    PageDown: position + page,
    PageUp: position - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  if (target === undefined) return undefined;
  // Up and down stay in their column: at the border they stay where they are.
  if ((key === 'ArrowDown' || key === 'ArrowUp') && (target < 0 || target >= count)) return position;
  return Math.max(0, Math.min(count - 1, target));
}
