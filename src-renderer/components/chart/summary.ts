import { bytes, count, duration, number, percent } from '../base/format.ts';
import { clockTime } from './clock-time.ts';
import type { AxisFormat, ChartLine, ChartModel } from './types.ts';

export interface SummaryRow {
  id: string;
  label: string;
  last: string;
  min: string;
  max: string;
  points: number;
}

/** As precise as the numbers of a table are wanted. */
export const TABLE_FORMATS: Record<AxisFormat, (value: number) => string> = {
  number,
  percent,
  duration,
  count,
  bytes,
  clock: clockTime,
};

/** What a chart says, in numbers: the text alternative of the picture. */
export function summarise(model: ChartModel): { rows: SummaryRow[] } {
  if (model.kind === 'bars') {
    const { label, y, beside, marks, format = 'count' } = model;
    const parts = [{ label, y }, ...(beside ? [beside] : []), ...(marks ? [marks] : [])];
    return { rows: parts.map((part, i) => row(`bars-${i}`, part.label, part.y, TABLE_FORMATS[format])) };
  }
  const format = TABLE_FORMATS[model.y.format];
  if (model.kind === 'points') {
    const { groups, line } = model;
    return {
      rows: [
        ...(line ? [row('line', line.label, line.y, format)] : []),
        ...groups.map((group) => row(group.id, group.label, group.y, format)),
      ].filter(({ points }) => points > 0),
    };
  }
  return {
    rows: model.lines.map((line) =>
      line.facts ? known(line, line.facts, format) : row(line.id, line.label, line.ghost ?? line.y, format),
    ),
  };
}

function known(
  { id, label }: ChartLine,
  { last, min, max, points }: NonNullable<ChartLine['facts']>,
  format: (value: number) => string,
): SummaryRow {
  return { id, label, last: format(last), min: format(min), max: format(max), points };
}

function row(
  id: string,
  label: string,
  values: ArrayLike<number>,
  format: (value: number) => string,
): SummaryRow {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const last = values[values.length - 1] ?? NaN;
  return { id, label, last: format(last), min: format(min), max: format(max), points: values.length };
}
