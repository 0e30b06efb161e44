import { BitsmithError } from '#shared/base/errors.ts';
import type { SearchDetail, SearchSummary } from '#shared/contract/api/search.ts';
import type { TopicPayload } from '#shared/contract/topics/index.ts';
import { describePoint } from '#shared/search/candidate.ts';
import type { LeaderboardRow } from '#shared/search/leaderboard.ts';
import type { Host } from '../host.ts';
import { createSearchReader } from '../services/search/index.ts';
import { percent, seconds, table, type ProgressLine } from './output.ts';

/** Shows the trials of a search as they come and go, until it ends. Returns its summary, whatever its status. */
export async function followSearch(
  host: Host,
  search: string,
  progress: ProgressLine,
): Promise<SearchSummary> {
  const shown = new Map<number, string>();
  const reader = createSearchReader(host.store);
  const look = (): void => {
    const { summary, leaderboard } = reader.get({ search });
    for (const row of [...leaderboard].sort((a, b) => a.trial - b.trial)) {
      const text = row.status === 'active' ? 'active' : `${row.status} ${row.epochs}`;
      const before = shown.get(row.trial);
      if (before === text) continue;
      shown.set(row.trial, text);
      progress.note(describeChange(row, before === undefined, summary));
    }
    progress.update(describeProgress(summary));
  };
  const leave = host.subscribe((topic, payload) => {
    if (topic === 'searches-changed' && (payload as TopicPayload<typeof topic>).search === search) look();
  });
  try {
    look();
    return await host.services.search.whenEnded(search);
  } finally {
    leave();
    progress.end();
  }
}

function describeChange(row: LeaderboardRow, fresh: boolean, { objective }: SearchSummary): string {
  const name = `trial ${row.trial}`;
  if (row.status === 'active') {
    return fresh
      ? `${name} begins: ${describePoint(row.values)}`
      : `${name} goes on from epoch ${row.epochs}`;
  }
  const value = `${objective.series} ${showObjective(row.objective, objective.series)}`;
  const rank = row.rank === null ? '' : `, rank ${row.rank}`;
  const why = row.reason ? ` (${row.reason})` : '';
  const what = row.status === 'waiting' ? `waits at epoch ${row.epochs}` : row.status;
  return `${name} ${what}: ${value}${rank}${why}`;
}

function describeProgress({ trials, best, objective, epochs }: SearchSummary): string {
  const done = trials.finished + trials.stopped + trials.failed;
  const lead = best ? `, best ${showObjective(best.objective, objective.series)} (trial ${best.trial})` : '';
  return `searching: ${done} of at most ${trials.planned} trials done, ${trials.active} at work, ${epochs} epochs${lead}`;
}

export function showObjective(value: number | null, series: string): string {
  if (value === null) return '–';
  return series.endsWith('accuracy') ? percent(value) : value.toPrecision(4);
}

/** The leaderboard as a table, one column for each parameter. */
export function leaderboardTable({ summary, leaderboard }: SearchDetail): string {
  const names = Object.keys(leaderboard[0]?.values ?? {});
  return table(
    ['rank', 'trial', 'run', 'status', 'epochs', summary.objective.series, 'time', ...names],
    leaderboard.map((row) => [
      row.rank,
      row.trial,
      row.run,
      row.status,
      row.epochs,
      showObjective(row.objective, summary.objective.series),
      seconds(row.seconds),
      ...names.map((name) => {
        const value = row.values[name] ?? null;
        return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
      }),
    ]),
  );
}

/** @throws BitsmithError `job-failed` (or `cancelled`, when a person ended it) unless the search finished */
export function requireSearched({ id, status, reason }: SearchSummary): void {
  if (status === 'finished') return;
  const resume = `go on with \`bitsmith search resume ${id}\``;
  if (status === 'paused') throw new BitsmithError('cancelled', `search ${id} is paused; ${resume}`);
  if (status === 'stopped') throw new BitsmithError('cancelled', `search ${id} was stopped`);
  throw new BitsmithError(
    'job-failed',
    `search ${id} ${status}: ${reason ?? 'unknown reason'}${status === 'crashed' ? `; ${resume}` : ''}`,
  );
}
