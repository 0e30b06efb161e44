import { BitsmithError, messageOf, type ErrorData } from '#shared/base/errors.ts';
import type { JobMessage, TrainingJob } from '#main/jobs/protocol.ts';
import { silentLog, type Log } from '#main/platform/log.ts';
import { describeExit } from './describe-exit.ts';
import type { ForkJob, JobPort } from './port.ts';

/** How a job ended. */
export type JobEnd =
  | { type: 'ended'; status: 'finished' | 'paused' | 'stopped'; accuracy: number | null; loss: number | null }
  | { type: 'failed'; error: ErrorData }
  /** The process vanished, hung or had to be killed. */
  | { type: 'crashed'; reason: string }
  /** Taken out of the queue before it began. */
  | { type: 'withdrawn'; reason: string | null };

/** Who hears of a job. A listener that throws ends the job: what cannot be stored must not go on. */
export interface JobListener {
  /** Its process begins. */
  launched(pid: number | undefined): void;
  /** Everything but `ended` and `failed`, which arrive as the end. */
  message(message: JobMessage): void;
  /** Exactly once, and last. */
  ended(end: JobEnd): void;
}

export interface JobHostOptions {
  fork: ForkJob;
  log?: Log;
  /** Jobs that run at the same time; further ones wait in order. */
  concurrency?: number;
  /** A job that says nothing for so long is killed. */
  hangSeconds?: number;
  /** How long a job may take to leave after its last word. */
  leaveSeconds?: number;
  /** How long a job may take to write its checkpoint when the host closes. */
  closeSeconds?: number;
}

/** Job processes of one host: a queue, and a watch over each. */
export interface JobHost {
  /** Starts a job now or puts it in the queue. @throws BitsmithError `conflict` when the run has one already */
  launch(job: TrainingJob, listener: JobListener): void;
  /** @throws BitsmithError `conflict` when the run's job is not running */
  pause(run: string): void;
  /** A waiting job is withdrawn, a running one is asked. @throws BitsmithError `conflict` when there is none */
  stop(run: string): void;
  /** @throws BitsmithError `conflict` when the run's job is not running */
  checkpoint(run: string): void;
  /** Ends a running job at once; its end is `crashed` with this reason. */
  kill(run: string, reason: string): void;
  state(run: string): 'waiting' | 'running' | null;
  /** Lets so many jobs run at the same time from now on; those that run already go on. */
  setConcurrency(jobs: number): void;
  /** Withdraws what waits, asks what runs to pause, and kills what does not in time. */
  dispose(): Promise<void>;
}

interface RunningJob {
  port: JobPort;
  listener: JobListener;
  end: JobEnd | undefined;
  /** Resets the watch for a hung process. */
  alive(): void;
  kill(end: JobEnd): void;
  gone: Promise<void>;
}

