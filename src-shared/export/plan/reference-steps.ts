import { mapShape, type ConvNode, type IntegerNode } from '../ir/graph.ts';
import { refuse } from '../passes/refuse.ts';
import { encodingOf } from './encoding.ts';
import type { Group } from './fuse.ts';
import { bytesOf, covers, SUFFIX, type Layout } from './layout.ts';
import type { ConvLevel, Encoding, Place } from './types.ts';
import { shiftThresholds, startOf } from './zero-points.ts';

/**
 * The plain kernels: one element after the other. They compute every node and are what the fast ones are compared with.
 *
 * @throws BitsmithError `unsupported` when a window is too wide for the kernels' 16-bit offsets
 */
export function pushReference(layout: Layout, group: Group): void {
  const [node] = group.nodes;
  const last = group.nodes.at(-1);
  if (!node || !last) return;
  if (group.levels) return pushLevels(layout, group, group.levels, last);
  const { id } = last;
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d': {
      const [level, form] = levelOf(layout, node, encodingOf(node.weights));
      const { pool, threshold } = group;
      const [height, width] = mapShape(node.shape);
      const to = layout.newElements(last);
      layout.push({
        kind: 'conv2d',
        id,
        kernel: `bs_conv2d_${form}_${SUFFIX[level.from.type]}`,
        ...level,
        ...(pool ? { pool } : {}),
        ...(threshold ? { threshold } : {}),
        to,
        plane: layout.scratch(`${id} plane`, height * width * 4),
        ...(form === 'planes' ? { list: listFor(layout, id, [level]) } : {}),
      });
      return;
    }
    case 'dense': {
      const from = layout.elements(node.inputs[0]);
      const encoding = encodingOf(node.weights);
      const start = from.type === 'u8' ? startOf(layout.graph, node) : undefined;
      const kernel = `bs_dense_${encoding === 'bytes' ? 'bytes' : 'planes'}_${SUFFIX[from.type]}`;
      const to = layout.newElements(last);
      layout.push({ kind: 'dense', id, kernel, node, encoding, ...(start ? { start } : {}), from, to });
      return;
    }
    case 'max-pool':
    case 'sum-pool': {
      const from = layout.elements(node.inputs[0]);
      const sum =
        node.type === 'i32' && from.type === 'i8'
          ? 'bs_sum_pool_wide_s8'
          : `bs_sum_pool_${SUFFIX[from.type]}`;
      const kernel = node.kind === 'max-pool' ? `bs_max_pool_${SUFFIX[from.type]}` : sum;
      layout.push({ kind: 'pool', id, kernel, node, from, to: layout.newElements(last) });
      return;
    }
    case 'add': {
      const from = [layout.elements(node.inputs[0]), layout.elements(node.inputs[1])] as const;
      layout.push({ kind: 'add', id, kernel: 'bs_add_s8', node, from, to: layout.newElements(last) });
      return;
    }
    case 'threshold': {
      const from = layout.elements(node.inputs[0]);
      const shifted = from.type === 'u8' ? shiftThresholds(layout.graph, node) : node;
      const kernel = `bs_threshold_${SUFFIX[from.type]}`;
      layout.push({ kind: 'threshold', id, kernel, node: shifted, from, to: layout.newElements(last) });
      return;
    }
    case 'combine': {
      const from = node.inputs.map((name) => layout.elements(name));
      const kernels = ['bs_fill_channels_s32', ...from.map((place) => `bs_combine_${SUFFIX[place.type]}`)];
      layout.push({ kind: 'combine', id, kernels, node, from, to: layout.newElements(last) });
      return;
    }
    case 'lookup': {
      const from = layout.elements(node.inputs[0]);
      layout.push({ kind: 'lookup', id, kernel: 'bs_lookup_s8', node, from, to: layout.newElements(last) });
      return;
    }
    case 'affine': {
      const from = node.inputs.map((name) => layout.elements(name));
      layout.push({
        kind: 'affine',
        id,
        kernels: from.map((place) => `bs_affine_${SUFFIX[place.type]}`),
        node,
        from,
      });
      return;
    }
    case 'flatten':
      layout.alias(node);
  }
}

