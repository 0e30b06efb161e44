import {
  elementsOf,
  mapShape,
  nonzerosOf,
  type ConvNode,
  type DenseNode,
  type IntegerWeights,
} from '../ir/graph.ts';
import { isWalked } from './counter.ts';
import type { FastGroup } from './fast-groups.ts';
import type { PlanOptions } from './options.ts';
import { packingOf } from './packing/registry.ts';
import { pairedWeights, swarShape, type SwarTables } from './packing/swar-tables.ts';
import type { PackingId } from './packing/types.ts';
import { swarWindowOf } from './swar.ts';

/**
 * Cost laws: instructions of one inference on a Cortex-M4, fitted to measurements in the emulator (docs/firmware.md says
 * how far they are off). They choose among kernels and packings; what a bundle really takes is counted by verification.
 */

/** Per pixel lane: for each nonzero weight, each filter, each tap. */
interface LaneLaw {
  nonzero: number;
  filter: number;
  tap: number;
}
const SLICED_BINARY: LaneLaw = { nonzero: 0.25, filter: 3.8, tap: 0.56 };
const SLICED_TERNARY: LaneLaw = { nonzero: 0.427, filter: 7.1, tap: 1.05 };
/** More, where totals become 32-bit integers. */
const TOTALS_PER_SUM = 26;
/**
 * Per list entry and tile, filter and tile, filter and filling, filter and chunk of four tiles, entry decoded; per word that is
 * laid out (by table), column, and word that is kept from one filling to the next.
 */
const SWAR = { entry: 6.6, tile: 66, filling: 180, chunk: 70, decoded: 12.5, column: 60, kept: 0.8 };
const SWAR_WORD: Record<SwarTables, number> = {
  single: 7.2,
  pairs: 4.9,
  paired: 4.9,
  quads: 6.9,
  triples: 6.1,
};

/** The plain kernels: per nonzero weight and pixel, per weight decoded, per sum stored. */
const REFERENCE = { nonzero: 4.4, weight: 4, sum: 20, byteWeight: 7 };
/** Dense layers over planes: per word of a filter, per filter, per nonzero input, per weight; about 0.55 of inputs are not 0. */
const DENSE = {
  word: 40,
  unit: 8,
  listed: 10,
  group: 1560,
  lane: 13.2,
  thresholds: 24,
  tap: 11,
  nonzero: 4.5,
  sum: 25,
  nonzeroInputs: 0.55,
};

/** Pixels in a sliced tile. */
export const TILE_PIXELS = 32;
/** Tiles gathered before the filters are walked: each filter is decoded once for all of them. */
export const MOST_TILES = 4;
/** Of a depthwise convolution: four for each of eight channels. */
export const DEPTHWISE_TILES = 32;

export function tilesOf(pixels: number, most = MOST_TILES): number {
  return Math.max(1, Math.min(most, Math.ceil(pixels / TILE_PIXELS)));
}

/** A sliced convolution: tiles of 32 outputs, a list walked for each filter and tile. */
export function slicedCost(
  nodes: readonly ConvNode[],
  packing: PackingId,
  form: { ternary: boolean; totals: boolean; tiles: number },
): number {
  return sum(nodes, (node) => {
    const [height, width, filters] = mapShape(node.shape);
    const tiles = Math.ceil((height * width) / TILE_PIXELS);
    const lanes = tiles * TILE_PIXELS;
    const law = form.ternary ? SLICED_TERNARY : SLICED_BINARY;
    const gather = node.kind === 'depthwise-conv2d' ? filters * node.weights.taps : node.weights.taps;
    const counted =
      lanes * (law.nonzero * nonzerosOf(node.weights) + law.filter * filters + law.tap * gather);
    const passes = Math.ceil(tiles / form.tiles);
    const totals = form.totals ? TOTALS_PER_SUM * lanes * filters : 0;
    const decoded = isWalked(packing) ? 0 : passes * packingOf(packing).decodeCost(node.weights);
    return counted + totals + decoded;
  });
}

