import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { rungsOf } from '#shared/search/algorithms/asha.ts';
import { cross, mutate, parentCount, populationOf } from '#shared/search/algorithms/evolutionary.ts';
import type { SearchConfig } from '#shared/search/config.ts';
import { byFitness } from '#shared/search/objective.ts';
import { plannedTrials } from '#shared/search/planned-trials.ts';
import { pointKey } from '#shared/search/space.ts';
import { RUN, searchConfig, simulate, type Fitness, type Simulation } from './simulate.ts';

const FAMILIES = [
  'relu',
  'elu',
  'tanh',
  'sigmoid',
  'selu',
  'swish',
  'prelu',
  'leaky-relu',
  'elish',
  'hard-tanh',
];
const TOT_NET = { ...RUN, quantization: { activations: { method: 'tot-net' } } };
const GENES = {
  'quantization.activations.left': { values: FAMILIES },
  'quantization.activations.right': { values: FAMILIES },
};
/** A smooth hill over the 100 genomes with its only top at (6, 2). */
const hill: Fitness = (values) => {
  const at = (name: string) => FAMILIES.indexOf(String(values[name]));
  return (
    1 -
    ((at('quantization.activations.left') - 6) ** 2 + (at('quantization.activations.right') - 2) ** 2) / 200
  );
};
const TOP = { 'quantization.activations.left': 'prelu', 'quantization.activations.right': 'tanh' };

const best = (config: SearchConfig, { trials }: Simulation) => byFitness(config.objective, trials)[0];
const keys = (config: SearchConfig, { trials }: Simulation) =>
  trials.map(({ values }) => pointKey(config.space, values));

/** Which of the active trials ends first, by chance. */
function anyOrder(seed: number) {
  const random = new RandomStream(seed, 'order');
  return (active: readonly unknown[]) => random.nextBelow(active.length);
}

describe('grid', () => {
  const config = searchConfig({ run: TOT_NET, space: GENES, algorithm: { kind: 'grid' } });

  it('trains every point once, in order, and ends', () => {
    const result = simulate(config, hill, { concurrency: 3 });
    expect(new Set(keys(config, result)).size).toBe(100);
    expect(result.trials[1]?.values).toEqual({
      'quantization.activations.left': 'relu',
      'quantization.activations.right': 'elu',
    });
    expect(result.end).toMatchObject({ status: 'finished', reason: 'all 100 points of the grid are done' });
    expect(best(config, result)?.values).toEqual(TOP);
    expect(plannedTrials(config)).toBe(100);
  });
});

describe('random search', () => {
  it('draws no point twice and stops at its number of trials', () => {
    const config = searchConfig({ run: TOT_NET, space: GENES, algorithm: { kind: 'random', trials: 60 } });
    const result = simulate(config, hill);
    expect(new Set(keys(config, result)).size).toBe(60);
    expect(result.end.reason).toBe('all 60 trials are done');
  });

  it('ends when the space is exhausted', () => {
    const config = searchConfig({ run: TOT_NET, space: GENES, algorithm: { kind: 'random', trials: 500 } });
    const result = simulate(config, hill, { concurrency: 4, pick: anyOrder(1) });
    expect(result.trials).toHaveLength(100);
    expect(result.end.reason).toMatch(/exhausted: all 100 points/);
    expect(plannedTrials(config)).toBe(100);
  });

  it('draws the same points whatever the order in which trials end, and others for another seed', () => {
    const over = {
      space: { 'training.learningRate': { min: 1e-4, max: 1, scale: 'log' } },
      run: RUN,
    } as const;
    const config = searchConfig({ ...over, algorithm: { kind: 'random', trials: 12 } });
    const one = keys(config, simulate(config, hill));
    expect(keys(config, simulate(config, hill, { concurrency: 5, pick: anyOrder(7) }))).toEqual(one);
    const other = searchConfig({ ...over, seed: 2, algorithm: { kind: 'random', trials: 12 } });
    expect(keys(other, simulate(other, hill))).not.toEqual(one);
  });
});

