import type { Canvas } from '#shared/draft/draft.ts';
import type { EdgePlace } from '#shared/model/edit/insert.ts';
import { linksOf, type Link } from '#shared/model/edit/links.ts';
import type { NetworkDocument } from '#shared/model/edit/network.ts';
import { INPUT } from '#shared/model/infer-layer.ts';
import { LAYER_KINDS } from '#shared/model/layers/registry.ts';

/** The node of the network's output. No layer can be called so. */
export const OUTPUT = ':output';

/** A box of the graph: a layer, an end of the network, or a frame that is folded to one box. */
export interface GraphItem {
  id: string;
  type: 'layer' | 'end' | 'folded';
  width: number;
  height: number;
  /** Layers that it stands for; none for the ends. */
  layers: readonly string[];
}

/** A line of the graph. */
export interface GraphEdge {
  id: string;
  source: string;
  target: string;
  /** The layer (or input) whose value it carries. */
  from: string;
  /** The connection that it stands for; null: the way to the output. */
  place: EdgePlace | null;
}

/** An open frame. */
export interface GraphFrame {
  id: string;
  title: string;
  layers: readonly string[];
}

export interface GraphView {
  items: readonly GraphItem[];
  edges: readonly GraphEdge[];
  frames: readonly GraphFrame[];
}

const WIDTH = 224;
const KERNELS = new Set(LAYER_KINDS.filter(({ kernel }) => kernel).map(({ kind }) => kind));

export function hasKernel(kind: string): boolean {
  return KERNELS.has(kind);
}

/** The height of a layer's box depends on its kind alone, so that nothing moves while numbers change. */
export function cardHeight(kind: string): number {
  const memory = showsMemory(kind) ? 24 : 0;
  if (hasKernel(kind)) return 112 + memory;
  return (kind === 'activation' || kind === 'batch-norm' ? 84 : 60) + memory;
}

/** Whether a layer of its own is left of it in the firmware: the others are folded into their neighbours. */
export function showsMemory(kind: string): boolean {
  return kind !== 'batch-norm' && kind !== 'dropout' && kind !== 'flatten';
}

export function foldedId(group: string): string {
  return `:group:${group}`;
}

/** What of a network is to be drawn. */
export function viewGraph(network: NetworkDocument, canvas: Canvas): GraphView {
  const links = linksOf(network);
  const shown = new Map<string, string>([[INPUT, INPUT]]);
  for (const { layer } of links) shown.set(layer.id, layer.id);
  for (const group of canvas.groups.filter(({ collapsed }) => collapsed)) {
    for (const id of group.layers) shown.set(id, foldedId(group.id));
  }
  const folded = canvas.groups
    .filter(({ collapsed }) => collapsed)
    .map((group): GraphItem => ({
      id: foldedId(group.id),
      type: 'folded',
      width: WIDTH,
      height: 84,
      layers: group.layers,
    }));
  const open = links
    .filter(({ layer }) => shown.get(layer.id) === layer.id)
    .map(({ layer }): GraphItem => ({
      id: layer.id,
      type: 'layer',
      width: WIDTH,
      height: cardHeight(layer.kind),
      layers: [layer.id],
    }));
  const end = (id: string): GraphItem => ({ id, type: 'end', width: WIDTH, height: 40, layers: [] });
  return {
    items: [end(INPUT), ...open, ...folded, ...(links.length > 0 ? [end(OUTPUT)] : [])],
    edges: edgesOf(links, shown),
    frames: canvas.groups
      .filter(({ collapsed }) => !collapsed)
      .map(({ id, title, layers }) => ({ id, title, layers })),
  };
}

function edgesOf(links: readonly Link[], shown: ReadonlyMap<string, string>): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  const put = (from: string, to: string, place: EdgePlace | null) => {
    const [source, target] = [shown.get(from), shown.get(to) ?? to];
    if (source === undefined || source === target) return;
    const id = place ? `${target}<${source}<${place.index}` : `${target}<${source}`;
    // Several connections between two folded frames are one line.
    const key = source === from && target === to ? id : `${target}<${source}`;
    if (!edges.has(key)) edges.set(key, { id: key, source, target, from, place });
  };
  for (const { layer, inputs } of links) {
    inputs.forEach((name, index) => put(name, layer.id, { target: layer.id, index }));
  }
  const last = links.at(-1)?.layer.id;
  if (last !== undefined) put(last, OUTPUT, null);
  return [...edges.values()];
}
