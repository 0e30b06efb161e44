import { mapShape, valueOf, type ConvNode, type DenseNode, type IntegerGraph } from '../ir/graph.ts';
import type { CodeUnit } from './code-size.ts';
import {
  DEPTHWISE_TILES,
  MOST_TILES,
  denseCost,
  linearOf,
  referenceCost,
  slicedCost,
  swarCost,
  swarRows,
  tilesOf,
  type DenseForm,
} from './cost.ts';
import { isWalked, tapWords } from './counter.ts';
import { encodingOf, weightBytesOf, wordsOf } from './encoding.ts';
import { pixelsOf, type FastGroup, type TotalsGroup } from './fast-groups.ts';
import { codesOf, slicedForm } from './form.ts';
import type { PlanOptions } from './options.ts';
import { laneWords } from './packing/lanes.ts';
import { PACKINGS } from './packing/registry.ts';
import { SWAR_TABLES, swarFits, swarSections, type SwarTables } from './packing/swar-tables.ts';
import type { PackingId } from './packing/types.ts';
import { channelsUnder, swarWeights, swarWindowOf } from './swar.ts';

/** One way to compute a group. */
export interface Way {
  /** Absent: the plain kernels. */
  packing?: PackingId;
  /** The plain kernels, which need no packing. */
  reference?: true;
  /** SWAR: what its ring holds. */
  tables?: SwarTables;
  /** SWAR: rows of outputs at a time. */
  rows?: number;
  /** SWAR: lists of offsets in flash, nothing to decode. */
  ready?: boolean;
  dense?: DenseForm;
  estimate: number;
  weightBytes: number;
  /** Parts of the runtime that it links. */
  units: readonly CodeUnit[];
}

/** Packings that are decoded into a list. */
const DECODED = PACKINGS.filter(({ id }) => !isWalked(id));

/** Tiles that are gathered before the filters are walked; a depthwise convolution's are of one channel each. */
export function gatheredTiles(group: FastGroup, { objective }: PlanOptions): number {
  const [node] = linearOf(group);
  const depthwise = node?.kind === 'depthwise-conv2d';
  if (objective === 'ram') return depthwise ? MOST_TILES : 1;
  return depthwise ? DEPTHWISE_TILES : tilesOf(pixelsOf(node?.shape ?? []));
}

/** All ways to compute a group with weights, the plain kernels' among them. */
export function waysOf(graph: IntegerGraph, group: FastGroup, tiles: number, options: PlanOptions): Way[] {
  const fast = fastWays(graph, group, tiles, options);
  return isPlain(group) ? [...fast, referenceWay(group)] : fast;
}

function fastWays(graph: IntegerGraph, group: FastGroup, tiles: number, options: PlanOptions): Way[] {
  if (group.kind === 'totals' && group.by === 'swar') return swarWays(graph, group, options);
  const nodes = linearOf(group);
  // Weights that sliced convolutions walk where they lie are of no use to others.
  const usable = group.kind === 'dense' ? DECODED : PACKINGS;
  const fitting = usable.filter((packing) => nodes.every(({ weights }) => packing.fits(weights)));
  return fitting
    .flatMap(({ id, bytes }): Way[] => {
      const weightBytes = nodes.reduce((sum, { weights }) => sum + bytes(weights), 0);
      const one = { packing: id, weightBytes };
      switch (group.kind) {
        case 'sliced': {
          const form = ternary(graph, group.conv);
          const units = slicedUnits(group.conv.kind === 'conv2d' ? 'conv' : 'depthwise', form.ternary, id);
          return [
            { ...one, units, estimate: slicedCost([group.conv], id, { ...form, totals: false, tiles }) },
          ];
        }
        case 'totals': {
          const [first] = group.convs;
          const form = first ? ternary(graph, first) : { ternary: true };
          const units = slicedUnits('levels', form.ternary, id);
          return [{ ...one, units, estimate: slicedCost(group.convs, id, { ...form, totals: true, tiles }) }];
        }
        case 'dense':
          return [
            {
              ...one,
              dense: 'packed',
              units: ['planes', 'dense-packed', id],
              estimate: denseCost(group.dense, 'packed', id),
            },
          ];
        case 'join':
          return [];
      }
    })
    .concat(group.kind === 'dense' ? unpackedWays(group.dense) : []);
}

