import { toErrorData } from '#shared/base/errors.ts';
import { isObject } from '#shared/base/json-document.ts';
import type { SoundFeatures } from '#shared/dataset/sound/spec.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import { parseRunConfig, resolveRun, type RunConfig } from '../../composables/checked-config.ts';

/** What the network must fit: that of an installed data set, or as the catalogue describes one. */
export interface DatasetFacts {
  name: string;
  shape: [number, number, number];
  classes: string[];
  /** The front end that its firmware carries; absent where the samples are no sound. */
  sound?: SoundFeatures | undefined;
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

/** @param unreadable text that is no JSON, by the path of what it edits: nothing is launched over it */
export function judge(
  document: unknown,
  dataset: DatasetFacts | null,
  unreadable: Readonly<Record<string, string>> = {},
): DraftVerdict {
  const verdict = judgeDocument(document, dataset);
  const texts = Object.keys(unreadable).map((path) => ({
    path,
    text: `the JSON text of ${path === '' ? 'the configuration' : `"${path}"`} has a mistake and is not in use`,
  }));
  return texts.length > 0 ? { ...verdict, problems: [...texts, ...verdict.problems] } : verdict;
}

function judgeDocument(document: unknown, dataset: DatasetFacts | null): DraftVerdict {
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

/** What a failed check says, each at its field: the first that its sentence names where it does not say. */
export function problemsOf(error: unknown): DraftProblem[] {
  const { message, details } = toErrorData(error);
  const issues = details?.issues;
  if (Array.isArray(issues) && issues.length > 0) {
    return issues.filter(isObject).map(({ path, text }) => ({ path: String(path), text: String(text) }));
  }
  return [{ path: NAMED.exec(message)?.[1] ?? '', text: message }];
}

const NAMED =
  /"((?:dataset|model|quantization|training|initialize|seed|device|name|tags|notes)\b[\w.[\]-]*)"/;

/** The problems of a field and of all inside of it. */
export function problemsAt(problems: readonly DraftProblem[], path: string): DraftProblem[] {
  return problems.filter(
    (one) =>
      path === '' || one.path === path || one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`),
  );
}