/**
 * A SWAR convolution: tiles of 8 outputs of a row; a list entry stands for a weight, or for as many as the tables join.
 *
 * @param packing absent: the lists lie in flash as they are walked
 * @param rows of outputs for which the input is laid out at a time
 */
export function swarCost(
  nodes: readonly ConvNode[],
  levels: readonly IntegerWeights[],
  packing: PackingId | undefined,
  { tables, rows }: { tables: SwarTables; rows: number },
): number {
  const [first] = nodes;
  if (!first) return 0;
  const window = swarWindowOf(first, false);
  const { tiles, slots, span, depth } = swarShape(window, tables, rows);
  const [height, width] = mapShape(first.shape);
  const [kernel] = first.kernel;
  const [stride] = first.strides;
  const fillings = Math.ceil(height / rows);
  const columns = tiles * (height * stride + Math.max(0, kernel - stride)) * span;
  const moved = (fillings - 1) * Math.max(0, slots - rows * stride) * tiles * depth * span;
  const shared = columns * (depth * SWAR_WORD[tables] + SWAR.column) + SWAR.kept * moved;
  const chunks = width > 16 ? height * Math.ceil(width / 32) : fillings * Math.ceil((rows * tiles) / 4);
  return nodes.reduce((total, { weights: { filters } }, index) => {
    const stored = levels[index] ?? first.weights;
    const entries = nonzerosOf(tables === 'pairs' ? pairedWeights(stored, window.channels) : stored);
    const walked = height * tiles * (SWAR.entry * entries + SWAR.tile * filters);
    const begun = filters * (SWAR.filling * fillings + SWAR.chunk * chunks);
    const decode = packing ? packingOf(packing).decodeCost(stored) + SWAR.decoded * entries : 0;
    return Math.round(total + walked + begun + decode);
  }, Math.round(shared));
}

/** Rows of outputs for which a SWAR convolution lays out its input at a time: more of them want more RAM. */
export function swarRows({ shape }: Pick<ConvNode, 'shape'>, objective: PlanOptions['objective']): number {
  const most = { speed: 4, balanced: 2, flash: 2, ram: 1 }[objective];
  return Math.min(most, mapShape(shape)[0]);
}

export type DenseForm = 'planes' | 'lanes' | 'packed';

/** A dense layer over a vector in planes. */
export function denseCost({ weights, shape }: DenseNode, form: DenseForm, packing?: PackingId): number {
  const units = elementsOf(shape);
  const { taps } = weights;
  if (form === 'planes') return units * (Math.ceil(taps / 32) * DENSE.word + DENSE.unit);
  if (form === 'lanes') {
    const inputs = taps * DENSE.nonzeroInputs;
    const groups = Math.ceil(units / 32) * (DENSE.group + DENSE.lane * inputs);
    return Math.round(DENSE.listed * inputs + groups + DENSE.thresholds * units);
  }
  const decode = packing ? packingOf(packing).decodeCost(weights) : 0;
  return Math.round(decode + DENSE.tap * taps + DENSE.nonzero * nonzerosOf(weights) + DENSE.sum * units);
}

/** The plain kernels, for nodes with weights. */
export function referenceCost(node: ConvNode | DenseNode): number {
  const { codes, filters, taps } = node.weights;
  const sums = elementsOf(node.shape);
  const listed = codes.every((code) => code >= -1 && code <= 1);
  if (!listed) return sums * (taps * REFERENCE.byteWeight + REFERENCE.sum);
  const pixels = sums / Math.max(1, filters);
  return (
    filters * taps * REFERENCE.weight +
    pixels * nonzerosOf(node.weights) * REFERENCE.nonzero +
    sums * REFERENCE.sum
  );
}

/** Nodes with weights of a group. */
export function linearOf(group: FastGroup): readonly (ConvNode | DenseNode)[] {
  switch (group.kind) {
    case 'sliced':
      return [group.conv];
    case 'totals':
      return group.convs;
    case 'dense':
      return [group.dense];
    case 'join':
      return [];
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return Math.round(items.reduce((total, item) => total + of(item), 0));
}
