import type { SearchSummary } from '#shared/contract/api/search.ts';
import { number, percent } from '../base/format.ts';
import type { AxisFormat } from '../chart/types.ts';

type AlgorithmKind = SearchSummary['algorithm'];

export const ALGORITHM_TITLES: Record<AlgorithmKind, string> = {
  grid: 'Grid',
  random: 'Random',
  evolutionary: 'Evolutionary',
  asha: 'Successive halving',
};

/** How values of an objective are written: an accuracy in per cent, a loss as a number. */
export function objectiveFormat(series: string): AxisFormat {
  return series.endsWith('accuracy') ? 'percent' : 'number';
}

export function objectiveText(series: string, value: number | null | undefined): string {
  return objectiveFormat(series) === 'percent' ? percent(value) : number(value);
}

/** `highest validation/accuracy` */
export function objectiveTitle({ series, goal, select }: SearchSummary['objective']): string {
  return `${goal === 'max' ? 'highest' : 'lowest'} ${series}${select === 'last' ? ', last epoch' : ''}`;
}

/** Trials that have come to an end, of those that there will be at most. */
export function settledShare({ trials, status }: SearchSummary): number {
  const settled = trials.finished + trials.stopped + trials.failed;
  return status === 'finished' ? 1 : settled / Math.max(1, trials.planned);
}

/** Any JSON value in a table cell: words without quotes. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return number(value);
  return JSON.stringify(value) ?? '–';
}

/** The last words of paths, as far as they tell them apart: `activations.left`, `activations.right`. */
export function shortNames(names: readonly string[]): Map<string, string> {
  const parts = (name: string) => name.split('.');
  const tail = (name: string, length: number) => parts(name).slice(-length).join('.');
  return new Map(
    names.map((name) => {
      let length = 1;
      while (
        length < parts(name).length &&
        names.some((other) => other !== name && tail(other, length) === tail(name, length))
      )
        length++;
      return [name, tail(name, length)];
    }),
  );
}