describe('evolution', () => {
  const paper = (seed: number) =>
    searchConfig({ run: TOT_NET, space: GENES, seed, algorithm: { kind: 'evolutionary' } });

  it('with the paper’s numbers ends within the 100 genomes, none twice, for any seed', () => {
    for (let seed = 0; seed < 20; seed++) {
      const config = paper(seed);
      const result = simulate(config, hill);
      expect(new Set(keys(config, result)).size).toBe(result.trials.length);
      expect(result.trials.length).toBeLessThanOrEqual(100);
      expect(result.end.status).toBe('finished');
      expect(result.end.reason).toMatch(/exhausted: all 100|all 8 generations/);
    }
  });

  it('finds the top in fewer trials than chance does', () => {
    const algorithm = { kind: 'evolutionary', population: 10, generations: 4, retain: 0.3 } as const;
    const trialsUntilTop = (kind: 'evolution' | 'random') => {
      let sum = 0;
      for (let seed = 0; seed < 40; seed++) {
        const config = searchConfig({
          run: TOT_NET,
          space: GENES,
          seed,
          algorithm:
            kind === 'evolution' ? { ...algorithm, generations: 50 } : { kind: 'random', trials: 100 },
        });
        const found = keys(config, simulate(config, hill)).indexOf(pointKey(config.space, TOP));
        expect(found).toBeGreaterThanOrEqual(0);
        sum += found + 1;
      }
      return sum / 40;
    };
    // Drawing without repetition from 100 takes 50.5 trials on average.
    expect(trialsUntilTop('evolution')).toBeLessThan(40);
    expect(trialsUntilTop('random')).toBeGreaterThan(40);
  });

  it('keeps the fittest as parents, which the published code does not, and trains nobody again', () => {
    const config = searchConfig({
      run: TOT_NET,
      space: GENES,
      algorithm: { kind: 'evolutionary', population: 10, generations: 3, retain: 0.3, randomSelect: 0 },
    });
    const { trials } = simulate(config, hill);
    if (config.algorithm.kind !== 'evolutionary') throw new Error('unreachable');
    expect(trials.map(({ generation }) => generation)).toEqual([
      ...Array<number>(10).fill(0),
      ...Array<number>(7).fill(1),
      ...Array<number>(7).fill(2),
    ]);
    const first = byFitness(config.objective, trials.slice(0, 10));
    const second = populationOf(config, config.algorithm, trials, 1);
    expect(second.slice(0, 3)).toEqual(first.slice(0, 3));
    expect(second).toHaveLength(10);
    const fitness = (population: typeof trials) =>
      byFitness(config.objective, population)[0]?.curve.at(-1)?.[1] ?? 0;
    expect(fitness(populationOf(config, config.algorithm, trials, 2))).toBeGreaterThanOrEqual(
      fitness(second),
    );
  });

  it('gives the same trials whatever the order in which a generation ends', () => {
    const config = searchConfig({
      run: TOT_NET,
      space: GENES,
      algorithm: { kind: 'evolutionary', population: 8, generations: 5, retain: 0.25 },
    });
    const one = keys(config, simulate(config, hill));
    for (let seed = 0; seed < 5; seed++) {
      const other = simulate(config, hill, { concurrency: 3, pick: anyOrder(seed) });
      expect(keys(config, other)).toEqual(one);
    }
  });

  it('goes on from any moment as if it had not been interrupted', () => {
    const config = paper(3);
    const whole = simulate(config, hill);
    for (const at of [1, 7, 20, 21, 33, 50]) {
      const from = structuredClone(whole.trials.slice(0, at));
      expect(simulate(config, hill, { from }).trials).toEqual(whole.trials);
    }
  });

  it('ends when all genomes were born in the first population', () => {
    const space = { 'training.batchSize': { values: [10, 20, 50] } };
    const config = searchConfig({ space, algorithm: { kind: 'evolutionary' } });
    const result = simulate(config, () => 0.5);
    expect(result.trials).toHaveLength(3);
    expect(result.end.reason).toMatch(/exhausted/);
  });

  it('crosses two parents at one point, or gene by gene', () => {
    const { space } = searchConfig({ run: TOT_NET, space: GENES });
    const [left, right] = Object.keys(GENES) as [string, string];
    const a = { [left]: 'relu', [right]: 'elu' };
    const b = { [left]: 'tanh', [right]: 'swish' };
    // With two genes there is one point, and it swaps the right ones.
    expect(cross(space, a, b, 'one-point', new RandomStream(1, 'x'))).toEqual([
      { [left]: 'relu', [right]: 'swish' },
      { [left]: 'tanh', [right]: 'elu' },
    ]);
    const uniform = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const pair = cross(space, a, b, 'uniform', new RandomStream(1, 'x', i));
      for (const name of [left, right]) {
        expect(new Set(pair.map((child) => child[name]))).toEqual(new Set([a[name], b[name]]));
      }
      uniform.add(JSON.stringify(pair));
    }
    expect(uniform.size).toBe(4);
  });

  it('mutates exactly one gene, to another value, and every gene at some time', () => {
    const { space } = searchConfig({ run: TOT_NET, space: GENES });
    const before = { 'quantization.activations.left': 'relu', 'quantization.activations.right': 'elu' };
    const changed = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const after = mutate(space, before, new RandomStream(1, 'm', i));
      const differing = Object.keys(before).filter(
        (name) => after[name] !== before[name as keyof typeof before],
      );
      expect(differing).toHaveLength(1);
      changed.add(differing[0] ?? '');
    }
    expect(changed.size).toBe(2);
  });

  it('counts parents without rounding noise', () => {
    expect(parentCount({ population: 30, retain: 0.1 })).toBe(3);
    expect(parentCount({ population: 100, retain: 0.29 })).toBe(29);
  });
});

