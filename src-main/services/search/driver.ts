import { messageOf, toErrorData } from '#shared/base/errors.ts';
import { isLive } from '#shared/run/status.ts';
import type { SearchConfig } from '#shared/search/config.ts';
import { medianVerdict } from '#shared/search/median-rule.ts';
import { nextStep, type Step } from '#shared/search/next-step.ts';
import { isSettled, type Trial } from '#shared/search/trial.ts';
import { timestamp, type Clock } from '#main/platform/clock.ts';
import type { Log } from '#main/platform/log.ts';
import type { Store } from '#main/store/index.ts';
import type { RunService } from '../run/index.ts';
import type { Publish } from '../task/publisher.ts';
import { outcomeOf } from './trial-outcome.ts';
import { newTrial, pauseRun, refreshed, resumeRun, startRun, stopRun } from './trial-runs.ts';

interface DriverOptions {
  id: string;
  config: SearchConfig;
  store: Store;
  run: RunService;
  publish: Publish;
  clock: Clock;
  log: Log;
  /** It is not running any more. */
  onEnd(): void;
}

/** What works on one running search. */
export interface Driver {
  readonly config: SearchConfig;
  /** Whether it set this run going. */
  owns(run: string): boolean;
  /** Something may have happened: a run ended, a person asked. */
  poke(): void;
  /** A run that it owns has a new value of the objective. */
  observe(run: string): void;
  /** No new work; live runs are asked to pause or stop, and when all have, the search has this status. */
  ask(to: 'paused' | 'stopped', reason: string | null): void;
  /** Resolves when nothing is in progress. */
  quiet(): Promise<void>;
}

type Asked = { to: 'paused' | 'stopped' | 'crashed'; reason: string | null };

/**
 * Drives one search: settles trials whose runs have ended, fills the free places with what `nextStep` wants, and ends.
 * It keeps nothing that matters: what it does follows from the store, so another driver can go on after a crash.
 */
