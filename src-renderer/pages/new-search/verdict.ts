import { plannedTrials } from '#shared/search/planned-trials.ts';
import { spaceSize } from '#shared/search/space.ts';
import { checkSearch, type SearchConfig } from '../../composables/checked-config.ts';
import { problemsOf, type Problem } from './problems.ts';

/** What is known of a draft without asking the host. */
export interface Verdict {
  /** Null while something is wrong. */
  config: SearchConfig | null;
  problems: Problem[];
  /** Most trials that it will have. */
  trials: number;
  /** Points of the space; null: without end. */
  points: number | null;
  /** Epochs of all trials together, at most. */
  epochs: number;
}

const NOTHING = { config: null, trials: 0, points: null, epochs: 0 };

/** Checks a draft by the same function as the host does. */
export function verdictOf(draft: unknown): Verdict {
  try {
    const { config, candidates } = checkSearch(draft);
    const points = spaceSize(config.space);
    const trials = plannedTrials(config);
    const longest = Math.max(...candidates.map(({ config: run }) => run.training.epochs));
    return {
      config,
      problems: [],
      trials,
      points: Number.isFinite(points) ? points : null,
      epochs: Math.min(trials * longest, config.budget.epochs ?? Infinity),
    };
  } catch (error) {
    return { ...NOTHING, problems: problemsOf(error, draft) };
  }
}
