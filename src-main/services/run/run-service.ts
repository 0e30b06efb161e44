import * as fs from 'node:fs';
import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { runApi } from '#shared/contract/api/run.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { assertTransition, isLive } from '#shared/run/status.ts';
import type { ForkJob, JobHost } from '#main/jobs/host/index.ts';
import { systemClock, timestamp, type Clock } from '#main/platform/clock.ts';
import { checkpointFile, runFolder } from '#main/platform/data-folder.ts';
import { guardFiles } from '#main/platform/files.ts';
import { silentLog, type Log } from '#main/platform/log.ts';
import { newRunId, resolveRunId, type NewRun, type Store } from '#main/store/index.ts';
import type { Publish } from '../task/publisher.ts';
import { removeStrayFiles } from './checkpoint-files.ts';
import { configHash } from './config-hash.ts';
import { createRunReader } from './read-runs.ts';
import { createRecorder, unsettledError } from './recorder.ts';
import { followWithoutChannels, followWithPruning } from './prune-run.ts';
import { findResumePoint, rewind } from './rewind.ts';
import { tendRuns } from './tend-runs.ts';
import { startingFile, writeStartingFile, type WarmStart } from './warm-start.ts';

/** A configuration that was checked as a whole, and what the list of runs shows of it. */
export type PreparedRun = Pick<
  NewRun,
  | 'config'
  | 'name'
  | 'dataset'
  | 'model'
  | 'weightMethods'
  | 'activationMethods'
  | 'epochs'
  | 'stepsTotal'
  | 'tags'
  | 'notes'
> & {
  kind?: RunSummary['kind'];
  /** What works but deserves a word in the run's journal. */
  warnings?: readonly string[];
};

interface RunServiceOptions {
  /** Opened for writing. */
  store: Store;
  jobHost: JobHost;
  /** Starts processes that are no jobs of a run: those that measure. */
  fork: ForkJob;
  publish: Publish;
  /** Checks everything about a configuration, and throws before anything is stored. */
  prepare(config: unknown): PreparedRun | Promise<PreparedRun>;
  /** The numbers that a checked configuration starts from, with all that must hold for it; absent: none ever does. */
  warmStart?(config: unknown): WarmStart | null;
  demoConfig: ServiceOf<typeof runApi>['demoConfig'];
  log?: Log;
  clock?: Clock;
  /** Longest time that a metric point waits for its batch. */
  batchMilliseconds?: number;
}

/** What only a search asks of a new run; no part of the contract. */
export interface StartOptions {
  /** Pauses exactly at the end of this epoch. */
  untilEpoch?: number;
  /** Computes on this back end, whatever the configuration says; null: as it says. */
  device?: string | null;
  /** Instead of the configuration's. */
  name?: string;
  /** Beside the configuration's. */
  tags?: readonly string[];
  /** Starting values instead of those that the configuration's `initialize` names. */
  initial?: WarmStart;
  /** Called in the transaction that stores the run, with its id: what belongs together is stored together. */
  stored?(run: string): void;
}

/** The reason of a run that a person stopped. */
export const STOPPED_BY_REQUEST = 'stopped by request';

type Contract = ServiceOf<typeof runApi>;
type Input<K extends keyof Contract> = Parameters<Contract[K]>[0];

export interface RunService extends Contract {
  start(input: Input<'start'>, options?: StartOptions): Promise<RunSummary>;
  /** @param options.untilEpoch pauses exactly at the end of this epoch */
  resume(input: Input<'resume'>, options?: { untilEpoch?: number }): Promise<RunSummary>;
  /** @param options.reason what the run will give as its reason */
  stop(input: Input<'stop'>, options?: { reason?: string }): RunSummary;
  /**
   * Waits until a run is no longer queued or running; at once where it is not.
   *
   * @throws BitsmithError when its end could not be stored (a full disk)
   */
  whenEnded(run: string): Promise<RunSummary>;
  /** Lets what runs write a checkpoint and pause, then ends it. */
  dispose(): Promise<void>;
}

