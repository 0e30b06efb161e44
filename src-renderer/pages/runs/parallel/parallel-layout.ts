import type { AxisUnit } from './axis-unit.ts';
import { placeOn, type Axis, type AxisValue, type Brush } from '#shared/run/compare/brush.ts';

/** An axis with the value of every run, row by row. */
export interface ParallelAxis {
  id: string;
  title: string;
  axis: Axis;
  values: readonly AxisValue[];
  brush: Brush | null;
  unit: AxisUnit;
  format(value: number): string;
}

export interface Frame {
  width: number;
  height: number;
}

/** Pixels around the axes; below them is the rail of what has no value. */
export const MARGIN = { left: 70, right: 70, top: 40, bottom: 34 };
const RAIL = 18;
const TICKS = 5;

export interface DrawnAxis {
  id: string;
  title: string;
  x: number;
  top: number;
  bottom: number;
  /** Place of the rail; null where every run has a value. */
  rail: number | null;
  ticks: { y: number; text: string }[];
  /** Stretches that are brushed. */
  brushed: { top: number; bottom: number }[];
}

export interface ParallelLayout {
  axes: DrawnAxis[];
  /** For each row, its corners as x, y pairs. */
  lines: (readonly (readonly [number, number])[])[];
}

/** Where axes, ticks, brushes and lines of parallel coordinates lie. Pure. */
export function parallelLayout(axes: readonly ParallelAxis[], { width, height }: Frame): ParallelLayout {
  const top = MARGIN.top;
  const bottom = height - MARGIN.bottom;
  const yOf = (place: number) => bottom - place * (bottom - top);
  const xOf = (index: number) => axisPlace(index, axes.length, width);
  const rows = axes[0]?.values.length ?? 0;
  return {
    axes: axes.map(({ id, title, axis, values, brush, format }, i) => ({
      id,
      title,
      x: xOf(i),
      top,
      bottom,
      rail: values.some((value) => placeOn(axis, value) === null) ? bottom + RAIL : null,
      ticks: ticksOf(axis, format).map(({ place, text }) => ({ y: yOf(place), text })),
      brushed: brush
        ? stretches(axis, brush).map(([low, high]) => ({ top: yOf(high), bottom: yOf(low) }))
        : [],
    })),
    lines: Array.from({ length: rows }, (_, row) =>
      axes.map(({ axis, values }, i) => {
        const place = placeOn(axis, values[row] ?? null);
        return [xOf(i), place === null ? bottom + RAIL : yOf(place)] as const;
      }),
    ),
  };
}

/** Horizontal place of an axis; a single one stands in the middle. */
export function axisPlace(index: number, count: number, width: number): number {
  const room = Math.max(0, width - MARGIN.left - MARGIN.right);
  return count < 2 ? MARGIN.left + room / 2 : MARGIN.left + (index * room) / (count - 1);
}

/** The share of an axis (0: its lower end) at a height of the picture. */
export function shareAt(y: number, height: number): number {
  const bottom = height - MARGIN.bottom;
  return Math.min(1, Math.max(0, (bottom - y) / (bottom - MARGIN.top)));
}

/** The index at which an axis lands that is dropped at a horizontal place. */
export function indexAt(x: number, count: number, width: number): number {
  const step = axisPlace(1, count, width) - axisPlace(0, count, width);
  if (count < 2 || step <= 0) return 0;
  return Math.min(count - 1, Math.max(0, Math.round((x - MARGIN.left) / step)));
}

/** A copy of a list in which one item has another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, i) => i !== from);
  const item = items[from];
  if (item !== undefined) rest.splice(Math.min(Math.max(0, to), rest.length), 0, item);
  return rest;
}

function ticksOf(axis: Axis, format: (value: number) => string): { place: number; text: string }[] {
  if (axis.scale === 'categories') {
    const { categories } = axis;
    const every = Math.ceil(categories.length / 14);
    return categories.flatMap((text, i) =>
      i % every === 0 ? [{ place: (i + 0.5) / categories.length, text }] : [],
    );
  }
  const { low, high, scale } = axis;
  if (!(high > low)) return [{ place: 0.5, text: format(low) }];
  return Array.from({ length: TICKS }, (_, i) => {
    const place = i / (TICKS - 1);
    const value = scale === 'log' ? low * (high / low) ** place : low + (high - low) * place;
    return { place, text: format(value) };
  });
}

function stretches(axis: Axis, brush: Brush): [low: number, high: number][] {
  if (axis.scale === 'categories') {
    const half = 0.5 / axis.categories.length;
    return axis.categories.flatMap((category, i) => {
      const chosen = 'values' in brush ? brush.values.includes(category) : isBetween(Number(category), brush);
      const middle = (2 * i + 1) * half;
      return chosen ? [[middle - half, middle + half] as [number, number]] : [];
    });
  }
  if ('values' in brush) return brush.values.flatMap((value) => around(placeOn(axis, Number(value))));
  const edge = (value: number | undefined, open: number) =>
    value === undefined
      ? open
      : Math.min(1, Math.max(0, placeOn(axis, Math.max(value, lowest(axis))) ?? open));
  return [[edge(brush.from, 0), edge(brush.to, 1)]];
}

/** A logarithm knows nothing below zero: an edge there lies at the axis' end. */
function lowest(axis: { scale: 'linear' | 'log'; low: number }): number {
  return axis.scale === 'log' ? axis.low : -Infinity;
}

function isBetween(
  value: number,
  { from = -Infinity, to = Infinity }: { from?: number; to?: number },
): boolean {
  return value >= from && value <= to;
}

function around(place: number | null): [number, number][] {
  return place === null ? [] : [[Math.max(0, place - 0.01), Math.min(1, place + 0.01)]];
}
