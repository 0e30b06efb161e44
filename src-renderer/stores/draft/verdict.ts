import { toErrorData } from '#shared/base/errors.ts';
import { isObject } from '#shared/base/json-document.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import { parseRunConfig, resolveRun, type RunConfig } from '../../composables/checked-config.ts';

/** What the network must fit: that of an installed data set, or as the catalogue describes one. */
export interface DatasetFacts {
  name: string;
  shape: [number, number, number];
  classes: string[];
}

/** One thing that is wrong with a draft. */
export interface DraftProblem {
  /** Field, e.g. `training.batchSize` or `model.layers[2].units`; empty: the whole. */
  path: string;
  text: string;
}

/** What is known of a draft without asking the host: by the same functions that the host checks a run with. */
export interface DraftVerdict {
  /** Defaults filled in; null while a field is wrong. */
  config: RunConfig | null;
  /** Null while the configuration is wrong, the data set is unknown, or the network does not fit it. */
  model: ResolvedModel | null;
  problems: DraftProblem[];
}

export function judge(document: unknown, dataset: DatasetFacts | null): DraftVerdict {
  let config: RunConfig;
  try {
    config = parseRunConfig(document);
  } catch (error) {
    return { config: null, model: null, problems: problemsOf(error) };
  }
  if (!dataset) {
    const text = `data set "${config.dataset.name}" is neither installed nor in the catalogue`;
    return { config, model: null, problems: [{ path: 'dataset.name', text }] };
  }
  try {
    return { config, model: resolveRun(config, dataset), problems: [] };
  } catch (error) {
    const problems = problemsOf(error).map((problem) => ({ ...problem, path: problem.path || 'model' }));
    return { config, model: null, problems };
  }
}

function problemsOf(error: unknown): DraftProblem[] {
  const { message, details } = toErrorData(error);
  const issues = details?.issues;
  if (Array.isArray(issues) && issues.length > 0) {
    return issues.filter(isObject).map(({ path, text }) => ({ path: String(path), text: String(text) }));
  }
  return [{ path: '', text: message }];
}

/** The problems of a field and of all inside of it. */
export function problemsAt(problems: readonly DraftProblem[], path: string): DraftProblem[] {
  return problems.filter(
    (one) => one.path === path || one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`),
  );
}
