import {
  channelsOf,
  elementsOf,
  mapShape,
  type ConvNode,
  type IntegerNode,
  type PoolNode,
} from '../ir/graph.ts';
import { encodingOf } from './encoding.ts';
import type { Choice } from './choose.ts';
import { ternary } from './ways.ts';
import {
  pixelsOf,
  windowKey,
  yieldsPlanes,
  type DenseGroup,
  type FastGroup,
  type JoinGroup,
  type SlicedGroup,
  type TotalsGroup,
} from './fast-groups.ts';
import { codesOf, slicedForm } from './form.ts';
import type { Layout } from './layout.ts';
import type { PackingId } from './packing/types.ts';
import { SUFFIX } from './layout.ts';
import { swarReady, swarRingWords, swarSections } from './packing/swar-tables.ts';
import { swarWeights, swarWindowOf } from './swar.ts';
import { channelFirstWeights } from './vector-order.ts';
import type { ChosenPacking, Place, SlicedForm, SlicedPlace, TotalsLevel, TotalsStep } from './types.ts';

/** What the steps of a group must know besides the group. */
export interface FastContext {
  layout: Layout;
  choice: Choice | undefined;
  /** Whether readers of the value want it in planes. */
  wantsPlanes: (id: string) => boolean;
  /** Whether the core has vectors of 128 bits. */
  vectors: boolean;
}

/** The steps of one group, by the bit-plane and SWAR kernels. */
export function pushFast(group: FastGroup, context: FastContext): void {
  switch (group.kind) {
    case 'sliced':
      return pushSliced(group, context);
    case 'totals':
      return pushTotals(group, context);
    case 'dense':
      return pushDense(group, context);
    case 'join':
      return pushJoin(group, context);
  }
}

function packingOfChoice(choice: Choice | undefined): PackingId {
  const packing = choice?.way.packing;
  if (!packing) throw new Error('a convolution has no packing');
  return packing;
}

function lastOf(group: FastGroup): IntegerNode {
  const last = group.nodes.at(-1);
  if (!last) throw new Error('a group has no nodes');
  return last;
}

/** Outputs of a tile of the vector kernel; two plain tiles cost more than one of these. */
const VECTOR_PIXELS = 128;
const FEWEST_PIXELS = 33;

function pushSliced(group: SlicedGroup, { layout, choice, vectors }: FastContext): void {
  const { conv, thresholds, form, pool } = group;
  const last = lastOf(group);
  const from = layout.planes(conv.inputs[0] ?? '');
  const skip = group.skip === undefined ? undefined : layout.planes(group.skip);
  const packed: ChosenPacking = { weights: conv.weights, packing: packingOfChoice(choice) };
  const pixels = pixelsOf(conv.shape);
  const wide = vectors && pixels >= FEWEST_PIXELS;
  const depthwise = conv.kind === 'depthwise-conv2d';
  // A gathered tile of vectors takes four times the words; of a depthwise convolution there are few.
  const fewest = depthwise ? Math.ceil(pixels / VECTOR_PIXELS) : 1;
  const tiles = wide ? fewest : (choice?.tiles ?? 1);
  const kernel = `bs_${depthwise ? 'depthwise' : 'conv2d'}_sliced${wide ? '_mve' : ''}`;
  const to = pool
    ? layout.newPlanes({ ...conv, shape: conv.shape }, form, `${last.id} unpooled`)
    : layout.newPlanes(last, form);
  const taps = conv.weights.taps;
  layout.push({
    kind: 'conv2d-sliced',
    id: pool ? to.buffer : last.id,
    kernel,
    node: conv,
    packed,
    thresholds,
    from,
    ...(skip ? { skip } : {}),
    to,
    tiles,
    tile: layout.scratch(`${last.id} tile`, 4 * gatheredWords(layout, conv, tiles, wide)),
    list: layout.scratch(`${last.id} list`, taps * 2),
  });
  if (pool) pushPool(layout, pool, to, layout.newPlanes(last, form), last.id);
}

/** Words of the sums of all taps that a tile keeps beside them (`BS_TALLY_PLANES`). */
const TALLY_WORDS = 20;

/** Words of one tile of a convolution. */
function tileWords(layout: Layout, conv: ConvNode): number {
  const taps = conv.weights.taps * (ternary(layout.graph, conv).ternary ? 2 : 1);
  return conv.kind === 'depthwise-conv2d' ? taps : taps + TALLY_WORDS;
}

/** Words of all gathered tiles. */
function gatheredWords(layout: Layout, conv: ConvNode, tiles: number, wide: boolean): number {
  if (!wide) return tiles * tileWords(layout, conv);
  const lanes = VECTOR_PIXELS / 32;
  if (conv.kind === 'conv2d') return tiles * lanes * tileWords(layout, conv);
  const tapWords = ternary(layout.graph, conv).ternary ? 2 : 1;
  return conv.weights.taps * (14 * tiles + lanes * tapWords);
}

