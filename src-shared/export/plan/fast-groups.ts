import {
  mapShape,
  valueOf,
  type CombineNode,
  type ConvNode,
  type DenseNode,
  type IntegerGraph,
  type IntegerNode,
  type PoolNode,
  type ThresholdNode,
} from '../ir/graph.ts';
import { ascends, codesOf, countsAsPlanes, slicedForm, slicedThresholds, WIDEST_SUM } from './form.ts';
import { MAX_TAPS } from './packing/types.ts';
import { MOST_LEVELS, narrowParts } from './swar.ts';
import { joinTable, skipVariants } from './skip-thresholds.ts';
import type { SlicedForm, SlicedThresholds } from './types.ts';

interface Common {
  nodes: readonly IntegerNode[];
}
/** One convolution of planes and the thresholds behind it, perhaps behind the sum with a skip value. */
export interface SlicedGroup extends Common {
  kind: 'sliced';
  conv: ConvNode;
  thresholds: SlicedThresholds;
  form: SlicedForm;
  skip?: string;
  /** Behind the thresholds. */
  pool?: PoolNode;
}
/** Convolutions whose sums are added, by planes or by SWAR. */
export interface TotalsGroup extends Common {
  kind: 'totals';
  by: 'sliced' | 'swar';
  /** What is summed; a convolution whose sums do not fit 16 bits comes in parts that do. */
  convs: readonly ConvNode[];
  /** For each of them, the index of its convolution among what the combining node reads. */
  sources: readonly number[];
  combine?: CombineNode;
  threshold?: ThresholdNode;
  pool?: PoolNode;
}
/** Dense layer over codes in planes, perhaps with thresholds to planes behind it. */
export interface DenseGroup extends Common {
  kind: 'dense';
  dense: DenseNode;
  thresholds?: SlicedThresholds;
  form?: SlicedForm;
}
/** Thresholds behind the sum of two values in planes. */
export interface JoinGroup extends Common {
  kind: 'join';
  inputs: readonly [string, string];
  tables: Uint32Array;
  form: SlicedForm;
}
export type FastGroup = SlicedGroup | TotalsGroup | DenseGroup | JoinGroup;

type Only = (id: string) => IntegerNode | undefined;

/**
 * Groups that the bit-plane and SWAR kernels can compute, by the id of their last node. No node is in two groups, and a
 * value inside a group has no reader outside.
 */
export function fastGroups(graph: IntegerGraph, only: Only): Map<string, FastGroup> {
  const groups = new Map<string, FastGroup>();
  const taken = new Set<string>();
  const claim = (group: FastGroup | undefined): boolean => {
    const last = group?.nodes.at(-1);
    if (!group || !last || group.nodes.some((node) => taken.has(node.id))) return false;
    group.nodes.forEach((node) => taken.add(node.id));
    groups.set(last.id, group);
    return true;
  };
  // Behind sums first: a threshold node that takes several convolutions along must find them free.
  for (const node of graph.nodes) {
    if (node.kind === 'threshold') claim(skipGroup(graph, node, only) ?? joinGroup(graph, node));
  }
  for (const node of graph.nodes) {
    if (node.kind === 'combine') claim(levelsGroup(graph, node, only));
  }
  for (const node of graph.nodes) {
    if (node.kind === 'conv2d' || node.kind === 'depthwise-conv2d') {
      if (!claim(slicedGroup(graph, node, only))) claim(totalsGroup(graph, [node], node, only));
    } else if (node.kind === 'dense') claim(denseGroup(graph, node, only));
  }
  return groups;
}

function hasListedWeights({ weights }: { weights: ConvNode['weights'] }): boolean {
  return weights.taps <= MAX_TAPS && weights.codes.every((code) => code >= -1 && code <= 1);
}

function inputForm(graph: IntegerGraph, node: IntegerNode): SlicedForm | undefined {
  return slicedForm(codesOf(graph, node.inputs[0] ?? ''));
}

function fitsCounters({ range }: IntegerNode): boolean {
  return range.low >= -WIDEST_SUM && range.high <= WIDEST_SUM;
}

/** Whether the sliced kernels can sum it at all. */
function isSliceable(graph: IntegerGraph, node: ConvNode | DenseNode): boolean {
  return hasListedWeights(node) && inputForm(graph, node) !== undefined && fitsCounters(node);
}

/** What follows a convolution's sums: pooling, then thresholds. */
function behind(
  start: IntegerNode,
  only: Only,
): { pool: PoolNode | undefined; threshold: ThresholdNode | undefined } {
  const next = only(start.id);
  const pool = next?.kind === 'max-pool' ? next : undefined;
  const after = pool ? only(pool.id) : next;
  return { pool, threshold: after?.kind === 'threshold' ? after : undefined };
}

function slicedGroup(graph: IntegerGraph, conv: ConvNode, only: Only): SlicedGroup | undefined {
  if (!isSliceable(graph, conv)) return undefined;
  const { pool, threshold } = behind(conv, only);
  const form = threshold && ascends(threshold) ? slicedForm(threshold.codes) : undefined;
  if (!threshold || !form) return undefined;
  return {
    kind: 'sliced',
    conv,
    form,
    thresholds: slicedThresholds(threshold, form),
    ...(pool ? { pool } : {}),
    nodes: [conv, pool, threshold].filter((node) => node !== undefined),
  };
}

