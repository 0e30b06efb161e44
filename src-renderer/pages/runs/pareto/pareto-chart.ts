import type { Pareto } from '#shared/run/compare/pareto.ts';
import type { RunSummary } from '#shared/run/record.ts';
import type { PointChart, PointGroup } from '../../../components/chart/types.ts';
import type { Quantity, QuantityValue } from '../quantities.ts';

/** One run of the scatter plot. */
export interface Spot {
  run: RunSummary;
  x: QuantityValue;
  y: QuantityValue;
  place: 'front' | 'dominated' | 'unknown';
  /** A run of the front that is nowhere worse and somewhere better. */
  dominatedBy: string | null;
}

/** The runs with their places, the front first and from its lowest x on. */
export function spotsOf(
  runs: readonly RunSummary[],
  valueOf: (run: RunSummary, axis: 'x' | 'y') => QuantityValue,
  { front, dominated, unknown }: Pareto,
): Spot[] {
  const order = new Map([...front, ...dominated.keys(), ...unknown].map((id, i) => [id, i]));
  return runs
    .map((run): Spot => ({
      run,
      x: valueOf(run, 'x'),
      y: valueOf(run, 'y'),
      place: front.includes(run.id) ? 'front' : dominated.has(run.id) ? 'dominated' : 'unknown',
      dominatedBy: dominated.get(run.id) ?? null,
    }))
    .toSorted((a, b) => (order.get(a.run.id) ?? 0) - (order.get(b.run.id) ?? 0));
}

const isEstimated = ({ x, y }: Spot) => x.certainty === 'estimated' || y.certainty === 'estimated';

const KINDS = [
  { id: 'front', label: 'On the front', place: 'front', estimated: false },
  { id: 'front-estimated', label: 'On the front, estimated', place: 'front', estimated: true },
  { id: 'dominated', label: 'Dominated', place: 'dominated', estimated: false },
  { id: 'dominated-estimated', label: 'Dominated, estimated', place: 'dominated', estimated: true },
] as const;

/** The scatter plot: filled marks are measured, hollow ones estimated; what is dominated is faint. */
export function scatterChart(
  spots: readonly Spot[],
  x: Quantity,
  y: Quantity,
  view: { logX: boolean; logY: boolean; chosen: string | null },
): PointChart {
  const drawn = spots.filter(
    (spot) => spot.place !== 'unknown' && fits(spot.x, view.logX) && fits(spot.y, view.logY),
  );
  const front = drawn.filter(({ place }) => place === 'front');
  return {
    kind: 'points',
    groups: KINDS.map(({ id, label, place, estimated }): PointGroup => {
      const own = drawn.filter((spot) => spot.place === place && isEstimated(spot) === estimated);
      return {
        id,
        label,
        look: place === 'front' ? 0 : 9,
        symbol: estimated ? 'ring' : 'circle',
        dim: place === 'dominated',
        ...columns(own),
        keys: own.map(({ run }) => run.id),
        names: own.map(({ run }) => `${run.name}${estimated ? ' (estimated)' : ''}`),
      };
    }).filter((group) => group.x.length > 0),
    ...(front.length > 1 && x.better && y.better
      ? {
          line: {
            label: 'Pareto front',
            look: 0,
            ...columns(front),
            // Beyond a point, towards the worse side of x, its y is the best.
            step: x.better === 'lower' ? ('end' as const) : ('start' as const),
          },
        }
      : {}),
    x: { label: x.title, format: x.format, ...(view.logX ? { log: true } : {}) },
    y: { label: y.title, format: y.format, ...(view.logY ? { log: true } : {}) },
    chosen: view.chosen,
  };
}

function fits({ value }: QuantityValue, log: boolean): boolean {
  return typeof value === 'number' && (!log || value > 0);
}

function columns(spots: readonly Spot[]): { x: number[]; y: number[] } {
  return { x: spots.map(({ x }) => Number(x.value)), y: spots.map(({ y }) => Number(y.value)) };
}
