import { BitsmithError } from '#shared/base/errors.ts';
import { parseWith } from '#shared/base/schema.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { searchApi, SearchSummary } from '#shared/contract/api/search.ts';
import type { TopicName, TopicPayload } from '#shared/contract/topics/index.ts';
import { configDiff } from '#shared/run/compare/config-diff.ts';
import { isLive } from '#shared/run/status.ts';
import { checkSearch, type CheckedSearch } from '#shared/search/check.ts';
import { SearchConfigSchema, type SearchConfig } from '#shared/search/config.ts';
import { plannedTrials } from '#shared/search/planned-trials.ts';
import { spaceSize } from '#shared/search/space.ts';
import { assertSearchTransition } from '#shared/search/status.ts';
import type { JobHost } from '#main/jobs/host/index.ts';
import { systemClock, timestamp, type Clock } from '#main/platform/clock.ts';
import { silentLog, type Log } from '#main/platform/log.ts';
import { newRunId, resolveSearchId, type SearchRecord, type Store } from '#main/store/index.ts';
import { configHash, type RunService } from '../run/index.ts';
import type { Publisher } from '../task/publisher.ts';
import { createDriver, type Driver } from './driver.ts';
import { createSearchReader } from './read-searches.ts';

interface SearchServiceOptions {
  /** Opened for writing. */
  store: Store;
  run: RunService;
  jobHost: Pick<JobHost, 'setConcurrency'>;
  publisher: Publisher;
  /** Checks everything about a run's configuration, its data set too. @throws BitsmithError */
  prepare(config: unknown): unknown;
  log?: Log;
  clock?: Clock;
}

export interface SearchService extends ServiceOf<typeof searchApi> {
  /** Waits until a search is not running any more; at once where it is not. */
  whenEnded(search: string): Promise<SearchSummary>;
  /** Begins nothing new: the host is about to pause all runs. */
  close(): void;
  /** After all runs have ended: leaves every search paused. */
  dispose(): Promise<void>;
}

/** So many candidates are checked with their data set before a search starts. */
const MOST_PREPARED = 256;

