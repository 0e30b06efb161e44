import { RandomStream } from '../../base/random.ts';
import type { Algorithm, SearchConfig } from '../config.ts';
import { drawOther } from '../dimension.ts';
import { byFitness } from '../objective.ts';
import { drawUnseen, pointKey, type Point, type Space } from '../space.ts';
import { isSettled, type Trial } from '../trial.ts';
import type { Proposal } from './proposal.ts';
import { exhausted, nextRandomPoint, seenPoints } from './random.ts';

type Evolution = Extract<Algorithm, { kind: 'evolutionary' }>;

/** How many of the fittest become parents. */
export function parentCount({ population, retain }: Pick<Evolution, 'population' | 'retain'>): number {
  // 30 · 0.1 is 3.0000000000000004 and 10 · 0.29 is 2.9: rounding noise must not cost a parent.
  return Math.floor(population * retain + 1e-9);
}

/**
 * Evolution of genomes (points of the space), as TOT-Net searches its activation functions, without the defects of the
 * published code: the population is sorted by fitness, every gene is honoured, and it ends when the space is exhausted.
 *
 * Generation 0 is drawn by chance. Each further one consists of the parents (the fittest share `retain`, and of the others
 * each with chance `randomSelect`), which are not trained again, and of children of two different parents each, in pairs,
 * by crossover and mutation. No genome is ever trained twice.
 *
 * All is decided by (seed, generation, trial number) and the fitness of finished generations, so that a search that was
 * interrupted goes on as one that was not.
 */
export function proposeEvolution(
  config: SearchConfig,
  algorithm: Evolution,
  trials: readonly Trial[],
): Proposal {
  const { space, seed } = config;
  const generation = Math.max(0, ...trials.map((trial) => trial.generation ?? 0));
  const born = trials.filter((trial) => trial.generation === generation);
  const start = (point: Point, of: number): Proposal => ({ kind: 'start', point, generation: of });

  if (generation === 0 && born.length < algorithm.population) {
    const point = nextRandomPoint(space, seed, trials);
    return point ? start(point, 0) : { kind: 'end', reason: exhausted(trials.length) };
  }
  if (generation > 0) {
    const parents = parentsOf(config, algorithm, trials, generation);
    if (born.length < algorithm.population - parents.length) {
      const child = nextChild(config, algorithm, trials, parents, generation, born.length);
      return child ? start(child, generation) : { kind: 'end', reason: exhausted(trials.length) };
    }
  }
  if (!trials.every(isSettled)) return { kind: 'wait' };
  if (generation + 1 >= algorithm.generations) {
    return { kind: 'end', reason: `all ${algorithm.generations} generations are done` };
  }
  const parents = parentsOf(config, algorithm, trials, generation + 1);
  const child = nextChild(config, algorithm, trials, parents, generation + 1, 0);
  return child ? start(child, generation + 1) : { kind: 'end', reason: exhausted(trials.length) };
}

/** The trials that live in a generation: its parents and those born in it. */
export function populationOf(
  config: SearchConfig,
  algorithm: Evolution,
  trials: readonly Trial[],
  generation: number,
): Trial[] {
  const born = trials.filter((trial) => trial.generation === generation);
  return generation === 0 ? born : [...parentsOf(config, algorithm, trials, generation), ...born];
}

/** Those of the generation before that live on and breed, the fittest first. At least one place is left for a child. */
function parentsOf(
  config: SearchConfig,
  algorithm: Evolution,
  trials: readonly Trial[],
  generation: number,
): Trial[] {
  const ranked = byFitness(config.objective, populationOf(config, algorithm, trials, generation - 1));
  const fittest = parentCount(algorithm);
  const random = new RandomStream(config.seed, 'search/select', generation);
  return ranked
    .filter((_, rank) => rank < fittest || random.nextUniform() < algorithm.randomSelect)
    .slice(0, algorithm.population - 1);
}

/** Child number `index` of a generation; null when every genome of the space was tried. */
function nextChild(
  { space, seed }: SearchConfig,
  algorithm: Evolution,
  trials: readonly Trial[],
  parents: readonly Trial[],
  generation: number,
  index: number,
): Point | null {
  const couple = new RandomStream(seed, `search/couple/${generation}`, Math.floor(index / 2));
  const [a = 0, b = 1] = couple.permutation(parents.length);
  const children = cross(
    space,
    parents[a]?.values ?? {},
    parents[b]?.values ?? {},
    algorithm.crossover,
    couple,
  );
  const random = new RandomStream(seed, 'search/mutate', trials.length + 1);
  const seen = seenPoints(space, trials);
  let child = children[index % 2] ?? children[0];
  if (random.nextUniform() < algorithm.mutation) child = mutate(space, child, random);
  // A genome that was there before is mutated on; where that leads nowhere new, chance decides among what is left.
  for (let attempt = 0; attempt < 32 && seen.has(pointKey(space, child)); attempt++) {
    child = mutate(space, child, random);
  }
  return seen.has(pointKey(space, child)) ? drawUnseen(space, seen, random) : child;
}

/**
 * The two children of a couple. One-point: the genes before a point by chance, in alphabetical order, stay, the others are
 * swapped. Uniform: each gene is swapped with chance one half.
 */
export function cross(
  space: Space,
  a: Point,
  b: Point,
  kind: Evolution['crossover'],
  random: RandomStream,
): [Point, Point] {
  const names = Object.keys(space).sort();
  const point = names.length > 1 ? 1 + random.nextBelow(names.length - 1) : 0;
  const swapped = new Set(
    names.filter((_, i) => (kind === 'one-point' ? i >= point : random.nextUniform() < 0.5)),
  );
  const mixed = (own: Point, other: Point): Point =>
    Object.fromEntries(
      Object.keys(space).map((name) => [name, (swapped.has(name) ? other[name] : own[name]) ?? null]),
    );
  return [mixed(a, b), mixed(b, a)];
}

/** One gene redrawn, to another value. */
export function mutate(space: Space, point: Point, random: RandomStream): Point {
  const genes = Object.entries(space);
  const [name, dimension] = genes[random.nextBelow(genes.length)] ?? [];
  if (name === undefined || !dimension) return point;
  return { ...point, [name]: drawOther(dimension, point[name] ?? null, random) };
}
