import { count, duration, number, percent } from '../base/format.ts';
import type { AxisFormat, ChartModel } from './types.ts';

export interface SummaryRow {
  id: string;
  label: string;
  last: string;
  min: string;
  max: string;
  points: number;
}

const FORMATS: Record<AxisFormat, (value: number) => string> = { number, percent, duration, count };

/** What a chart says, in numbers: the text alternative of the picture. */
export function summarise(model: ChartModel): { rows: SummaryRow[] } {
  if (model.kind === 'bars') return { rows: [row('bars', model.label, model.y, count)] };
  const format = FORMATS[model.y.format];
  if (model.kind === 'points') {
    const { groups, line } = model;
    return {
      rows: [
        ...(line ? [row('line', line.label, line.y, format)] : []),
        ...groups.map((group) => row(group.id, group.label, group.y, format)),
      ].filter(({ points }) => points > 0),
    };
  }
  return { rows: model.lines.map((line) => row(line.id, line.label, line.ghost ?? line.y, format)) };
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