function pushPool(layout: Layout, node: PoolNode, from: SlicedPlace, to: Place, id: string): void {
  const kernel = poolsPairs(node, from, to) ? 'bs_max_pool_pairs_sliced' : 'bs_max_pool_sliced';
  layout.push({ kind: 'pool-sliced', id, kernel, node, from, to });
}

/** Whether the windows are pairs of rows and columns, all inside the map. */
function poolsPairs({ kernel, strides, padding }: PoolNode, from: Place, to: Place): boolean {
  return (
    [...kernel, ...strides].every((length) => length === 2) &&
    padding.top === 0 &&
    padding.left === 0 &&
    2 * to.height <= from.height &&
    2 * to.width <= from.width
  );
}

function pushTotals(group: TotalsGroup, { layout, choice, wantsPlanes }: FastContext): void {
  const { by, convs, sources, combine, threshold, pool } = group;
  const last = lastOf(group);
  // Lists in flash need no packing; any says what the weights are.
  const packing = choice?.way.ready ? 'delta' : packingOfChoice(choice);
  const windows = new Map<string, { node: ConvNode; from: Place }>();
  const levels = convs.map((node, index): TotalsLevel => {
    const key = windowKey(node);
    const name = node.inputs[0] ?? '';
    if (!windows.has(key)) {
      windows.set(key, { node, from: by === 'sliced' ? layout.planes(name) : layout.elements(name) });
    }
    const multipliers = combine?.multipliers[sources[index] ?? 0];
    const tables = choice?.way.tables;
    const weights = (tables && swarWeights(node, tables)) ?? node.weights;
    const packed = { weights, packing };
    return {
      window: [...windows.keys()].indexOf(key),
      packed,
      ...(multipliers ? { multipliers } : {}),
    };
  });
  const read = [...windows.values()];
  const form = yieldsPlanes(threshold) && wantsPlanes(last.id) ? slicedForm(threshold?.codes) : undefined;
  const sums: IntegerNode = combine ?? (convs[0] as ConvNode);
  const unpooled: IntegerNode = { ...last, shape: sums.shape };
  const whole = pool ? `${last.id} unpooled` : last.id;
  const to: Place = form
    ? layout.newPlanes({ id: whole, shape: sums.shape }, form, whole)
    : layout.newElements(pool ? { ...unpooled, id: whole } : last, whole);
  layout.push({
    kind: 'conv2d-totals',
    id: whole,
    kernel:
      by === 'sliced'
        ? 'bs_conv2d_sliced_levels'
        : `bs_${convs[0]?.kind === 'conv2d' ? 'conv2d' : 'depthwise'}_swar_${SUFFIX[read[0]?.from.type ?? 'i8']}`,
    windows: read,
    levels,
    ...(combine ? { bias: combine.bias } : {}),
    ...(threshold ? { threshold } : {}),
    to,
    scratch:
      by === 'sliced'
        ? slicedScratch(layout, last.id, read, levels.length, choice)
        : swarScratch(layout, last.id, levels, read, to, choice),
  });
  if (!pool) return;
  if (form) return pushPool(layout, pool, to as SlicedPlace, layout.newPlanes(last, form), last.id);
  const kernel = `bs_max_pool_${SUFFIX[to.type]}`;
  layout.push({ kind: 'pool', id: last.id, kernel, node: pool, from: to, to: layout.newElements(last) });
}

function slicedScratch(
  layout: Layout,
  id: string,
  windows: TotalsStep['windows'],
  levels: number,
  choice: Choice | undefined,
) {
  const tiles = choice?.tiles ?? 1;
  // The totals of 32 outputs, and what the decoders of the levels remember between filters.
  const words = windows.reduce((sum, { node }) => sum + tileWords(layout, node), 32);
  const readers = 6 * levels + windows.length;
  return {
    kind: 'sliced' as const,
    tiles,
    tile: layout.scratch(`${id} tile`, (tiles * words + readers) * 4),
    list: layout.scratch(`${id} list`, Math.max(...windows.map(({ node }) => node.weights.taps)) * 2),
  };
}

/** Tiles of a pointwise convolution for which the kernel lays out its input at a time. */
const SWAR_FLAT_TILES = 8;
/** Numbers for the decoded filters; more of them at a time mean that the input is laid out less often. */
const SWAR_ENTRIES = 2048;

