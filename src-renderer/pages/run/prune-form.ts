import { toErrorData } from '#shared/base/errors.ts';
import { largestRate, type PruneOptions } from '#shared/prune/follow-up.ts';
import { parseRunConfig, pruneConfig, type RunConfig } from '../../composables/checked-config.ts';
import { readValues } from '../../components/form/values-text.ts';

/** What a person has typed; numbers that are none yet are text, empty fields undefined. */
export interface PruneForm {
  /** `0.5, 0.7, 0.8` or `50 %, 70 %`. */
  levels: string;
  epochs: unknown;
  tolerance: unknown;
  learningRate: unknown;
  scope: 'layer' | 'global';
  granularity: 'weight' | 'group' | 'channel';
}
export type PruneField = 'levels' | 'epochs' | 'tolerance' | 'learningRate' | 'scope' | 'granularity';

export interface PruneVerdict {
  /** What `run.prune` is asked for; null while something is wrong. */
  options: PruneOptions | null;
  /** The run that it starts. */
  config: RunConfig | null;
  problems: Partial<Record<PruneField | 'other', string>>;
}

/** The form as it is first shown: what pruning does when nothing is said. */
export function pruneDefaults(parent: RunConfig): PruneForm {
  const { pruning } = parent.training;
  return {
    levels: '0.5, 0.7, 0.8, 0.9, 0.95, 0.97',
    epochs: 2,
    tolerance: 0.005,
    learningRate: Number((0.1 * largestRate(parent.training)).toPrecision(6)),
    scope: pruning?.scope ?? 'layer',
    granularity: pruning?.granularity ?? 'weight',
  };
}

/**
 * Checks the form as the host will: by making the configuration of the pruning run and checking that.
 *
 * @param run the run that is pruned
 */
export function pruneVerdict(parent: RunConfig, run: string, form: PruneForm): PruneVerdict {
  const { levels: typed, scope, granularity, ...numbers } = form;
  const levels = readValues(typed).map(level);
  const problems: PruneVerdict['problems'] = {};
  const words = levels.filter((value) => typeof value !== 'number');
  if (words.length > 0)
    problems.levels = `${words.map((word) => `“${String(word)}”`).join(', ')} is no number`;
  else if (levels.length === 0) problems.levels = 'needs at least one sparsity, such as 0.5';
  for (const [field, value] of Object.entries(numbers) as [PruneField, unknown][]) {
    if (typeof value === 'string') problems[field] = `“${value}” is no number`;
  }
  if (Object.keys(problems).length > 0) return { options: null, config: null, problems };

  const options: PruneOptions = { levels: levels as number[], scope, granularity };
  for (const [field, value] of Object.entries(numbers)) {
    if (typeof value === 'number') Object.assign(options, { [field]: value });
  }
  try {
    return { options, config: parseRunConfig(pruneConfig(parent, run, options)), problems };
  } catch (error) {
    const { message, details } = toErrorData(error);
    const issues = Array.isArray(details?.issues) ? (details.issues as { path: string; text: string }[]) : [];
    for (const { path, text } of issues) problems[fieldOf(path)] ??= text;
    if (Object.keys(problems).length === 0) problems.other = message;
    return { options: null, config: null, problems };
  }
}

/** `50 %` is 0.5. */
function level(value: unknown): unknown {
  const share = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value)?.[1] : undefined;
  return share === undefined ? value : Number(share) / 100;
}

function fieldOf(path: string): PruneField | 'other' {
  if (path.startsWith('training.learningRate')) return 'learningRate';
  const rounds = /^training\.pruning\.(?:rounds\.)?(levels|epochs|tolerance|scope|granularity)/.exec(
    path,
  )?.[1];
  return (rounds as PruneField | undefined) ?? 'other';
}
