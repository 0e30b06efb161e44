import { toErrorData } from '#shared/base/errors.ts';
import type { Trial } from '#shared/search/trial.ts';
import {
  candidateOf,
  parseRunConfig,
  type RunConfig,
  type SearchConfig,
} from '../../composables/checked-config.ts';

export interface Promotion {
  /** What the run is started with; null while something is wrong. */
  document: Record<string, unknown> | null;
  config: RunConfig | null;
  problem: string | null;
  /** Epochs cannot be chosen where phases or pruning rounds add up to them. */
  fixedEpochs: boolean;
}

/**
 * The run that a candidate becomes: the search's configuration with the trial's values, for all its epochs, whatever rung
 * it was stopped at.
 *
 * @param epochs instead of the configuration's; null: those
 */
export function promotion(
  search: SearchConfig,
  trial: Trial,
  name: string,
  epochs: number | null,
): Promotion {
  let config: RunConfig;
  let document: Record<string, unknown>;
  try {
    const candidate = candidateOf(search, trial.values);
    config = candidate.config;
    document = { ...(candidate.document as Record<string, unknown>), name };
  } catch (error) {
    return { document: null, config: null, problem: toErrorData(error).message, fixedEpochs: true };
  }
  const { phases, pruning } = config.training;
  const fixedEpochs = phases !== undefined || pruning?.rounds !== undefined;
  if (epochs !== null && !fixedEpochs)
    document = { ...document, training: { ...(document.training as object | undefined), epochs } };
  try {
    return { document, config: parseRunConfig(document), problem: null, fixedEpochs };
  } catch (error) {
    return { document: null, config, problem: toErrorData(error).message, fixedEpochs };
  }
}
