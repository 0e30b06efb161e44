import { BitsmithError } from '../../base/errors.ts';
import type { IntegerGraph } from '../ir/graph.ts';
import { codeBytes } from './code-size.ts';
import type { FastGroup } from './fast-groups.ts';
import type { PlanOptions } from './options.ts';
import { PACKINGS } from './packing/registry.ts';
import type { PackingCost } from './types.ts';
import { gatheredTiles, waysOf, type Way } from './ways.ts';

/** What is chosen for a group, and what else was possible. */
export interface Choice {
  way: Way;
  tiles: number;
  alternatives: readonly PackingCost[];
}

/** How much a share of all instructions counts against the same share of all flash. */
const WEIGHT: Record<PlanOptions['objective'], { time: number; flash: number }> = {
  speed: { time: 1, flash: 0 },
  balanced: { time: 1, flash: 1 },
  flash: { time: 0, flash: 1 },
  ram: { time: 1, flash: 1 },
};

type Weigh = (estimate: number, bytes: number) => number;

/**
 * A way for every group: the least sum of instructions and bytes of flash, each in units of the least that is possible,
 * weighted by the objective. Kernels and decoders count once for all layers that use them, so that a small network gets
 * along with few of them.
 *
 * @param groups by the id of their layer
 * @throws BitsmithError `invalid-input` for a packing that is asked for and does not fit, or a layer that has none
 */
export function chooseWays(
  graph: IntegerGraph,
  groups: ReadonlyMap<string, FastGroup>,
  options: PlanOptions,
): Map<string, Choice> {
  const tiles = new Map<string, number>();
  const ways = new Map<string, Way[]>();
  for (const [id, group] of groups) {
    if (group.kind === 'join') continue;
    tiles.set(id, gatheredTiles(group, options));
    ways.set(id, waysOf(graph, group, tiles.get(id) ?? 1, options));
  }
  checkAsked(options, ways);
  const possible = new Map(
    [...ways].map(([id, all]) => {
      const asked = options.packing[id];
      return [id, asked ? all.filter(({ packing }) => packing === asked) : all];
    }),
  );
  const weigh = weigher(possible, options);
  const chosen = bestWays(possible, weigh);
  const choices = new Map<string, Choice>();
  for (const [id, way] of chosen) {
    const alternatives = alternativesOf(ways.get(id) ?? [], weigh);
    choices.set(id, { way, tiles: tiles.get(id) ?? 1, alternatives });
  }
  return choices;
}

function weigher(ways: ReadonlyMap<string, readonly Way[]>, { objective }: PlanOptions): Weigh {
  const { time, flash } = WEIGHT[objective];
  const fastest = [...ways.values()].reduce(
    (sum, all) => sum + Math.min(...all.map(({ estimate }) => estimate)),
    0,
  );
  const smallest = totalsOf(bestWays(ways, (_estimate, bytes) => bytes).values());
  return (estimate, bytes) =>
    (time * estimate) / Math.max(1, fastest) + (flash * bytes) / Math.max(1, smallest.bytes);
}

/** Instructions and flash of ways together, shared code once. */
function totalsOf(ways: Iterable<Way>): { estimate: number; bytes: number } {
  const all = [...ways];
  return {
    estimate: all.reduce((sum, way) => sum + way.estimate, 0),
    bytes: all.reduce((sum, way) => sum + way.weightBytes, 0) + codeBytes(all.flatMap(({ units }) => units)),
  };
}

/** Of all sets of kernels and packings, the ways of the one that weighs least with its code. */
function bestWays(ways: ReadonlyMap<string, readonly Way[]>, weigh: Weigh): Map<string, Way> {
  let best = new Map<string, Way>();
  let least = Infinity;
  for (const allows of restrictions()) {
    const chosen = new Map<string, Way>();
    for (const [id, all] of ways) {
      const open = all.filter(allows);
      // A packing that was asked for leaves no other way.
      const way = lightest(open.length > 0 ? open : all, weigh);
      if (way) chosen.set(id, way);
    }
    const { estimate, bytes } = totalsOf(chosen.values());
    const weight = weigh(estimate, bytes);
    if (weight < least) {
      least = weight;
      best = chosen;
    }
  }
  return best;
}

/** Every set of packings, with and without the SWAR and the bit-plane kernels. */
function restrictions(): ((way: Way) => boolean)[] {
  const sets = Array.from({ length: 2 ** (PACKINGS.length + 2) }, (_, mask) => mask);
  return sets.map((mask) => {
    const packings = new Set(PACKINGS.filter((_packing, index) => (mask >> index) & 1).map(({ id }) => id));
    const swar = ((mask >> PACKINGS.length) & 1) === 1;
    const planes = ((mask >> (PACKINGS.length + 1)) & 1) === 1;
    return ({ packing, tables, reference }) =>
      reference === true || ((!packing || packings.has(packing)) && (tables ? swar : planes));
  });
}

function lightest(ways: readonly Way[], weigh: Weigh): Way | undefined {
  let best: Way | undefined;
  let least = Infinity;
  for (const way of ways) {
    const weight = weigh(way.estimate, way.weightBytes);
    if (weight < least || (weight === least && way.estimate < (best?.estimate ?? Infinity))) {
      least = weight;
      best = way;
    }
  }
  return best;
}

function alternativesOf(all: readonly Way[], weigh: Weigh): PackingCost[] {
  return PACKINGS.flatMap(({ id }) => {
    const way = lightest(
      all.filter(({ packing }) => packing === id),
      weigh,
    );
    return way ? [{ packing: id, weightBytes: way.weightBytes, estimate: way.estimate }] : [];
  });
}

function checkAsked({ packing }: PlanOptions, ways: ReadonlyMap<string, readonly Way[]>): void {
  for (const [id, asked] of Object.entries(packing)) {
    const all = ways.get(id);
    if (!all) {
      const layers = [...ways.keys()];
      throw new BitsmithError(
        'invalid-input',
        `packing of ${id}: no layer of that name has packed weights; ${layers.length > 0 ? `allowed: ${layers.join(', ')}` : 'this network has none'}`,
      );
    }
    const fitting = [...new Set(all.map((way) => way.packing).filter((one) => one !== undefined))];
    if (!fitting.includes(asked)) {
      throw new BitsmithError(
        'invalid-input',
        `packing of ${id}: ${asked} does not fit its weights; allowed: ${fitting.join(', ')}`,
      );
    }
  }
}
