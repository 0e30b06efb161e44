import { BitsmithError, messageOf, toErrorData } from '#shared/base/errors.ts';
import {
  BEST_SERIES,
  type CheckpointRecord,
  type Histogram,
  type MetricPoint,
  type RunEvent,
} from '#shared/run/record.ts';
import type { RunStatus } from '#shared/run/status.ts';
import type { JobEnd, JobListener } from '#main/jobs/host/index.ts';
import type { JobMessage } from '#main/jobs/protocol.ts';
import { timestamp, type Clock } from '#main/platform/clock.ts';
import type { Log } from '#main/platform/log.ts';
import type { RunProgress, Store } from '#main/store/index.ts';
import type { Publish } from '../task/publisher.ts';
import { assertCheckpointWritten, removeCheckpointFiles } from './checkpoint-files.ts';
import { checkpointsToDrop } from './keep-checkpoints.ts';
import { forgetAfter } from './rewind.ts';

interface RecorderOptions {
  store: Store;
  publish: Publish;
  clock: Clock;
  log: Log;
  /** Longest time that a metric point waits for its batch. */
  batchMilliseconds: number;
  /** Ends a job whose words cannot be stored. */
  abort(run: string, reason: string): void;
  /** Why a run was asked to stop. */
  stopReason(run: string): string;
  /** A run is no longer live; `error` when not even that could be stored. */
  settled(run: string, error?: unknown): void;
}

/** Writes what jobs say into the store, in batches, and tells the windows. */
export interface Recorder {
  listener(run: string): JobListener;
  /** Stores what waits, so that a reader sees all that was told. */
  flush(run: string): void;
  event(run: string, level: RunEvent['level'], message: string): void;
  dispose(): void;
}

interface Batch {
  points: MetricPoint[];
  histograms: Histogram[];
  progress: RunProgress | null;
  timer: NodeJS.Timeout | undefined;
  /** Series whose values were no numbers; each is reported once. */
  broken: Set<string>;
}

/** A job cannot fill the memory between two batches. */
const MOST_POINTS = 5000;
const RETRY_MILLISECONDS = 2000;