function swarScratch(
  layout: Layout,
  id: string,
  levels: readonly TotalsLevel[],
  [window]: TotalsStep['windows'],
  to: Place,
  choice: Choice | undefined,
) {
  if (!window) throw new Error('a convolution reads nothing');
  const { node, from } = window;
  const tables = choice?.way.tables ?? 'single';
  const gapless = [from, to].every(({ border }) => Object.values(border).every((rows) => rows === 0));
  const shape = swarWindowOf(node, gapless);
  const rows = shape.flat
    ? Math.min(SWAR_FLAT_TILES, Math.ceil(pixelsOf(node.shape) / 8))
    : (choice?.way.rows ?? 1);
  const weights = levels.map(({ packed }) => packed.weights);
  const common = {
    kind: 'swar' as const,
    tables,
    rows,
    ...(from.type === 'u8' ? { zero: layout.graph.input.zero } : {}),
    ring: layout.scratch(`${id} ring`, swarRingWords(shape, tables, rows) * 4),
  };
  if (choice?.way.ready)
    return { ...common, capacity: 0, ready: swarReady(weights, tables, shape, node.kind !== 'conv2d') };
  const sections = swarSections(weights, tables, shape.channels);
  const all = sections.reduce((sum, length) => sum + length, 0);
  const capacity = Math.max(Math.min(all, SWAR_ENTRIES), ...sections);
  const list = layout.scratch(`${id} list`, Math.max(...weights.map(({ taps }) => taps)) * 2);
  return { ...common, capacity, lists: { list, entries: layout.scratch(`${id} entries`, capacity * 2) } };
}

function pushDense(group: DenseGroup, { layout, choice }: FastContext): void {
  const { dense, form, thresholds } = group;
  const last = lastOf(group);
  const from = layout.vector(dense.inputs[0] ?? '');
  const weights = channelFirstWeights(dense.weights, from.channelFirst);
  const way = choice?.way;
  const lanes = way?.dense === 'lanes';
  // Thresholds in lanes yield planes; behind the other forms they are a step of their own.
  const direct = lanes && form && thresholds;
  const sums: IntegerNode = { ...dense, id: direct || last === dense ? last.id : dense.id };
  const to = direct ? layout.newPlanes(last, form) : layout.newElements(sums, sums.id);
  layout.push({
    kind: 'dense-sliced',
    id: sums.id,
    kernel: direct
      ? 'bs_dense_lanes_sliced'
      : lanes
        ? 'bs_dense_lanes'
        : way?.dense === 'packed'
          ? 'bs_dense_sliced_packed'
          : 'bs_dense_sliced',
    node: dense,
    stored: lanes
      ? { kind: 'lanes', weights, list: layout.scratch(`${last.id} list`, weights.taps * 2) }
      : way?.dense === 'packed'
        ? {
            kind: 'packed',
            packed: { weights, packing: packingOfChoice(choice) },
            // The list's taps, and a byte of the input for each of them.
            list: layout.scratch(`${last.id} list`, Math.ceil((weights.taps * 3) / 2) * 2),
          }
        : { kind: 'planes', weights, encoding: encodingOf(weights) },
    ...(direct ? { thresholds } : {}),
    from,
    to,
  });
  if (direct || last.kind !== 'threshold') return;
  const kernel = `bs_threshold_${SUFFIX[to.type]}`;
  layout.push({ kind: 'threshold', id: last.id, kernel, node: last, from: to, to: layout.newElements(last) });
}

function pushJoin(group: JoinGroup, { layout }: FastContext): void {
  const last = lastOf(group);
  const from = [layout.planes(group.inputs[0]), layout.planes(group.inputs[1])] as const;
  const to = layout.newPlanes(last, group.form);
  layout.push({ kind: 'join', id: last.id, kernel: 'bs_join_sliced', tables: group.tables, from, to });
}

/** Pooling of a value that lies in planes; false where the plain kernel must do it. */
export function pushPlanePool(layout: Layout, node: PoolNode): boolean {
  const name = node.inputs[0] ?? '';
  if (!layout.hasPlanes(name)) return false;
  if (node.kind === 'max-pool') {
    const form: SlicedForm | undefined = slicedForm(codesOf(layout.graph, name));
    if (!form) return false;
    const from = layout.planes(name);
    pushPool(layout, node, from, layout.newPlanes(node, form), node.id);
    return true;
  }
  // The kernel's sums are 32-bit, even where 8 bits would do.
  if (!isGlobal(layout, node) || (node.type !== 'i32' && !layout.mayBeWide(node.id))) return false;
  const from = layout.planes(name);
  const to = layout.newElements(node, node.id, 'i32');
  layout.push({ kind: 'pool-sliced', id: node.id, kernel: 'bs_sum_sliced_s32', node, from, to });
  return true;
}

/** Whether one window covers the whole map. */
function isGlobal(layout: Layout, { shape, kernel, inputs, padding }: PoolNode): boolean {
  const source = layout.graph.nodes.find(({ id }) => id === inputs[0]);
  const [height, width] = mapShape(source?.shape ?? []);
  return (
    elementsOf(shape) === channelsOf(shape) &&
    kernel[0] >= height &&
    kernel[1] >= width &&
    padding.top === 0 &&
    padding.left === 0
  );
}
