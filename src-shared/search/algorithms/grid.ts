import { pointAt, spaceSize, type Space } from '../space.ts';
import type { Trial } from '../trial.ts';
import type { Proposal } from './proposal.ts';

/** Every point of a finite space, the last parameter changing fastest. */
export function proposeGrid(space: Space, trials: readonly Trial[]): Proposal {
  const size = spaceSize(space);
  if (trials.length >= size) return { kind: 'end', reason: `all ${size} points of the grid are done` };
  return { kind: 'start', point: pointAt(space, trials.length), generation: null };
}