export function createJobHost(options: JobHostOptions): JobHost {
  const { fork, log = silentLog, hangSeconds = 120, leaveSeconds = 5, closeSeconds = 30 } = options;
  let waiting: { job: TrainingJob; listener: JobListener }[] = [];
  const running = new Map<string, RunningJob>();
  let closed = false;
  let concurrency = options.concurrency ?? 1;

  /** A listener's own error must not take the host down. */
  function tellEnd(run: string, listener: JobListener, end: JobEnd): void {
    try {
      listener.ended(end);
    } catch (error) {
      log.write('error', `job ${run}`, `its end could not be recorded: ${messageOf(error)}`);
    }
  }

  function pump(): void {
    while (!closed && running.size < concurrency) {
      const next = waiting.findIndex(({ job }) => !running.has(job.run));
      const [entry] = next < 0 ? [] : waiting.splice(next, 1);
      if (!entry) return;
      begin(entry.job, entry.listener);
    }
  }

  function begin(job: TrainingJob, listener: JobListener): void {
    let port: JobPort;
    try {
      port = fork(job.run);
    } catch (error) {
      tellEnd(job.run, listener, {
        type: 'crashed',
        reason: `its process could not be started: ${messageOf(error)}`,
      });
      return;
    }
    const left = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout | undefined;
    const entry: RunningJob = {
      port,
      listener,
      end: undefined,
      gone: left.promise,
      alive() {
        clearTimeout(timer);
        if (entry.end) return;
        timer = setTimeout(() => {
          // Once more around the event loop: after a long sleep of the host, messages may be waiting behind this timer.
          timer = setTimeout(
            () => {
              const reason = `its process gave no sign of life for ${hangSeconds} s and was killed`;
              entry.kill({ type: 'crashed', reason });
            },
            Math.min(1000, hangSeconds * 100),
          );
        }, hangSeconds * 1000);
      },
      kill(end) {
        clearTimeout(timer);
        entry.end ??= end;
        port.kill();
      },
    };
    running.set(job.run, entry);
    guarded(entry, () => listener.launched(port.pid));
    port.onMessage((message) => hear(job.run, entry, message, leaveSeconds));
    port.onExit((exit) => {
      clearTimeout(timer);
      running.delete(job.run);
      log.write('info', `job ${job.run}`, `process ${port.pid ?? '?'} left: ${describeExit(exit)}`);
      entry.end ??= { type: 'crashed', reason: describeExit(exit) };
      tellEnd(job.run, listener, entry.end);
      left.resolve();
      pump();
    });
    entry.alive();
    port.send({ type: 'start', job });
  }

  function hear(run: string, entry: RunningJob, message: JobMessage, leave: number): void {
    if (entry.end || !isMessage(message)) return;
    entry.alive();
    if (message.type !== 'ended' && message.type !== 'failed') {
      guarded(entry, () => entry.listener.message(message));
      return;
    }
    entry.end = message;
    entry.alive();
    const leaving = setTimeout(() => {
      log.write(
        'warning',
        `job ${run}`,
        `its process did not leave within ${leave} s of its last word; it is killed`,
      );
      entry.port.kill();
    }, leave * 1000);
    void entry.gone.then(() => clearTimeout(leaving));
  }

  function guarded(entry: RunningJob, tell: () => void): void {
    try {
      tell();
    } catch (error) {
      entry.kill({ type: 'crashed', reason: `what it said could not be stored: ${messageOf(error)}` });
    }
  }

  function ask(run: string, type: 'pause' | 'stop' | 'checkpoint'): void {
    const entry = running.get(run);
    if (!entry || entry.end) {
      const state = waiting.some(({ job }) => job.run === run) ? 'still waiting for its turn' : 'not running';
      throw new BitsmithError(
        'conflict',
        `run ${run} is ${state}; only a running run can be asked to ${type}`,
        { run },
      );
    }
    entry.port.send({ type });
  }

  function withdraw(run: string, reason: string | null): boolean {
    const found = waiting.find(({ job }) => job.run === run);
    if (!found) return false;
    waiting = waiting.filter((each) => each !== found);
    tellEnd(run, found.listener, { type: 'withdrawn', reason });
    return true;
  }

  return {
    launch(job, listener) {
      if (closed)
        throw new BitsmithError('conflict', 'Bitsmith is closing; no run can be started', { run: job.run });
      // A run whose process is just leaving may queue again; it begins when the process is gone.
      const current = running.get(job.run);
      if ((current && !current.end) || waiting.some((each) => each.job.run === job.run)) {
        throw new BitsmithError('conflict', `run ${job.run} has a job already`, { run: job.run });
      }
      waiting.push({ job, listener });
      pump();
    },
    pause: (run) => ask(run, 'pause'),
    checkpoint: (run) => ask(run, 'checkpoint'),
    stop(run) {
      if (!withdraw(run, null)) ask(run, 'stop');
    },
    kill: (run, reason) => running.get(run)?.kill({ type: 'crashed', reason }),
    state(run) {
      const entry = running.get(run);
      if (entry && !entry.end) return 'running';
      return waiting.some(({ job }) => job.run === run) ? 'waiting' : null;
    },
    setConcurrency(jobs) {
      concurrency = jobs;
      pump();
    },
    async dispose() {
      closed = true;
      for (const { job } of [...waiting]) withdraw(job.run, 'Bitsmith was closed before it began');
      const leaving = [...running.values()].map((entry) => {
        if (!entry.end) entry.port.send({ type: 'pause' });
        const late = setTimeout(() => {
          const reason = `it did not write its checkpoint within ${closeSeconds} s when Bitsmith was closed, and was killed`;
          entry.kill({ type: 'crashed', reason });
        }, closeSeconds * 1000);
        return entry.gone.finally(() => clearTimeout(late));
      });
      await Promise.all(leaving);
    },
  };
}

/** A library in the child may talk on the channel too. */
function isMessage(message: unknown): message is JobMessage {
  return (
    message !== null && typeof message === 'object' && 'type' in message && typeof message.type === 'string'
  );
}
