import { bytes, count, duration, number } from '../base/format.ts';
import { clockTime } from './clock-time.ts';
import type { AxisFormat } from './types.ts';

/** What the options of all kinds of charts share: colours, axes, tooltips. */
export interface ChartTheme {
  dark: boolean;
  text: string;
  grid: string;
  panel: string;
  font: string;
}

export const FORMATS: Record<AxisFormat, (value: number) => string> = {
  number,
  percent: (value) => `${Number((value * 100).toFixed(2))} %`,
  duration,
  count,
  bytes,
  clock: clockTime,
};

/** Labels of an axis are round, and may lie so close together that only more digits than usual tell them apart. */
function tick(value: number): string {
  const size = Math.abs(value);
  if (size < 0.001 || size >= 1000) return number(value);
  return String(Number(value.toPrecision(6))).replace('-', '−');
}

export const TICK_FORMATS: typeof FORMATS = { ...FORMATS, number: tick };

export function axis(theme: ChartTheme, format: (value: number) => string) {
  return {
    axisLine: { lineStyle: { color: theme.grid } },
    axisTick: { show: false },
    axisLabel: {
      color: theme.text,
      fontSize: 11,
      hideOverlap: true,
      formatter: (value: number | string) => label(value, format),
    },
    splitLine: { lineStyle: { color: theme.grid } },
  };
}

function label(value: number | string, format: (value: number) => string): string {
  return typeof value === 'number' ? format(value) : value;
}

export function tooltip(theme: ChartTheme) {
  return {
    confine: true,
    transitionDuration: 0,
    backgroundColor: theme.panel,
    borderColor: theme.grid,
    padding: [8, 10],
    textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.font },
  };
}

/** Names of runs and layers come from people. */
export function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