describe('successive halving', () => {
  const config = searchConfig({
    space: { 'training.learningRate': { min: 0.001, max: 1, scale: 'log' } },
    algorithm: { kind: 'asha', trials: 16, minEpochs: 1, reduction: 2 },
  });
  /** Better the closer the rate is to 0.1, and rising with the epochs without ever changing places. */
  const rate: Fitness = (values, epoch) =>
    1 - Math.abs(Math.log10(Number(values['training.learningRate'])) + 1) / 4 - 1 / (1 + epoch);

  it.each([
    [1, 2, 8, [1, 2, 4, 8]],
    [1, 3, 10, [1, 3, 10]],
    [2, 4, 31, [2, 31]],
    [3, 3, 8, [8]],
  ])('has rungs from %i by %i to %i', (minEpochs, reduction, epochs, rungs) => {
    expect(rungsOf({ minEpochs, reduction }, epochs)).toEqual(rungs);
  });

  it('with one at a time gives half of each rung twice the epochs, and ends with the best trained whole', () => {
    const result = simulate(config, rate);
    const reached = [1, 2, 4, 8].map((rung) => result.trials.filter(({ epochs }) => epochs >= rung).length);
    expect(reached[0]).toBe(16);
    for (let k = 1; k < 4; k++) {
      expect(reached[k]).toBeGreaterThanOrEqual(16 / 2 ** k);
      expect(reached[k]).toBeLessThan(reached[k - 1] ?? 0);
    }
    const top = best(config, result);
    const closest = [...result.trials].sort((a, b) => (rate(b.values, 1) ?? 0) - (rate(a.values, 1) ?? 0))[0];
    expect(top?.number).toBe(closest?.number);
    expect(top).toMatchObject({ status: 'finished', epochs: 8 });
    expect(result.end.reason).toBe('all 16 trials are done');
    // What is left waiting is not among the better half of its rung.
    for (const { target, curve } of result.trials.filter(({ status }) => status === 'waiting')) {
      const rivals = result.trials
        .filter((trial) => trial.epochs >= target)
        .map((trial) => trial.curve[target - 1]?.[1] ?? 0)
        .sort((a, b) => b - a);
      expect(rivals.indexOf(curve[target - 1]?.[1] ?? 0)).toBeGreaterThanOrEqual(
        Math.floor(rivals.length / 2),
      );
    }
  });

  it('promotes from the top rung first, and only as soon as a rung has enough', () => {
    const { steps } = simulate(config, rate);
    const kinds = steps.filter(({ kind }) => kind === 'start' || kind === 'promote');
    expect(kinds.slice(0, 3).map(({ kind }) => kind)).toEqual(['start', 'start', 'promote']);
    const targets = kinds.flatMap((step) => (step.kind === 'promote' ? [step.target] : []));
    expect(targets[0]).toBe(2);
    expect(targets).toContain(8);
  });

  it('never promotes a failed trial, and counts it in its rung', () => {
    const failing: Fitness = (values, epoch) =>
      Number(values['training.learningRate']) > 0.05 ? null : rate(values, epoch);
    const { trials, end } = simulate(config, failing, { concurrency: 3, pick: anyOrder(2) });
    expect(end.status).toBe('finished');
    expect(trials.some(({ status }) => status === 'failed')).toBe(true);
    for (const trial of trials.filter(({ status }) => status === 'failed')) expect(trial.target).toBe(1);
  });

  it('with several at a time ends too, and still trains the best whole', () => {
    for (let seed = 0; seed < 10; seed++) {
      const result = simulate(config, rate, { concurrency: 4, pick: anyOrder(seed) });
      expect(best(config, result)).toMatchObject({ epochs: 8, status: 'finished' });
    }
  });

  it('goes on from any moment as if it had not been interrupted', () => {
    const whole = simulate(config, rate);
    const half = simulate({ ...config, budget: { epochs: 20 } }, rate);
    expect(half.end.reason).toMatch(/budget of 20 epochs/);
    expect(simulate(config, rate, { from: half.trials }).trials).toEqual(whole.trials);
  });
});
