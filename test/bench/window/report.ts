import type { BenchOptions, Figure, Measurement } from './types.ts';
import { sizeOf } from './types.ts';

/** A measurement with what it gave. */
export interface Measured {
  measurement: Measurement;
  figures: readonly Figure[];
}

/** What the numbers depend on. */
export interface Machine {
  cores: number;
  processor: string;
  browser: string;
  /** What else there is to know, e.g. what other work it had at the time. */
  note: string;
}

export function valueText({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  const digits = unit === 'MB' || unit === '%' || (unit === 'ms' && value < 10) ? 1 : 0;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })}${unit === '%' ? ' %' : unit && ` ${unit}`}`;
}

export function isMet({ value, goal }: Figure): boolean | null {
  return goal === undefined ? null : value < goal;
}

/** [what, value, goal, verdict] of each figure. */
export function figureRows(figures: readonly Figure[]): string[][] {
  return figures.map((figure) => {
    const met = isMet(figure);
    const goal = figure.goal === undefined ? '' : `< ${valueText({ value: figure.goal, unit: figure.unit })}`;
    return [figure.what, valueText(figure), goal, met === null ? '' : met ? 'met' : 'NOT MET'];
  });
}

/** A part of docs/window-benchmarks.md, from its heading on. */
export function benchSection({ measurement, figures }: Measured, options: BenchOptions): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = [['', 'measured', 'goal', ''], ['---', '--:', '--:', '---'], ...figureRows(figures)];
  return `## ${measurement.title}\n\n${measurement.how(sizeOf(options), options)}\n\n${rows.map(line).join('\n')}\n`;
}

/**
 * docs/window-benchmarks.md: what was measured now, and from `before` what was not.
 *
 * @param order titles of all measurements
 */
export function benchReport(
  measured: readonly Measured[],
  {
    machine,
    options,
    order,
    before,
  }: { machine: Machine; options: BenchOptions; order: readonly string[]; before: string },
): string {
  const sections = new Map(
    before
      .split(/^(?=## )/m)
      .slice(1)
      .map((text) => [titleOf(text), text] as const),
  );
  for (const one of measured) sections.set(one.measurement.title, benchSection(one, options));
  const text = order.flatMap((title) => sections.get(title)?.trim() ?? []).join('\n\n');
  const missed = text.match(/NOT MET/g)?.length ?? 0;
  const met = text.match(/\| met +\|/g)?.length ?? 0;
  const { cores, processor, browser, note } = machine;
  return `# How fast the window answers

Written by \`npm run bench:window -- --write\`: the built window in headless ${browser} without a graphics processor, on a
real host with a store of its own, on ${cores} cores (${processor}).${note && ` ${note}`} ${met} of
${met + missed} goals are met. A frame is the time between two pictures; the display of a browser takes one each 17 ms.

${text}
`;
}

function titleOf(section: string): string {
  return /^## (.*)/.exec(section)?.[1] ?? '';
}
