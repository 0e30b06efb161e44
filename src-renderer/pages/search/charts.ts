import { rungsOf } from '#shared/search/algorithms/asha.ts';
import { populationOf } from '#shared/search/algorithms/evolutionary.ts';
import type { SearchConfig } from '#shared/search/config.ts';
import { goalOf, objectiveAt, trialObjective } from '#shared/search/objective.ts';
import { TRIAL_STATUSES, type Trial } from '#shared/search/trial.ts';
import type { PointChart, PointGroup } from '../../components/chart/types.ts';
import { objectiveFormat, shortNames, valueText } from '../../components/search/search-words.ts';
import { TRIAL_LOOKS } from './trial-look.ts';

interface Spot {
  trial: Trial;
  x: number;
  y: number;
}
type Mark = Pick<PointGroup, 'id' | 'label' | 'look' | 'symbol'>;

/** `Trial 12: left = relu, right = tanh` */
export function trialTitle({ number, values }: Pick<Trial, 'number' | 'values'>): string {
  const names = shortNames(Object.keys(values));
  const parts = Object.entries(values).map(([name, value]) => `${names.get(name)} = ${valueText(value)}`);
  return `Trial ${number}: ${parts.join(', ')}`;
}

function group(mark: Mark, spots: readonly Spot[]): PointGroup {
  return {
    ...mark,
    x: spots.map(({ x }) => x),
    y: spots.map(({ y }) => y),
    keys: spots.map(({ trial }) => String(trial.number)),
    names: spots.map(({ trial }) => trialTitle(trial)),
  };
}

function byStatus(spots: readonly Spot[]): PointGroup[] {
  return TRIAL_STATUSES.map((status) => {
    const { label, look, symbol } = TRIAL_LOOKS[status];
    const mine = spots.filter(({ trial }) => trial.status === status);
    return group({ id: status, label, look, symbol }, mine);
  }).filter(({ x }) => x.length > 0);
}

function yAxis({ objective }: SearchConfig): PointChart['y'] {
  return { label: objective.series, format: objectiveFormat(objective.series) };
}

function valued(config: SearchConfig, trials: readonly Trial[]): { trial: Trial; y: number }[] {
  return trials.flatMap((trial) => {
    const y = trialObjective(config.objective, trial);
    return y === null ? [] : [{ trial, y }];
  });
}

/** What each trial came to, in the order in which they were proposed, under the best so far. */
export function bestChart(config: SearchConfig, trials: readonly Trial[], chosen: string | null): PointChart {
  const spots = valued(config, trials).map(({ trial, y }) => ({ trial, x: trial.number, y }));
  const pick = goalOf(config.objective) === 'max' ? Math.max : Math.min;
  let best: number | null = null;
  const y = spots.map((spot) => (best = best === null ? spot.y : pick(best, spot.y)));
  return {
    kind: 'points',
    groups: byStatus(spots),
    line: { label: 'Best so far', look: 1, x: spots.map((spot) => spot.x), y },
    x: { label: 'Trial', format: 'count' },
    y: yAxis(config),
    chosen,
  };
}

/**
 * The population of each generation: who was born in it, and which parents live on in it. Points of one generation are
 * set apart a little, always the same way.
 */
