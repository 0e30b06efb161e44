import { toErrorData } from '#shared/base/errors.ts';
import { getIn, isObject } from '#shared/base/json-document.ts';

/** One thing that is wrong with a draft. */
export interface Problem {
  /** Field of the search, e.g. `algorithm.population` or `space.training.batchSize.values`; empty: the whole. */
  path: string;
  text: string;
}

/** What a failed check says about which fields of the draft. Never empty. */
export function problemsOf(error: unknown, draft: unknown): Problem[] {
  const { message, details } = toErrorData(error);
  const issues = details?.issues;
  if (Array.isArray(issues) && issues.length > 0) {
    return (issues as { path: string; text: string }[]).map(({ path, text }) => ({
      path: inSearch(path, message, draft),
      text,
    }));
  }
  if (typeof details?.path === 'string') return [{ path: parameterOf(details.path, draft), text: message }];
  const text = message.replace(/^the search: /, '');
  return [{ path: mentioned(text, draft), text }];
}

/** The problems of a field and of all inside of it. */
export function problemsAt(problems: readonly Problem[], path: string): Problem[] {
  return problems.filter(
    (one) => one.path === path || one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`),
  );
}

export function problemText(problems: readonly Problem[], path: string): string | null {
  const mine = problemsAt(problems, path);
  return mine.length > 0 ? mine.map(({ text }) => text).join(' ') : null;
}

/** A path in a checked document as one of the search: trials are checked as run configurations. */
function inSearch(path: string, message: string, draft: unknown): string {
  if (message.startsWith('the search:')) return path;
  if (message.startsWith('the run configuration with ')) return parameterOf(path, draft);
  return path === '' ? 'run' : `run.${path}`;
}

/** The parameter of the space that sets a field of the run configuration, else the field itself. */
function parameterOf(path: string, draft: unknown): string {
  const space = getIn(draft, ['space']);
  const within = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}.`);
  for (const [name, dimension] of Object.entries(isObject(space) ? space : {})) {
    const paths = getIn(dimension, ['paths']);
    const set = Array.isArray(paths) ? paths.map(String) : [name];
    if (set.some((one) => within(path, one) || within(one, path))) return `space.${name}`;
  }
  return `run.${path}`;
}

const ROOTS = [
  'space',
  'algorithm',
  'objective',
  'budget',
  'earlyStopping',
  'concurrency',
  'retries',
  'seed',
];

/** The first field that a sentence names in quotes, else what it is about. */
function mentioned(text: string, draft: unknown): string {
  for (const [, quoted = ''] of text.matchAll(/"([^"]+)"/g)) {
    if (ROOTS.includes(quoted.split('.')[0] ?? '')) return quoted;
    const parameter = parameterOf(quoted, draft);
    if (parameter.startsWith('space.')) return parameter;
  }
  if (/\bspace\b/.test(text)) return 'space';
  return /\b(grid|halving)\b/.test(text) ? 'algorithm' : '';
}