export function createRecorder(options: RecorderOptions): Recorder {
  const { store, publish, clock, log, batchMilliseconds, abort, stopReason, settled } = options;
  const batches = new Map<string, Batch>();
  const retries = new Set<NodeJS.Timeout>();

  function event(run: string, level: RunEvent['level'], message: string): void {
    const at = timestamp(clock);
    store.events.add(run, { at, level, message });
    publish('run-log', { run, at, level, message });
  }

  const changed = (run: string): void => publish('runs-changed', { run });

  function batchOf(run: string): Batch {
    let batch = batches.get(run);
    if (!batch) {
      batch = { points: [], histograms: [], progress: null, timer: undefined, broken: new Set() };
      batches.set(run, batch);
    }
    return batch;
  }

  function flush(run: string): void {
    const batch = batches.get(run);
    if (!batch) return;
    clearTimeout(batch.timer);
    batch.timer = undefined;
    const { points, histograms, progress } = batch;
    if (points.length === 0 && histograms.length === 0 && !progress) return;
    const sequence = store.transaction(() => {
      store.series.add(run, points);
      store.histograms.add(run, histograms);
      if (progress) store.runs.setProgress(run, progress);
      for (const { series, value } of points) {
        if (series === BEST_SERIES) store.runs.raiseBest(run, value);
      }
      return points.length > 0 ? store.runs.nextSequence(run) : 0;
    });
    Object.assign(batch, { points: [], histograms: [], progress: null });
    if (points.length > 0) publish('metrics', { run, sequence, points });
    if (progress || histograms.length > 0) changed(run);
  }

  function later(run: string, batch: Batch): void {
    if (batch.points.length >= MOST_POINTS) return flush(run);
    batch.timer ??= setTimeout(() => {
      try {
        flush(run);
      } catch (error) {
        abort(run, `its metrics could not be stored: ${messageOf(error)}`);
      }
    }, batchMilliseconds);
  }

  /** The store and the wire carry numbers only; that a value is none is news for the journal. */
  function takePoints(run: string, batch: Batch, points: readonly MetricPoint[]): void {
    for (const point of points) {
      if ([point.value, point.time, point.epoch].every(Number.isFinite)) {
        batch.points.push(point);
      } else if (!batch.broken.has(point.series)) {
        batch.broken.add(point.series);
        event(
          run,
          'warning',
          `${point.series} became ${point.value} at step ${point.step}; such points are not kept`,
        );
      }
    }
  }

  function takeCheckpoint(record: CheckpointRecord): void {
    const { run } = record;
    assertCheckpointWritten(store.folder, record);
    flush(run); // what led to it is never behind it
    const dropped = store.transaction(() => {
      store.checkpoints.add(record);
      const drop = checkpointsToDrop(store.checkpoints.list(run));
      for (const { id } of drop) store.checkpoints.remove(run, id);
      return drop;
    });
    // Rows first: after a crash in between there is a file too many, never one too few.
    removeCheckpointFiles(store.folder, dropped);
    if (record.kind === 'manual' || record.kind === 'pause' || record.kind === 'final') {
      event(run, 'info', `checkpoint ${record.id} written (epoch ${record.epoch}, step ${record.step})`);
    }
    changed(run);
  }

  function hear(run: string, message: JobMessage): void {
    const batch = batchOf(run);
    switch (message.type) {
      case 'started': {
        const { device, deviceName, truthProbe, stepsTotal, fromStep } = message;
        store.transaction(() => {
          forgetAfter(store, run, fromStep);
          store.sessions.begin(run, fromStep, timestamp(clock));
          store.runs.setDevice(run, device, deviceName, truthProbe, stepsTotal);
        });
        event(run, 'info', `computing on ${device} (${deviceName}) from step ${fromStep}`);
        return changed(run);
      }
      case 'progress': {
        const { epochsDone, stepsDone, stepsTotal } = message;
        const stepsPerSecond = finite(message.stepsPerSecond);
        batch.progress = {
          epochsDone,
          stepsDone,
          stepsTotal,
          stepsPerSecond,
          etaSeconds: finite(message.etaSeconds),
        };
        return later(run, batch);
      }
      case 'metrics':
        takePoints(run, batch, message.points);
        return later(run, batch);
      case 'histograms':
        batch.histograms.push(
          ...message.rows.filter((row) => [...row.edges, ...row.counts].every(Number.isFinite)),
        );
        return later(run, batch);
      case 'log':
        return event(run, message.level, message.message);
      case 'checkpoint':
        return takeCheckpoint({ ...message.record, run });
    }
  }

  function settle(run: string, end: JobEnd): void {
    const { status, ...change } = outcome(end, stopReason(run));
    store.transaction(() => {
      store.runs.setStatus(run, status, { at: timestamp(clock), ...change });
      const level = status === 'failed' || status === 'crashed' ? 'error' : 'info';
      event(run, level, change.reason ? `${status}: ${change.reason}` : status);
    });
    changed(run);
    settled(run);
  }

  /** A full disk may have room later; until then the run stays live in the store and the next start would repair it. */
  function settleLater(run: string, end: JobEnd): void {
    const timer = setTimeout(() => {
      retries.delete(timer);
      try {
        settle(run, end);
      } catch {
        settleLater(run, end);
      }
    }, RETRY_MILLISECONDS);
    retries.add(timer);
  }

  return {
    event,
    flush,
    listener: (run) => ({
      launched(pid) {
        store.runs.setStatus(run, 'running', { at: timestamp(clock) });
        log.write('info', `run ${run}`, `process ${pid ?? '?'} begins`);
        changed(run);
      },
      message: (message) => hear(run, message),
      ended(end) {
        try {
          try {
            flush(run);
          } finally {
            clearTimeout(batches.get(run)?.timer);
            batches.delete(run);
          }
        } catch (error) {
          log.write('error', `run ${run}`, `its last metrics are lost: ${messageOf(error)}`);
        }
        try {
          settle(run, end);
        } catch (error) {
          log.write('error', `run ${run}`, `its end could not be stored: ${messageOf(error)}`);
          publish('host-error', toErrorData(error));
          settleLater(run, end);
          settled(run, error);
        }
      },
    }),
    dispose() {
      for (const { timer } of batches.values()) clearTimeout(timer);
      for (const timer of retries) clearTimeout(timer);
    },
  };
}

function outcome(
  end: JobEnd,
  stopReason: string,
): {
  status: RunStatus;
  reason: string | null;
  accuracy?: number | null;
  loss?: number | null;
} {
  switch (end.type) {
    case 'ended':
      return {
        status: end.status,
        reason: end.status === 'stopped' ? stopReason : null,
        accuracy: finite(end.accuracy),
        loss: finite(end.loss),
      };
    case 'failed':
      return { status: 'failed', reason: end.error.message };
    case 'crashed':
      return { status: 'crashed', reason: end.reason };
    case 'withdrawn':
      return { status: 'stopped', reason: end.reason ?? 'stopped before it began' };
  }
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** What waiting for a run's end rejects with when a run's end could not be stored. */
export function unsettledError(run: string, error: unknown): BitsmithError {
  const code = error instanceof BitsmithError ? error.code : 'internal';
  return new BitsmithError(
    code,
    `the end of run ${run} could not be stored: ${messageOf(error)}`,
    { run },
    { cause: error },
  );
}
