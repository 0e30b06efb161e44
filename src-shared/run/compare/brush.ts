/** What a run has of one axis; null: nothing. */
export type AxisValue = number | string | null;
export const SCALES = ['linear', 'log', 'categories'] as const;
export type Scale = (typeof SCALES)[number];

/** What is chosen of an axis: a stretch (an open end is absent), or some of its categories. */
export type Brush = { from?: number; to?: number } | { values: readonly string[] };

/** An axis as it is drawn, from its lower end (0) to its upper (1). */
export type Axis =
  | { scale: 'linear' | 'log'; low: number; high: number }
  | { scale: 'categories'; categories: readonly string[] };

/** How the values of an axis are best laid out: as categories where one is no number, else along a line. */
export function scaleFor(values: readonly AxisValue[]): Scale {
  return values.some((value) => typeof value === 'string') || values.every((value) => value === null)
    ? 'categories'
    : 'linear';
}

/** The scales that values allow: a logarithm needs numbers above zero. */
export function scalesFor(values: readonly AxisValue[]): Scale[] {
  const known = values.filter((value) => value !== null);
  if (scaleFor(values) === 'categories') return ['categories'];
  return known.every((value) => typeof value === 'number' && value > 0)
    ? ['linear', 'log', 'categories']
    : ['linear', 'categories'];
}

/** The axis over some values. Numbers as categories are in their order, words in that of the alphabet. */
export function axisOf(values: readonly AxisValue[], wanted: Scale): Axis {
  const scale = scalesFor(values).includes(wanted) ? wanted : scaleFor(values);
  if (scale === 'categories') return { scale, categories: categoriesOf(values) };
  const numbers = values.filter((value) => typeof value === 'number');
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return { scale, low, high };
}

function categoriesOf(values: readonly AxisValue[]): string[] {
  const known = new Set(values.filter((value) => value !== null));
  return [...known]
    .toSorted((a, b) =>
      typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)),
    )
    .map(String);
}

/** Where a value lies between the ends of an axis, 0 … 1; a single value lies in the middle. Null: nowhere. */
export function placeOn(axis: Axis, value: AxisValue): number | null {
  if (value === null) return null;
  if (axis.scale === 'categories') {
    const at = axis.categories.indexOf(String(value));
    return at < 0 ? null : (at + 0.5) / axis.categories.length;
  }
  if (typeof value !== 'number') return null;
  const of = axis.scale === 'log' ? Math.log : (number: number) => number;
  const width = of(axis.high) - of(axis.low);
  return width > 0 ? (of(value) - of(axis.low)) / width : 0.5;
}

/** The number at a place of an axis of numbers. */
export function valueAt(axis: Axis, place: number): number {
  if (axis.scale === 'categories') return NaN;
  const share = Math.min(1, Math.max(0, place));
  return axis.scale === 'log'
    ? axis.low * (axis.high / axis.low) ** share
    : axis.low + (axis.high - axis.low) * share;
}

/** The brush that a stretch of an axis makes: a range of numbers, or the categories whose middle lies in it. */
export function brushOf(axis: Axis, from: number, to: number): Brush {
  const [low, high] = from <= to ? [from, to] : [to, from];
  if (axis.scale !== 'categories') return { from: valueAt(axis, low), to: valueAt(axis, high) };
  const { categories } = axis;
  return {
    values: categories.filter((_, i) => {
      const middle = (i + 0.5) / categories.length;
      return middle >= low && middle <= high;
    }),
  };
}

/** Whether a value is within a brush. What a run does not have is in none. */
export function isWithin(value: AxisValue, brush: Brush): boolean {
  if (value === null) return false;
  if ('values' in brush) return brush.values.includes(String(value));
  return typeof value === 'number' && value >= (brush.from ?? -Infinity) && value <= (brush.to ?? Infinity);
}

/** Whether a brush leaves everything in: both ends are open, which also runs without a value pass. */
export function isOpen(brush: Brush): boolean {
  return !('values' in brush) && brush.from === undefined && brush.to === undefined;
}

/** Places of the rows that are within every brush; without any brush all are. */
export function brushed(
  columns: ReadonlyMap<string, readonly AxisValue[]>,
  brushes: ReadonlyMap<string, Brush>,
  count: number,
): number[] {
  const active = [...brushes].filter(([, brush]) => !isOpen(brush));
  return Array.from({ length: count }, (_, row) => row).filter((row) =>
    active.every(([axis, brush]) => isWithin(columns.get(axis)?.[row] ?? null, brush)),
  );
}