export function createDriver(options: DriverOptions): Driver {
  const { id, config, store, run, publish, clock, log, onEnd } = options;
  /** Runs that this driver set going and that should be at work. */
  const watched = new Set<string>();
  const told = new Set<string>();
  let asked: Asked | null = null;
  let over = false;
  let dirty = false;
  let errors = 0;
  let work: Promise<void> | null = null;

  const changed = (): void => publish('searches-changed', { search: id });
  function put(trial: Trial): void {
    store.searches.putTrial(id, trial);
    changed();
  }
  const runOf = (trial: Trial) => (trial.run === null ? null : (store.runs.find(trial.run) ?? null));
  const isAtWork = (trial: Trial): boolean => isLive(runOf(trial)?.status ?? 'crashed');
  const active = (): Trial[] => store.searches.trials(id).filter(({ status }) => status === 'active');

  function settle(trial: Trial, status: 'finished' | 'stopped' | 'failed', reason: string | null): void {
    const now = refreshed(store, config, trial);
    // A run that a person took to its end counts as a whole.
    const target = status === 'finished' ? (runOf(trial)?.epochs ?? trial.target) : trial.target;
    const empty = status === 'finished' && now.curve.length === 0;
    put({
      ...now,
      target,
      status: empty ? 'failed' : status,
      reason: empty ? `its run has no "${config.objective.series}"` : reason,
      endedAt: timestamp(clock),
    });
    if (trial.run !== null) watched.delete(trial.run);
  }

  /** Takes note of what has become of the runs of active trials. */
  function look(): void {
    for (const trial of active()) {
      const known = trial.run ?? '';
      const outcome = outcomeOf(config, trial, runOf(trial), watched.has(known) && !asked);
      switch (outcome.kind) {
        case 'live':
          break;
        case 'settled':
          settle(trial, outcome.status, outcome.reason);
          break;
        case 'rung':
          watched.delete(known);
          put({ ...refreshed(store, config, trial), status: 'waiting' });
          break;
        case 'paused-by-hand':
          asked = { to: 'paused', reason: `run ${known} of trial ${trial.number} was paused` };
          break;
        case 'interrupted':
          if (outcome.crashed) crashed(trial);
      }
    }
  }

  function crashed(trial: Trial): void {
    watched.delete(trial.run ?? '');
    const reason = runOf(trial)?.reason ?? 'unknown reason';
    if (trial.retries >= config.retries) {
      settle(trial, 'failed', `its process crashed ${trial.retries + 1} times: ${reason}`);
    } else {
      log.write('warning', `search ${id}`, `trial ${trial.number} crashed (${reason}); it is resumed`);
      put({ ...trial, retries: trial.retries + 1 });
    }
  }

  async function turn(): Promise<void> {
    for (;;) {
      look();
      if (asked) return windDown(asked);
      const trials = store.searches.trials(id);
      const unfinished = trials.filter(({ status }) => status === 'active');
      const idle = unfinished.find((trial) => !isAtWork(trial));
      if (unfinished.filter(isAtWork).length >= config.concurrency) return;
      if (idle) {
        await goOn(idle);
        continue;
      }
      const step = nextStep(config, trials);
      if (step.kind === 'wait') {
        if (unfinished.length === 0) throw new Error('the search waits for nothing');
        return;
      }
      if (step.kind === 'end') return conclude(step.status, step.reason);
      if (step.kind === 'start') await begin(trials.length + 1, step);
      else {
        const trial = trials.find(({ number }) => number === step.trial);
        if (trial) put({ ...trial, status: 'active', target: step.target });
      }
    }
  }

  async function begin(number: number, step: Extract<Step, { kind: 'start' }>): Promise<void> {
    const trial = newTrial(number, step, timestamp(clock));
    const problem =
      step.problem ??
      (await startRun(run, config, id, trial, deviceSoFar(), (runId) => {
        store.searches.putTrial(id, { ...trial, run: runId });
        watched.add(runId);
      }));
    if (problem !== null) put({ ...trial, status: 'failed', reason: problem, endedAt: timestamp(clock) });
    else changed();
  }

  /** What the search computes on: one back end for all trials, so that they can be compared and it is chosen once. */
  function deviceSoFar(): string | null {
    const devices = store.searches.trials(id).map((trial) => runOf(trial)?.device ?? null);
    return devices.find((device) => device !== null) ?? null;
  }

  async function goOn(trial: Trial): Promise<void> {
    const verdict = judge(trial, store.searches.trials(id));
    if (verdict) {
      if (runOf(trial)?.status === 'paused') stopRun(run, trial.run ?? '', verdict.reason);
      return settle({ ...trial, target: verdict.epoch }, 'stopped', verdict.reason);
    }
    watched.add(trial.run ?? '');
    const problem = await resumeRun(store, run, trial);
    if (problem !== null) settle(trial, 'failed', problem);
  }

  /** The median rule over the epochs that came since the trial was last looked at. */
  function judge(trial: Trial, trials: readonly Trial[]) {
    return medianVerdict(config, refreshed(store, config, trial), trials, trial.curve.at(-1)?.[0] ?? 0);
  }

  function windDown({ to, reason }: Asked): void {
    const live = active().filter(isAtWork);
    for (const { run: id } of live) {
      if (id === null || told.has(id)) continue;
      told.add(id);
      if (to === 'stopped') stopRun(run, id, 'its search was stopped');
      else pauseRun(run, id);
    }
    // One that waited for its turn is out of the queue at once.
    if (!active().some(isAtWork)) conclude(to, reason);
  }

  function conclude(to: 'finished' | 'failed' | Asked['to'], reason: string | null): void {
    const final = to !== 'paused' && to !== 'crashed';
    for (const trial of final ? store.searches.trials(id).filter((each) => !isSettled(each)) : []) {
      const why =
        trial.status === 'waiting' && to !== 'stopped'
          ? `not promoted beyond epoch ${trial.target}`
          : 'its search was stopped';
      if (trial.run !== null && runOf(trial)?.status === 'paused') stopRun(run, trial.run, why);
      settle(trial, 'stopped', why);
    }
    store.searches.setStatus(id, to, { at: timestamp(clock), reason });
    over = true;
    log.write('info', `search ${id}`, `${to}${reason ? `: ${reason}` : ''}`);
    changed();
    onEnd();
  }

  async function loop(): Promise<void> {
    while (dirty && !over) {
      dirty = false;
      try {
        await turn();
      } catch (error) {
        log.write('error', `search ${id}`, messageOf(error));
        if (++errors > 3) {
          // Not even its end can be stored. The next start finds it as crashed.
          publish('host-error', toErrorData(error));
          over = true;
          onEnd();
          return;
        }
        asked ??= { to: 'crashed', reason: messageOf(error) };
        dirty = true;
      }
    }
  }

  function poke(): void {
    if (over) return;
    dirty = true;
    // Not at once: what a turn does tells of changes, which lead here again.
    work ??= Promise.resolve()
      .then(loop)
      .finally(() => {
        work = null;
        // What came between the last look and now.
        if (dirty) poke();
      });
  }

  return {
    config,
    owns: (given) => watched.has(given),
    poke,
    observe(given) {
      const trials = store.searches.trials(id);
      const trial = trials.find((each) => each.run === given && each.status === 'active');
      if (!trial || over) return;
      const now = refreshed(store, config, trial);
      const verdict = asked ? null : judge(trial, trials);
      if (!verdict) return put(now);
      put({ ...now, target: verdict.epoch, reason: verdict.reason });
      stopRun(run, given, verdict.reason);
    },
    ask(to, reason) {
      // To stop is more than to pause.
      if (!asked || to === 'stopped') {
        asked = { to, reason };
        told.clear();
      }
      poke();
    },
    async quiet() {
      while (work) await work;
    },
  };
}