/** Runs from the first check to deletion: the only one that starts jobs and writes what they say. */
export function createRunService(options: RunServiceOptions): RunService {
  const { store, jobHost, publish, prepare, log = silentLog, clock = systemClock } = options;
  const waiters = new Map<string, { resolve(run: RunSummary): void; reject(error: unknown): void }[]>();
  const resuming = new Set<string>();
  const stopReasons = new Map<string, string>();
  const id = (given: string): string => resolveRunId(store.runs, given);
  const changed = (run: string): void => publish('runs-changed', { run });
  const reader = createRunReader(store, options.fork);
  const { dispose: stopTending, ...tending } = tendRuns({
    store,
    publish,
    clock,
    log,
    isResuming: (run) => resuming.has(run),
  });

  const recorder = createRecorder({
    store,
    publish,
    clock,
    log,
    batchMilliseconds: options.batchMilliseconds ?? 250,
    abort: (run, reason) => jobHost.kill(run, reason),
    stopReason: (run) => stopReasons.get(run) ?? STOPPED_BY_REQUEST,
    settled(run, error) {
      stopReasons.delete(run);
      const waiting = waiters.get(run) ?? [];
      waiters.delete(run);
      for (const { resolve, reject } of waiting) {
        if (error === undefined) resolve(store.runs.get(run));
        else reject(unsettledError(run, error));
      }
    },
  });

  function launch(run: string, checkpoint: string | null, device: string | null, untilEpoch?: number): void {
    const job = {
      run,
      config: store.runs.config(run),
      dataFolder: store.folder.root,
      checkpointFolder: runFolder(store.folder, run),
      checkpoint: checkpoint === null ? null : checkpointFile(store.folder, run, checkpoint),
      initial: startingFile(store.folder, run),
      device,
      untilEpoch: untilEpoch ?? null,
    };
    try {
      jobHost.launch(job, recorder.listener(run));
    } catch (error) {
      const reason = 'it could not be handed to a job process';
      store.runs.setStatus(run, 'crashed', { at: timestamp(clock), reason });
      changed(run);
      throw error;
    }
  }

  function makeFolder(run: string): void {
    const folder = runFolder(store.folder, run);
    guardFiles(`cannot create ${folder}`, () => fs.mkdirSync(folder, { recursive: true }));
  }

  function request(given: string, what: 'pause' | 'stop' | 'checkpoint'): string {
    const run = id(given);
    const { status } = store.runs.get(run);
    if (!isLive(status))
      throw new BitsmithError('conflict', `run ${run} is ${status}; it cannot be asked to ${what}`, {
        run,
        status,
      });
    jobHost[what](run);
    return run;
  }

  const service: RunService = {
    ...reader,
    ...tending,
    check: async ({ config }) => ({ config: (await prepare(config)).config }),
    demoConfig: options.demoConfig,

    async start({ config, parent }, { untilEpoch, device = null, name, tags = [], initial, stored } = {}) {
      const { kind = 'train', warnings = [], ...prepared } = await prepare(config);
      const start = initial ?? options.warmStart?.(prepared.config) ?? null;
      if (start) prepared.config = withStart(prepared.config, start);
      const ancestor = parent === undefined ? (start?.run ?? null) : id(parent);
      const run = newRunId(clock(), store.runs.lastId());
      makeFolder(run);
      try {
        if (start) writeStartingFile(store.folder, run, start);
        store.transaction(() => {
          const createdAt = timestamp(clock);
          store.runs.create({
            ...prepared,
            name: name ?? prepared.name,
            tags: [...(prepared.tags ?? []), ...tags],
            id: run,
            kind,
            parent: ancestor,
            createdAt,
            configHash: configHash(prepared.config),
          });
          store.events.add(run, {
            at: createdAt,
            level: 'info',
            message: ancestor ? `created from run ${ancestor}` : 'created',
          });
          if (start) store.events.add(run, { at: createdAt, level: 'info', message: start.message });
          for (const message of warnings) store.events.add(run, { at: createdAt, level: 'warning', message });
          stored?.(run);
        });
      } catch (error) {
        fs.rmSync(runFolder(store.folder, run), { recursive: true, force: true });
        throw error;
      }
      changed(run);
      launch(run, null, device, untilEpoch);
      return store.runs.get(run);
    },

    async prune({ run, options: given, set }) {
      const { config, parent } = followWithPruning(store, run, given, set);
      return service.start({ config, parent });
    },
    async removeChannels({ run, set, ...given }) {
      const { config, parent, initial } = followWithoutChannels(store, run, given, set);
      return service.start({ config, parent }, initial ? { initial } : {});
    },

    pause: ({ run }) => store.runs.get(request(run, 'pause')),
    checkpoint({ run }) {
      request(run, 'checkpoint');
      return {};
    },
    stop({ run: given }, { reason = STOPPED_BY_REQUEST } = {}) {
      const run = id(given);
      if (store.runs.get(run).status !== 'paused') {
        const asked = store.runs.get(request(run, 'stop'));
        if (isLive(asked.status)) stopReasons.set(run, reason);
        return asked;
      }
      const stopped = store.runs.setStatus(run, 'stopped', {
        at: timestamp(clock),
        reason,
      });
      recorder.event(run, 'info', `stopped: ${reason}`);
      changed(run);
      return stopped;
    },

    async resume({ run: given }, { untilEpoch } = {}) {
      const run = id(given);
      assertTransition(run, store.runs.get(run).status, 'queued');
      if (resuming.has(run))
        throw new BitsmithError('conflict', `run ${run} is being resumed already`, { run });
      resuming.add(run);
      try {
        const point = await findResumePoint(store, run);
        const { checkpoint } = point;
        makeFolder(run);
        store.transaction(() => {
          rewind(store, run, point);
          store.runs.setStatus(run, 'queued', { at: timestamp(clock) });
        });
        removeStrayFiles(store.folder, run, store.checkpoints.list(run));
        const from = checkpoint
          ? `resumed from checkpoint ${checkpoint.id} (epoch ${checkpoint.epoch}, step ${checkpoint.step})`
          : 'resumed from the beginning: there is no checkpoint yet';
        for (const { record, damage } of point.damaged) {
          recorder.event(run, 'warning', `checkpoint ${record.id} is damaged and was dropped: ${damage}`);
        }
        recorder.event(run, 'info', from);
        changed(run);
        launch(run, checkpoint?.id ?? null, store.runs.get(run).device, untilEpoch);
        return store.runs.get(run);
      } finally {
        resuming.delete(run);
      }
    },

    series(input) {
      recorder.flush(id(input.run));
      return reader.series(input);
    },
    curves(request) {
      for (const run of new Set(request.lines.flatMap((line) => line.runs))) recorder.flush(run);
      return reader.curves(request);
    },
    histograms(input) {
      recorder.flush(id(input.run));
      return reader.histograms(input);
    },

    whenEnded(given) {
      const run = id(given);
      const summary = store.runs.get(run);
      if (!isLive(summary.status)) return Promise.resolve(summary);
      return new Promise((resolve, reject) => {
        waiters.set(run, [...(waiters.get(run) ?? []), { resolve, reject }]);
      });
    },

    async dispose() {
      stopTending();
      for (const { id: run } of store.runs.live()) {
        try {
          recorder.event(run, 'info', 'Bitsmith is closing');
        } catch (error) {
          log.write('warning', `run ${run}`, `not in its journal: Bitsmith is closing (${messageOf(error)})`);
        }
      }
      await jobHost.dispose();
      recorder.dispose();
    },
  };
  return service;
}

/** A configuration that names the run and the checkpoint in full which it was started from. */
function withStart(config: unknown, { run, checkpoint }: WarmStart): unknown {
  const document = config as Record<string, unknown> & { initialize?: Record<string, unknown> };
  return { ...document, initialize: { ...document.initialize, run, checkpoint } };
}
