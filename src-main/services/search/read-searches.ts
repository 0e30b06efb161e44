import type { SearchDetail, SearchSummary } from '#shared/contract/api/search.ts';
import { leaderboard } from '#shared/search/leaderboard.ts';
import { goalOf } from '#shared/search/objective.ts';
import { plannedTrials } from '#shared/search/planned-trials.ts';
import type { Trial } from '#shared/search/trial.ts';
import { resolveSearchId, type SearchRecord, type Store } from '#main/store/index.ts';

/** The calls of the contract that only look. */
export interface SearchReader {
  list(input: Record<string, never>): SearchSummary[];
  get(input: { search: string }): SearchDetail;
  summary(search: string): SearchSummary;
}

/** Reads searches; a store that was opened for reading will do. A search is named by its id or by a beginning of it that fits no other. */
export function createSearchReader(store: Store): SearchReader {
  return {
    list: () =>
      store.transaction(() =>
        store.searches.list().map((record) => summaryOf(record, store.searches.trials(record.id))),
      ),
    get: ({ search }) =>
      store.transaction(() => {
        const record = store.searches.get(resolveSearchId(store.searches, search));
        const trials = store.searches.trials(record.id);
        return {
          summary: summaryOf(record, trials),
          config: record.config,
          leaderboard: leaderboard(record.config, trials),
          trials,
        };
      }),
    summary: (search) =>
      store.transaction(() => summaryOf(store.searches.get(search), store.searches.trials(search))),
  };
}

function summaryOf(record: SearchRecord, trials: readonly Trial[]): SearchSummary {
  const { config } = record;
  const count = (status: Trial['status']) => trials.filter((trial) => trial.status === status).length;
  const best = leaderboard(config, trials).find(({ rank }) => rank === 1);
  return {
    id: record.id,
    name: record.name,
    status: record.status,
    reason: record.reason,
    algorithm: config.algorithm.kind,
    objective: {
      series: config.objective.series,
      goal: goalOf(config.objective),
      select: config.objective.select,
    },
    createdAt: record.createdAt,
    endedAt: record.endedAt,
    trials: {
      planned: plannedTrials(config),
      active: count('active'),
      waiting: count('waiting'),
      finished: count('finished'),
      stopped: count('stopped'),
      failed: count('failed'),
    },
    epochs: trials.reduce((sum, { epochs }) => sum + epochs, 0),
    seconds: trials.reduce((sum, { seconds }) => sum + seconds, 0),
    best: best ?? null,
    configHash: record.configHash,
  };
}
