import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import { candidateOf } from '#shared/search/candidate.ts';
import type { SearchConfig } from '#shared/search/config.ts';
import type { Step } from '#shared/search/next-step.ts';
import type { Trial } from '#shared/search/trial.ts';
import type { RunService } from '../run/index.ts';
import type { Store } from '#main/store/index.ts';

/** The tag of all runs of a search. */
export function searchTag(search: string): string {
  return `search:${search}`;
}

/** A trial that has done nothing yet. */
export function newTrial(number: number, step: Extract<Step, { kind: 'start' }>, at: string): Trial {
  return {
    number,
    run: null,
    values: step.values,
    status: 'active',
    reason: null,
    generation: step.generation,
    target: step.target,
    epochs: 0,
    curve: [],
    seconds: 0,
    retries: 0,
    createdAt: at,
    endedAt: null,
  };
}

/** A trial with what its run has told so far: epochs, the objective's curve, seconds of computing. */
export function refreshed(store: Store, config: SearchConfig, trial: Trial): Trial {
  const run = trial.run === null ? undefined : store.runs.find(trial.run);
  if (!run) return trial;
  const [series] = store.series.read(run.id, [config.objective.series]);
  const curve = (series?.value ?? []).map((value, i): [number, number] => [series?.epoch[i] ?? 0, value]);
  return { ...trial, epochs: run.epochsDone, curve, seconds: series?.time.at(-1) ?? trial.seconds };
}

/**
 * Starts the run of a trial.
 *
 * @param device what earlier trials were computed on, taken where the configuration leaves the choice open
 * @param stored called in the transaction that stores the run, so that no crash parts the two
 * @returns null, or why this candidate cannot be trained; nothing is stored then
 * @throws BitsmithError whatever is not the candidate's own fault
 */
export async function startRun(
  run: RunService,
  config: SearchConfig,
  search: string,
  trial: Trial,
  device: string | null,
  stored: (run: string) => void,
): Promise<string | null> {
  let exists = false;
  try {
    const { document, config: runConfig } = candidateOf(config, trial.values);
    const whole = trial.target >= runConfig.training.epochs;
    await run.start(
      { config: document },
      {
        name: `${config.name} #${trial.number}`,
        tags: [searchTag(search)],
        ...(whole ? {} : { untilEpoch: trial.target }),
        device: runConfig.device === 'auto' ? device : null,
        stored(id) {
          exists = true;
          stored(id);
        },
      },
    );
    return null;
  } catch (error) {
    const fault =
      error instanceof BitsmithError && (error.code === 'invalid-input' || error.code === 'unsupported');
    if (exists || !fault) throw error;
    return messageOf(error);
  }
}

/**
 * Goes on with the run of a trial until its target.
 *
 * @returns null, or why it cannot go on any more
 */
export async function resumeRun(store: Store, run: RunService, trial: Trial): Promise<string | null> {
  const id = trial.run ?? '';
  try {
    const whole = trial.target >= store.runs.get(id).epochs;
    await run.resume({ run: id }, whole ? {} : { untilEpoch: trial.target });
    return null;
  } catch (error) {
    if (error instanceof BitsmithError && error.code === 'corrupt') return messageOf(error);
    throw error;
  }
}

/** Asks a live run to pause; one that still waits for its turn is taken out of the queue. */
export function pauseRun(run: RunService, id: string): void {
  try {
    run.pause({ run: id });
  } catch (error) {
    if (!(error instanceof BitsmithError && error.code === 'conflict')) throw error;
    stopRun(run, id, 'its search was paused');
  }
}

/** Ends a live or paused run, unless it is just leaving by itself. */
export function stopRun(run: RunService, id: string, reason: string): void {
  try {
    run.stop({ run: id }, { reason });
  } catch (error) {
    if (!(error instanceof BitsmithError && error.code === 'conflict')) throw error;
  }
}
