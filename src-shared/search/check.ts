import { BitsmithError } from '../base/errors.ts';
import { parseWith } from '../base/schema.ts';
import type { RunConfig } from '../run/config.ts';
import { BEST_SERIES } from '../run/record.ts';
import { isFinalForm, planAt } from '../train/moment.ts';
import { rungsOf } from './algorithms/asha.ts';
import { parentCount } from './algorithms/evolutionary.ts';
import { candidateOf, type Candidate } from './candidate.ts';
import { keysOf } from './config-path.ts';
import { SearchConfigSchema, type SearchConfig } from './config.ts';
import { dimensionSize, ends, valueAt, type Json } from './dimension.ts';
import { firstPoint, pathsOf, pointAt, spaceSize, type Point } from './space.ts';

/** A space of so few points is checked point by point. */
const MOST_POINTS = 256;
/** A parameter of so few values is checked value by value; of others the first and the last are. */
const MOST_VALUES = 500;
const MOST_GRID_POINTS = 100_000;

export interface CheckedSearch {
  config: SearchConfig;
  /** Candidates that were checked against the run configuration's schema, each value of each parameter among them. */
  candidates: Candidate[];
}

/**
 * Checks a search as a whole before any work is done: its schema, that each field of its space exists, that each value
 * makes a valid run configuration, and that its algorithm can come to an end with these numbers.
 *
 * @throws BitsmithError `invalid-input` naming the field, its value and what is allowed
 */
export function checkSearch(document: unknown): CheckedSearch {
  const config = parseWith(SearchConfigSchema, document, 'the search');
  checkPaths(config);
  checkSpace(config);
  const candidates = probePoints(config).map((point) => candidateOf(config, point));
  checkObjective(config, candidates);
  checkEpochs(config, candidates);
  checkAlgorithm(config, candidates);
  return { config, candidates };
}

function refuse(message: string): never {
  throw new BitsmithError('invalid-input', `the search: ${message}`);
}

/** No field is set by two parameters, nor inside of what another sets. */
function checkPaths({ space }: SearchConfig): void {
  const set: { name: string; path: string; keys: string[] }[] = [];
  for (const [name, dimension] of Object.entries(space)) {
    for (const path of pathsOf(name, dimension)) {
      const keys = keysOf(path);
      if (keys.length === 0) refuse(`"space.${name}" names no field of the run configuration`);
      const other = set.find((one) => one.keys.every((key, i) => i >= keys.length || key === keys[i]));
      if (other) {
        const what = other.path === path ? `"${path}" is` : `"${other.path}" and "${path}" overlap; they are`;
        refuse(`${what} set twice, by the parameters "${other.name}" and "${name}"`);
      }
      set.push({ name, path, keys });
    }
  }
}

function checkSpace({ space, algorithm }: SearchConfig): void {
  if (algorithm.kind === 'grid') {
    const open = Object.entries(space).find(([, dimension]) => !Number.isFinite(dimensionSize(dimension)));
    if (open) {
      refuse(
        `"space.${open[0]}" is a range with any number of values, and a grid needs a fixed number; give it a "count" or a "step"`,
      );
    }
    const size = spaceSize(space);
    if (size > MOST_GRID_POINTS)
      refuse(
        `its grid has ${size} points; at most ${MOST_GRID_POINTS} are allowed. Take "random" or "evolutionary"`,
      );
  } else if (spaceSize(space) < 2) {
    refuse('its space has a single point; there is nothing to search');
  }
}

/** The points that are tried before anything starts: all of a small space, else each value of each parameter in turn. */
function probePoints({ space }: SearchConfig): Point[] {
  const size = spaceSize(space);
  if (size <= MOST_POINTS) return Array.from({ length: size }, (_, i) => pointAt(space, i));
  const entries = Object.entries(space);
  const first = firstPoint(space);
  return entries.flatMap(([name, dimension]) => {
    const count = dimensionSize(dimension);
    const values: readonly Json[] =
      count <= MOST_VALUES ? Array.from({ length: count }, (_, i) => valueAt(dimension, i)) : ends(dimension);
    return values.map((value) => ({ ...first, [name]: value }));
  });
}

function checkObjective({ objective }: SearchConfig, candidates: readonly Candidate[]): void {
  const { series, select } = objective;
  if (
    series !== BEST_SERIES &&
    select === 'best' &&
    !candidates.every(({ config }) => isFinalAt(config, 1))
  ) {
    refuse(
      `"objective.select" is "best", but only later in training is the network quantized and as sparse as it will be, so an epoch before could win; take "last", or the series "${BEST_SERIES}"`,
    );
  }
  if (!series.startsWith('validation/')) return;
  if (candidates.every(({ config }) => config.dataset.validation > 0)) return;
  refuse(
    `"objective.series" is "${series}", but "dataset.validation" of the run configuration is 0; hold back a share of the samples, such as 0.1`,
  );
}

/** Whether the network of a run has its last form at the last step of an epoch. */
function isFinalAt({ training }: RunConfig, epoch: number): boolean {
  return isFinalForm(training, planAt(training, Math.min(epoch, training.epochs) - 1e-3));
}

function checkEpochs({ budget }: SearchConfig, candidates: readonly Candidate[]): void {
  const least = Math.min(...candidates.map(({ config }) => config.training.epochs));
  if (budget.epochs !== undefined && budget.epochs < least)
    refuse(`"budget.epochs" is ${budget.epochs}, but a trial has ${least} epochs; not one could be trained`);
}

function checkAlgorithm(
  { algorithm, earlyStopping, objective }: SearchConfig,
  candidates: readonly Candidate[],
): void {
  if (algorithm.kind === 'evolutionary') {
    const { population, retain } = algorithm;
    const parents = parentCount(algorithm);
    if (parents < 2) {
      refuse(
        `"algorithm.retain" is ${retain}; of a population of ${population} that keeps ${parents}, and at least 2 parents are needed (${Math.ceil(200 / population) / 100} or more)`,
      );
    }
  }
  if (algorithm.kind !== 'asha') return;
  const epochs = new Set(candidates.map(({ config }) => config.training.epochs));
  const [all = 1] = epochs;
  if (epochs.size > 1)
    refuse('successive halving compares trials of equal length, but its space changes "training.epochs"');
  if (earlyStopping.patience !== undefined || earlyStopping.median)
    refuse('"earlyStopping" cannot be combined with "asha", which stops trials early itself');
  const { minEpochs, reduction, trials } = algorithm;
  if (minEpochs > all)
    refuse(`"algorithm.minEpochs" is ${minEpochs}, more than the ${all} epochs of "training.epochs"`);
  const rungs = rungsOf(algorithm, all);
  if (rungs.length < 2) {
    refuse(
      `"algorithm.minEpochs" is ${minEpochs} and "algorithm.reduction" ${reduction}; their product must be at most the ${all} epochs of "training.epochs", or nothing is ever compared`,
    );
  }
  const [lowest = 1] = rungs;
  if (objective.series === BEST_SERIES && !candidates.every(({ config }) => isFinalAt(config, lowest))) {
    refuse(
      `"algorithm.minEpochs" is ${lowest}, but then the network is not yet quantized and as sparse as it will be, so "${BEST_SERIES}" has no value to compare; raise it`,
    );
  }
  const needed = reduction ** (rungs.length - 1);
  if (trials < needed) {
    refuse(
      `"algorithm.trials" is ${trials}; with a reduction by ${reduction} at ${rungs.slice(0, -1).join(', ')} epochs, fewer than ${needed} trials leave none to be trained for all ${all} epochs`,
    );
  }
}