/** SWAR: every table with every packing of its weights that fits. */
function swarWays(graph: IntegerGraph, { convs }: TotalsGroup, { objective }: PlanOptions): Way[] {
  const [first] = convs;
  if (!first) return [];
  const rows = swarRows(first, objective);
  const fill = valueOf(graph, first.inputs[0] ?? '').type === 'u8' ? 'swar-u8' : 'swar-s8';
  return SWAR_TABLES.flatMap((tables) => {
    if (!swarFits(swarWindowOf(first, false), tables)) return [];
    const weights = convs.map((conv) => swarWeights(conv, tables));
    if (weights.some((level) => level === undefined)) return [];
    const levels = weights.filter((level) => level !== undefined);
    const numbers = swarSections(levels, tables, channelsUnder(first));
    const ready: Way = {
      tables,
      rows,
      ready: true,
      units: ['swar', fill],
      weightBytes: 2 * numbers.reduce((sum, count) => sum + count, 0),
      estimate: swarCost(convs, levels, undefined, { tables, rows }),
    };
    const decoded = DECODED.filter((packing) => levels.every((level) => packing.fits(level))).map(
      ({ id, bytes }): Way => ({
        packing: id,
        units: ['swar', fill, id],
        tables,
        rows,
        weightBytes: levels.reduce((sum, level) => sum + bytes(level), 0),
        estimate: swarCost(convs, levels, id, { tables, rows }),
      }),
    );
    return [ready, ...decoded];
  });
}

function slicedUnits(
  kind: 'conv' | 'depthwise' | 'levels',
  ternary: boolean,
  packing: PackingId,
): CodeUnit[] {
  const walked = isWalked(packing);
  const counter = `count-${ternary ? 'ternary' : 'binary'}${walked ? '-steps' : ''}` as const;
  return [
    'planes',
    'tile',
    ...(kind === 'levels' ? [] : ['filter' as const]),
    kind,
    counter,
    ...(walked ? [] : [packing]),
  ];
}

/**
 * Whether the plain kernels compute the group as one, filter by filter. Others they would cut, and keep 32-bit sums of all
 * filters in RAM.
 */
function isPlain(group: FastGroup): boolean {
  if (group.kind === 'sliced') return group.skip === undefined;
  return group.kind !== 'totals' || new Set(group.convs.map(windowShape)).size === 1;
}

function windowShape({ kernel, strides, dilation, padding, outside }: ConvNode): string {
  const { top, left, bottom, right } = padding;
  return JSON.stringify([kernel, strides, dilation, top, left, bottom, right, outside ?? 0]);
}

function referenceWay(group: FastGroup): Way {
  const nodes = linearOf(group);
  const dense = nodes.some(({ kind }) => kind === 'dense');
  return {
    reference: true,
    estimate: nodes.reduce((sum, node) => sum + referenceCost(node), 0),
    weightBytes: nodes.reduce((sum, { weights }) => sum + weightBytesOf(weights, encodingOf(weights)), 0),
    units: [dense ? 'reference-dense' : 'reference-conv'],
  };
}

function unpackedWays(dense: DenseNode): Way[] {
  const { filters, taps, codes } = dense.weights;
  const planes = codes.includes(0) ? 2 : 1;
  return [
    {
      dense: 'planes',
      units: ['planes', 'dense-planes'],
      weightBytes: filters * wordsOf(taps) * 4 * planes,
      estimate: denseCost(dense, 'planes'),
    },
    {
      dense: 'lanes',
      units: ['planes', 'dense-lanes'],
      weightBytes: laneWords(dense.weights) * 4,
      estimate: denseCost(dense, 'lanes'),
    },
  ];
}

/** Whether a convolution counts two words for each tap. */
export function ternary(graph: IntegerGraph, node: ConvNode): { ternary: boolean } {
  const name = node.inputs[0] ?? '';
  const sliced = slicedForm(codesOf(graph, name));
  const [height, width] = mapShape(valueOf(graph, name).shape);
  return { ternary: !sliced || tapWords(node, { sliced, height, width }) === 2 };
}