export function generationChart(
  config: SearchConfig,
  trials: readonly Trial[],
  chosen: string | null,
): PointChart | null {
  const { algorithm } = config;
  if (algorithm.kind !== 'evolutionary') return null;
  const last = Math.max(0, ...trials.map(({ generation }) => generation ?? 0));
  const generations = Array.from({ length: last + 1 }, (_, g) =>
    valued(config, populationOf(config, algorithm, trials, g)).map(({ trial, y }) => ({
      trial,
      y,
      x: g + apart(trial.number),
      born: trial.generation === g,
      generation: g,
    })),
  );
  const all = generations.flat();
  const pick = goalOf(config.objective) === 'max' ? Math.max : Math.min;
  const best = generations.flatMap((spots, g) =>
    spots.length > 0 ? [{ x: g, y: spots.map(({ y }) => y).reduce((a, b) => pick(a, b)) }] : [],
  );
  const born = all.filter((spot) => spot.born);
  return {
    kind: 'points',
    groups: [
      group(
        { id: 'first', label: 'First population', look: 9, symbol: 'circle' },
        born.filter(({ generation }) => generation === 0),
      ),
      group(
        { id: 'children', label: 'Children', look: 2, symbol: 'triangle' },
        born.filter(({ generation }) => generation > 0),
      ),
      group(
        { id: 'parents', label: 'Parents that live on', look: 1, symbol: 'ring' },
        all.filter((spot) => !spot.born),
      ),
    ].filter(({ x }) => x.length > 0),
    line: { label: 'Best of the generation', look: 0, x: best.map(({ x }) => x), y: best.map(({ y }) => y) },
    x: {
      label: 'Generation',
      format: 'count',
      ticks: Array.from({ length: Math.max(last + 1, Math.min(algorithm.generations, 12)) }, (_, g) =>
        String(g),
      ),
    },
    y: yAxis(config),
    chosen,
  };
}

/** −0.3 … 0.3, spread evenly over trial numbers by the golden ratio. */
function apart(number: number): number {
  return ((number * 0.618034) % 1) * 0.6 - 0.3;
}

/**
 * What trials of successive halving had come to at each rung, and whether they went on.
 *
 * @param epochs of a whole trial
 */
export function rungChart(
  config: SearchConfig,
  epochs: number,
  trials: readonly Trial[],
  chosen: string | null,
): PointChart | null {
  const { algorithm } = config;
  if (algorithm.kind !== 'asha') return null;
  const rungs = rungsOf(algorithm, epochs);
  const spots = rungs.flatMap((rung, k) =>
    trials.flatMap((trial) => {
      const y = trial.epochs >= rung ? objectiveAt(config.objective, trial.curve, rung) : null;
      if (y === null) return [];
      return [{ trial, x: k + apart(trial.number), y, went: k === rungs.length - 1 || trial.target > rung }];
    }),
  );
  return {
    kind: 'points',
    groups: [
      group(
        { id: 'on', label: 'Went on', look: 2, symbol: 'circle' },
        spots.filter(({ went }) => went),
      ),
      group(
        { id: 'held', label: 'Held at the rung', look: 9, symbol: 'ring' },
        spots.filter(({ went }) => !went),
      ),
    ].filter(({ x }) => x.length > 0),
    x: {
      label: 'Rung',
      format: 'count',
      ticks: rungs.map((rung) => `${rung} ${rung === 1 ? 'epoch' : 'epochs'}`),
    },
    y: yAxis(config),
    chosen,
  };
}

/** What trials came to over one parameter: words side by side, numbers on their own scale. */
export function parameterChart(
  config: SearchConfig,
  name: string,
  trials: readonly Trial[],
  chosen: string | null,
): PointChart {
  const known = valued(config, trials);
  const dimension = config.space[name];
  const y = yAxis(config);
  const label = shortNames([name]).get(name) ?? name;
  if (known.every(({ trial }) => typeof trial.values[name] === 'number')) {
    const log = dimension !== undefined && !('values' in dimension) && dimension.scale === 'log';
    const spots = known.map((one) => ({ ...one, x: Number(one.trial.values[name]) }));
    return { kind: 'points', groups: byStatus(spots), x: { label, format: 'number', log }, y, chosen };
  }
  const inSpace = dimension && 'values' in dimension ? dimension.values.map(valueText) : [];
  const ticks = [...new Set([...inSpace, ...known.map(({ trial }) => valueText(trial.values[name]))])];
  const spots = known.map((one) => ({
    ...one,
    x: ticks.indexOf(valueText(one.trial.values[name])) + apart(one.trial.number),
  }));
  return { kind: 'points', groups: byStatus(spots), x: { label, format: 'number', ticks }, y, chosen };
}
