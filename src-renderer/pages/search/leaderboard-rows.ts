import type { LeaderboardRow } from '#shared/search/leaderboard.ts';
import type { TrialStatus } from '#shared/search/trial.ts';
import { count, duration } from '../../components/base/format.ts';
import { objectiveText, shortNames, valueText } from '../../components/search/search-words.ts';
import { TRIAL_LOOKS } from './trial-look.ts';

export interface TrialColumn {
  id: string;
  title: string;
  /** What the short title stands for. */
  hint?: string;
  /** Width in pixels: the table scrolls sideways where there are many parameters. */
  width: number;
  numeric: boolean;
  /** What it sorts by; null goes to the end in both directions. */
  value(row: LeaderboardRow): string | number | null;
  text(row: LeaderboardRow): string;
}

export interface TrialSorting {
  column: string;
  descending: boolean;
}

/** The columns of a leaderboard: its own, and one for each parameter of the space. */
export function trialColumns(
  parameters: readonly string[],
  series: string,
  generations: boolean,
): TrialColumn[] {
  const names = shortNames(parameters);
  const numeric = (row: LeaderboardRow, name: string) => typeof row.values[name] === 'number';
  return [
    {
      id: 'rank',
      title: 'Rank',
      width: 84,
      numeric: true,
      value: (row) => row.rank,
      text: (row) => count(row.rank),
    },
    {
      id: 'trial',
      title: 'Trial',
      width: 72,
      numeric: true,
      value: (row) => row.trial,
      text: (row) => count(row.trial),
    },
    {
      id: 'status',
      title: 'State',
      width: 112,
      numeric: false,
      value: (row) => TRIAL_LOOKS[row.status].label,
      text: (row) => TRIAL_LOOKS[row.status].label,
    },
    {
      id: 'objective',
      title: series.split('/').at(-1) ?? series,
      hint: series,
      width: 112,
      numeric: true,
      value: (row) => row.objective,
      text: (row) => objectiveText(series, row.objective),
    },
    ...parameters.map((name): TrialColumn => {
      const title = names.get(name) ?? name;
      return {
        id: `space.${name}`,
        title,
        hint: name,
        width: Math.min(260, Math.max(120, 40 + title.length * 8)),
        numeric: false,
        value: (row) => (numeric(row, name) ? Number(row.values[name]) : valueText(row.values[name])),
        text: (row) => valueText(row.values[name]),
      };
    }),
    ...(generations
      ? [
          {
            id: 'generation',
            title: 'Generation',
            width: 100,
            numeric: true,
            value: (row: LeaderboardRow) => row.generation,
            text: (row: LeaderboardRow) => count(row.generation),
          },
        ]
      : []),
    {
      id: 'epochs',
      title: 'Epochs',
      width: 80,
      numeric: true,
      value: (row) => row.epochs,
      text: (row) => count(row.epochs),
    },
    {
      id: 'seconds',
      title: 'Computing',
      width: 110,
      numeric: true,
      value: (row) => row.seconds,
      text: (row) => duration(row.seconds),
    },
  ];
}

/** A sorted copy. Rows without a value come last; equals keep the leaderboard's order. */
export function sortTrials(
  rows: readonly LeaderboardRow[],
  columns: readonly TrialColumn[],
  { column, descending }: TrialSorting,
): LeaderboardRow[] {
  const value = columns.find(({ id }) => id === column)?.value ?? (() => null);
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
    const order =
      typeof a.key === typeof b.key
        ? a.key < b.key
          ? -1
          : a.key > b.key
            ? 1
            : 0
        : typeof a.key === 'number'
          ? -1
          : 1;
    return descending ? -order : order;
  });
  return keyed.map(({ row }) => row);
}

/** The rows of these states; none chosen: all. */
export function rowsOf(rows: readonly LeaderboardRow[], status: TrialStatus | 'all'): LeaderboardRow[] {
  return status === 'all' ? [...rows] : rows.filter((row) => row.status === status);
}
