import { RandomStream } from '../../base/random.ts';
import { drawUnseen, pointKey, type Point, type Space } from '../space.ts';
import type { Trial } from '../trial.ts';
import type { Proposal } from './proposal.ts';

/** Keys of the points that trials had. */
export function seenPoints(space: Space, trials: readonly Trial[]): Set<string> {
  return new Set(trials.map(({ values }) => pointKey(space, values)));
}

/** The point of the next trial: by chance, decided by (seed, trial number) and what was seen; null: the space has no more. */
export function nextRandomPoint(space: Space, seed: number, trials: readonly Trial[]): Point | null {
  const random = new RandomStream(seed, 'search/point', trials.length + 1);
  return drawUnseen(space, seenPoints(space, trials), random);
}

/** Points by chance, none twice. */
export function proposeRandom(space: Space, seed: number, most: number, trials: readonly Trial[]): Proposal {
  if (trials.length >= most) return { kind: 'end', reason: `all ${most} trials are done` };
  const point = nextRandomPoint(space, seed, trials);
  if (!point) return { kind: 'end', reason: exhausted(trials.length) };
  return { kind: 'start', point, generation: null };
}

/** Why a search ends that has tried everything. */
export function exhausted(trials: number): string {
  return `the space is exhausted: all ${trials} points were tried`;
}
