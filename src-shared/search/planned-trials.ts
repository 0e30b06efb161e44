import { parentCount } from './algorithms/evolutionary.ts';
import type { Algorithm, SearchConfig } from './config.ts';
import { spaceSize } from './space.ts';

/** How many trials a search has at most. Of evolution an upper bound: parents that chance retains save children. */
export function plannedTrials({ algorithm, space, budget }: SearchConfig): number {
  return Math.min(wanted(algorithm), spaceSize(space), budget.trials ?? Infinity);
}

function wanted(algorithm: Algorithm): number {
  switch (algorithm.kind) {
    case 'grid':
      return Infinity;
    case 'random':
    case 'asha':
      return algorithm.trials;
    case 'evolutionary': {
      const { population, generations } = algorithm;
      return population + (generations - 1) * (population - parentCount(algorithm));
    }
  }
}