/** code(scale · sum + skip · x + offset): the skip value chooses among thresholds on the sum. */
function skipGroup(graph: IntegerGraph, threshold: ThresholdNode, only: Only): SlicedGroup | undefined {
  const form = slicedForm(threshold.codes);
  const found = form && ascends(threshold) ? skipVariants(threshold, graph) : undefined;
  if (!form || !found) return undefined;
  const { conv, skip, between, variants } = found;
  if (!isSliceable(graph, conv) || !slicedForm(codesOf(graph, skip))) return undefined;
  if ([conv, ...between].some((node) => only(node.id) === undefined)) return undefined;
  const skipForm = slicedForm(codesOf(graph, skip));
  if (!skipForm) return undefined;
  const codes = skipForm.planes === 2 ? [-1, 0, 1] : [skipForm.low, 1];
  const channels = threshold.direction.length;
  const each = codes.map((code) => {
    const values = variants.get(code);
    return values ? slicedThresholds({ ...threshold, values }, form) : undefined;
  });
  if (each.some((one) => one === undefined)) return undefined;
  const spread = (pick: (one: SlicedThresholds) => Int16Array | undefined) =>
    Int16Array.from(
      { length: channels * codes.length },
      (_, i) => each.map((one) => one && pick(one)?.[Math.floor(i / codes.length)])[i % codes.length] ?? 0,
    );
  const thresholds: SlicedThresholds = {
    variants: codes.length === 3 ? 3 : 2,
    high: spread((one) => one.high),
    ...(form.planes === 2 ? { low: spread((one) => one.low) } : {}),
  };
  return { kind: 'sliced', conv, form, thresholds, skip, nodes: [conv, ...between, threshold] };
}

function joinGroup(graph: IntegerGraph, threshold: ThresholdNode): JoinGroup | undefined {
  const form = slicedForm(threshold.codes);
  const found = form ? joinTable(threshold, graph) : undefined;
  if (!form || !found) return undefined;
  const [a, b] = found.inputs;
  if (!slicedForm(codesOf(graph, a)) || !slicedForm(codesOf(graph, b))) return undefined;
  return {
    kind: 'join',
    inputs: found.inputs,
    tables: found.tables,
    form,
    nodes: [...found.between, threshold],
  };
}

/** Several convolutions, each read by the combining node alone. */
function levelsGroup(graph: IntegerGraph, combine: CombineNode, only: Only): TotalsGroup | undefined {
  const convs = combine.inputs.map((name) => graph.nodes.find((node) => node.id === name));
  const mine = convs.every(
    (node): node is ConvNode =>
      node?.kind === 'conv2d' && only(node.id) === combine && hasListedWeights(node),
  );
  if (!mine || new Set(convs).size !== convs.length) return undefined;
  return totalsGroup(graph, convs, combine, only);
}

/** @param sums the node whose value the totals are */
function totalsGroup(
  graph: IntegerGraph,
  convs: readonly ConvNode[],
  sums: ConvNode | CombineNode,
  only: Only,
): TotalsGroup | undefined {
  const found = totalsBy(graph, convs);
  if (!found) return undefined;
  const { by, parts } = found;
  const { pool, threshold } = behind(sums, only);
  // Pooling waits until behind the thresholds, which must not turn the order of values around.
  const ends = threshold && threshold.direction.every((sign) => sign > 0) && (!pool || ascends(threshold));
  const inner = sums.kind === 'combine' ? [...convs, sums] : convs;
  return {
    kind: 'totals',
    by,
    convs: parts.flat(),
    sources: parts.flatMap((list, index) => list.map(() => index)),
    ...(sums.kind === 'combine' ? { combine: sums } : {}),
    ...(ends ? { threshold } : {}),
    ...(ends && pool ? { pool } : {}),
    nodes: ends ? [...inner, ...(pool ? [pool] : []), threshold] : inner,
  };
}

function totalsBy(
  graph: IntegerGraph,
  convs: readonly ConvNode[],
): { by: TotalsGroup['by']; parts: ConvNode[][] } | undefined {
  if (convs.every((conv) => isSliceable(graph, conv) && conv.kind === 'conv2d'))
    return { by: 'sliced', parts: convs.map((conv) => [conv]) };
  const [first] = convs;
  if (!first || !convs.every(hasListedWeights) || first.outside) return undefined;
  const { type } = valueOf(graph, first.inputs[0] ?? '');
  if (type === 'i32' || (type === 'u8' && first.kind === 'depthwise-conv2d')) return undefined;
  // One input, one geometry: the levels share what the kernel lays out of a row.
  if (convs.some((conv) => windowKey(conv) !== windowKey(first))) return undefined;
  const parts = convs.map((conv) => narrowParts(graph, conv));
  return parts.flat().length <= MOST_LEVELS ? { by: 'swar', parts } : undefined;
}

/** Convolutions of one key read the same input through the same window. */
export function windowKey({ inputs, kernel, strides, dilation, padding, outside }: ConvNode): string {
  const { top, left, bottom, right } = padding;
  return JSON.stringify([inputs[0], kernel, strides, dilation, top, left, bottom, right, outside ?? 0]);
}

function denseGroup(graph: IntegerGraph, dense: DenseNode, only: Only): DenseGroup | undefined {
  if (!isSliceable(graph, dense)) return undefined;
  const next = only(dense.id);
  const threshold = next?.kind === 'threshold' && ascends(next) ? next : undefined;
  const form = slicedForm(threshold?.codes);
  if (!threshold || !form) return { kind: 'dense', dense, nodes: [dense] };
  return {
    kind: 'dense',
    dense,
    thresholds: slicedThresholds(threshold, form),
    form,
    nodes: [dense, threshold],
  };
}

/** Whether totals behind these thresholds may become planes. */
export function yieldsPlanes(threshold: ThresholdNode | undefined): boolean {
  return threshold !== undefined && countsAsPlanes(threshold);
}

/** Pixels of a map. */
export function pixelsOf(shape: readonly number[]): number {
  const [height, width] = mapShape(shape);
  return height * width;
}