/** Several convolutions, filter by filter: each level's sums, times its multipliers, are added in a plane. */
function pushLevels(
  layout: Layout,
  group: Group,
  { convs, combine }: NonNullable<Group['levels']>,
  last: IntegerNode,
): void {
  const { id } = last;
  // One form for all of them: planes where every level has codes -1, 0, 1.
  const bytes = convs.some((node) => encodingOf(node.weights) === 'bytes');
  const frames = new Map<string, Place>();
  const levels = convs.map((node, index): ConvLevel => {
    const [level] = levelOf(layout, node, bytes ? 'bytes' : encodingOf(node.weights), frames);
    return { ...level, multipliers: combine.multipliers[index] ?? new Int32Array() };
  });
  const { pool, threshold } = group;
  const [height, width] = mapShape(combine.shape);
  const type = SUFFIX[levels[0]?.from.type ?? 'i8'];
  const to = layout.newElements(last);
  layout.push({
    kind: 'conv2d-levels',
    id,
    kernel: `bs_conv2d_levels_${bytes ? 'bytes' : 'planes'}_${type}`,
    levels,
    bias: combine.bias,
    ...(pool ? { pool } : {}),
    ...(threshold ? { threshold } : {}),
    to,
    plane: layout.scratch(`${id} plane`, 2 * height * width * 4),
    ...(bytes ? {} : { list: listFor(layout, id, levels) }),
  });
}

/** What a convolution reads, and the form of its kernel. Convolutions of one geometry share the `frames` they read. */
function levelOf(
  layout: Layout,
  node: ConvNode,
  encoding: Encoding,
  frames = new Map<string, Place>(),
): [Omit<ConvLevel, 'multipliers'>, 'bytes' | 'planes'] {
  const place = layout.elements(node.inputs[0]);
  const key = `${place.buffer} ${node.outside ?? 0}`;
  const from = frames.get(key) ?? padded(layout, node, place);
  frames.set(key, from);
  const start = from.type === 'u8' ? startOf(layout.graph, node) : undefined;
  return [{ node, encoding, ...(start ? { start } : {}), from }, encoding === 'bytes' ? 'bytes' : 'planes'];
}

/** The value itself where its border holds the padding, else a copy in a frame of it. */
function padded(layout: Layout, { id, padding, outside }: ConvNode, place: Place): Place {
  const needs = Object.values(padding).some((rows) => rows > 0);
  // The border holds zeros; other codes need a frame of their own.
  if (!needs || (covers(place.border, padding) && outside === undefined)) return place;
  const to: Place = { ...place, buffer: `${id} frame`, border: padding };
  layout.scratch(to.buffer, bytesOf(to));
  const fill = fillOf(layout, place, outside);
  const kernel = outside === undefined ? `bs_pad_${SUFFIX[place.type]}` : 'bs_pad_fill_s8';
  layout.push({ kind: 'pad', id: to.buffer, kernel, from: place, to, ...fill });
  return to;
}

function fillOf(layout: Layout, place: Place, outside?: number): { fill?: readonly number[] } {
  if (place.type === 'u8') return { fill: layout.graph.input.zero };
  return outside === undefined ? {} : { fill: Array.from({ length: place.channels }, () => outside) };
}

/** Scratch for the offsets under the windows of convolutions. */
function listFor(layout: Layout, id: string, levels: readonly Pick<ConvLevel, 'node' | 'from'>[]): string {
  for (const { node, from } of levels) {
    const { left, right } = from.border;
    const row = (from.width + left + right) * from.channels;
    const reach =
      (node.kernel[0] - 1) * node.dilation[0] * row +
      ((node.kernel[1] - 1) * node.dilation[1] + 1) * from.channels;
    if (reach > 65_536) {
      refuse(node.id, `its window spans ${reach} elements of the input; the kernels' offsets reach 65,536`);
    }
  }
  return layout.scratch(`${id} list`, Math.max(...levels.map(({ node }) => node.weights.taps)) * 2);
}