/** Searches from the first check to deletion. Every candidate is a run of the run service. */
export function createSearchService(options: SearchServiceOptions): SearchService {
  const { store, run, jobHost, publisher, prepare, log = silentLog, clock = systemClock } = options;
  const { publish } = publisher;
  const reader = createSearchReader(store);
  const drivers = new Map<string, Driver>();
  const waiters = new Map<string, ((summary: SearchSummary) => void)[]>();
  const id = (given: string): string => resolveSearchId(store.searches, given);
  let closed = false;

  const leave = publisher.subscribe((topic: TopicName, payload: unknown) => {
    if (topic !== 'runs-changed' && topic !== 'metrics') return;
    const { run: changed } = payload as TopicPayload<'runs-changed'>;
    const driver = changed === null ? undefined : [...drivers.values()].find((each) => each.owns(changed));
    if (!driver || changed === null) return;
    if (topic === 'runs-changed') {
      if (!isLive(store.runs.find(changed)?.status ?? 'crashed')) driver.poke();
      return;
    }
    const { points } = payload as TopicPayload<'metrics'>;
    if (points.some(({ series }) => series === driver.config.objective.series)) driver.observe(changed);
  });

  /** Each running search may use its places; a run that a person starts shares them. */
  function allowJobs(): void {
    const places = [...drivers.values()].reduce((sum, { config }) => sum + config.concurrency, 0);
    jobHost.setConcurrency(Math.max(1, places));
  }

  function drive(search: string, config: SearchConfig): Driver {
    const driver = createDriver({
      id: search,
      config,
      store,
      run,
      publish,
      clock,
      log,
      onEnd() {
        drivers.delete(search);
        allowJobs();
        for (const resolve of waiters.get(search) ?? []) resolve(reader.summary(search));
        waiters.delete(search);
      },
    });
    drivers.set(search, driver);
    allowJobs();
    return driver;
  }

  async function check(document: unknown): Promise<CheckedSearch> {
    const checked = checkSearch(document);
    const every = Math.ceil(checked.candidates.length / MOST_PREPARED);
    for (const [i, candidate] of checked.candidates.entries()) {
      if (i % every === 0) await prepare(candidate.document);
    }
    return checked;
  }

  function refuseClosed(): void {
    if (closed) throw new BitsmithError('conflict', 'Bitsmith is closing; no search can be started');
  }

  /** @throws BitsmithError `conflict` when the driver of a running search is gone, or it is not running */
  function driverOf(search: string, what: string): Driver {
    const driver = drivers.get(search);
    if (driver) return driver;
    const { status } = store.searches.get(search);
    throw new BitsmithError('conflict', `search ${search} is ${status}; it cannot be asked to ${what}`, {
      search,
      status,
    });
  }

  return {
    list: reader.list,
    get: reader.get,
    async check({ config: document }) {
      const { config } = await check(document);
      const points = spaceSize(config.space);
      return { config, trials: plannedTrials(config), points: Number.isFinite(points) ? points : null };
    },

    async start({ config: document }) {
      const { config } = await check(document);
      refuseClosed();
      const search = newRunId(clock(), store.searches.lastId());
      store.searches.create({
        id: search,
        name: config.name,
        createdAt: timestamp(clock),
        config,
        configHash: configHash(config),
      });
      publish('searches-changed', { search });
      drive(search, config).poke();
      return reader.summary(search);
    },

    pause({ search: given }) {
      const search = id(given);
      driverOf(search, 'pause').ask('paused', null);
      return reader.summary(search);
    },

    resume({ search: given, config: document }) {
      const record = store.searches.get(id(given));
      assertSearchTransition(record.id, record.status, 'running');
      refuseClosed();
      refuseChange(record, document);
      store.searches.setStatus(record.id, 'running', { at: timestamp(clock) });
      publish('searches-changed', { search: record.id });
      drive(record.id, record.config).poke();
      return reader.summary(record.id);
    },

    stop({ search: given }) {
      const search = id(given);
      const { status } = store.searches.get(search);
      if (status === 'paused' || status === 'crashed') {
        // A driver that has nothing to do but to end it.
        store.searches.setStatus(search, 'running', { at: timestamp(clock) });
        drive(search, store.searches.get(search).config);
      }
      driverOf(search, 'stop').ask('stopped', 'stopped by request');
      return reader.summary(search);
    },

    async delete({ search: given, runs }) {
      const search = id(given);
      const { status } = store.searches.get(search);
      if (status === 'running')
        throw new BitsmithError('conflict', `search ${search} is running; stop it before you delete it`, {
          search,
        });
      if (runs) {
        const doomed = store.searches.trials(search).flatMap((trial) => trial.run ?? []);
        if (doomed.length > 0) await run.delete({ runs: doomed });
      }
      store.searches.remove(search);
      publish('searches-changed', { search });
      return {};
    },

    whenEnded(given) {
      const search = id(given);
      if (!drivers.has(search)) return Promise.resolve(reader.summary(search));
      return new Promise((resolve) => waiters.set(search, [...(waiters.get(search) ?? []), resolve]));
    },

    close() {
      closed = true;
      for (const driver of drivers.values()) driver.ask('paused', 'Bitsmith was closed');
    },
    async dispose() {
      this.close();
      for (const driver of [...drivers.values()]) {
        await driver.quiet();
        driver.poke();
        await driver.quiet();
      }
      leave();
    },
  };
}

/** @throws BitsmithError `conflict` when a configuration is not that of a search, naming the fields that differ */
function refuseChange(record: SearchRecord, document: unknown): void {
  const stored = parseWith(
    SearchConfigSchema,
    record.config,
    `the stored configuration of search ${record.id}`,
  );
  const given = document === undefined ? stored : parseWith(SearchConfigSchema, document, 'the search');
  if (configHash(given) === record.configHash) return;
  const fields = configDiff([record.config, given])
    .filter(({ differs }) => differs)
    .map(
      ({ path, values: [before, now] }) =>
        `${path} was ${JSON.stringify(before)} and is ${JSON.stringify(now)}`,
    );
  throw new BitsmithError(
    'conflict',
    `search ${record.id} cannot be resumed with another configuration: ${fields.slice(0, 5).join('; ')}${fields.length > 5 ? '; …' : ''}. Start a new search instead`,
    { search: record.id, fields },
  );
}
