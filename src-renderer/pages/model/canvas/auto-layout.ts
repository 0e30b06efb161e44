import { Graph, layout } from '@dagrejs/dagre';
import type { GraphItem, GraphView } from './graph-view.ts';
import { GAPS, type Direction, type Point } from './points.ts';

type Size = Pick<GraphItem, 'width' | 'height'>;
type Line = readonly [source: number, target: number];

const MARGIN = 24;

/**
 * Layered layout of the whole graph; top left corners. A network is mostly a chain of small pieces: each is laid out by
 * itself, and once, because laying out a hundred boxes at a time takes longer than a person should wait for an edit.
 */
export function autoLayout(view: GraphView, direction: Direction): Map<string, Point> {
  const place = new Map(view.items.map(({ id }, index) => [id, index]));
  const lines = view.edges.map(({ source, target }): Line => [
    place.get(source) ?? 0,
    place.get(target) ?? 0,
  ]);
  const centres = pieceByPiece(view.items, lines, direction) ?? layered(view.items, lines, direction);
  const corners = view.items.map(({ width, height }, i) => {
    const { x, y } = centres[i] ?? { x: 0, y: 0 };
    return { x: x - width / 2, y: y - height / 2 };
  });
  const left = Math.min(...corners.map(({ x }) => x));
  const top = Math.min(...corners.map(({ y }) => y));
  return new Map(
    view.items.map(({ id }, i) => {
      const { x, y } = corners[i] ?? { x: 0, y: 0 };
      return [id, { x: Math.round(x - left + MARGIN), y: Math.round(y - top + MARGIN) }];
    }),
  );
}

/** Pieces between boxes that every path goes through, one behind the other; null where the graph is no such chain. */
function pieceByPiece(boxes: readonly Size[], lines: readonly Line[], direction: Direction): Point[] | null {
  const order = connectedOrder(boxes.length, lines);
  if (!order) return null;
  const rank = new Map(order.map((box, i) => [box, i]));
  const sorted = lines.map(([source, target]): Line => [rank.get(source) ?? 0, rank.get(target) ?? 0]);
  const cuts = cutsOf(order.length, sorted);
  const centres: Point[] = boxes.map(() => ({ x: 0, y: 0 }));
  for (const [i, from] of cuts.entries()) {
    const to = cuts[i + 1];
    if (to === undefined) break;
    const inside = order.slice(from, to + 1);
    const mine = sorted
      .filter(([source, target]) => source >= from && target <= to)
      .map(([source, target]): Line => [source - from, target - from]);
    const sizes = inside.map((box): Size => boxes[box] ?? { width: 0, height: 0 });
    put(inside, layered(sizes, mine, direction), centres, direction);
  }
  return centres;
}

/** Moves a piece to where its first box is; its last box, alone in its rank, stands in line with the first. */
function put(
  inside: readonly number[],
  piece: readonly Point[],
  centres: Point[],
  direction: Direction,
): void {
  const start = centres[inside[0] ?? 0] ?? { x: 0, y: 0 };
  const from = piece[0] ?? { x: 0, y: 0 };
  inside.forEach((box, i) => {
    const at = piece[i] ?? from;
    centres[box] = { x: start.x + at.x - from.x, y: start.y + at.y - from.y };
  });
  const last = inside.at(-1) ?? 0;
  const end = centres[last] ?? start;
  centres[last] = direction === 'down' ? { x: start.x, y: end.y } : { x: end.x, y: start.y };
}

/** Boxes with sources before targets; null where there are loose pieces, several ends, or a circle. */
function connectedOrder(count: number, lines: readonly Line[]): number[] | null {
  const readers = Array.from({ length: count }, (): number[] => []);
  const waiting = new Uint32Array(count);
  for (const [source, target] of lines) {
    readers[source]?.push(target);
    waiting[target] = (waiting[target] ?? 0) + 1;
  }
  const order = [...waiting.keys()].filter((box) => waiting[box] === 0);
  if (order.length !== 1 || readers.filter((list) => list.length === 0).length !== 1) return null;
  for (const box of order) {
    for (const reader of readers[box] ?? []) {
      const left = (waiting[reader] ?? 0) - 1;
      waiting[reader] = left;
      if (left === 0) order.push(reader);
    }
  }
  return order.length === count ? order : null;
}

/** Places in the order over which no line passes. */
function cutsOf(count: number, sorted: readonly Line[]): number[] {
  const farthest = new Uint32Array(count);
  for (const [source, target] of sorted) farthest[source] = Math.max(farthest[source] ?? 0, target);
  const cuts: number[] = [];
  let reach = 0;
  for (let at = 0; at < count; at++) {
    if (reach <= at) cuts.push(at);
    reach = Math.max(reach, farthest[at] ?? 0);
  }
  return cuts;
}

const known = new Map<string, readonly Point[]>();
const MOST_KEPT = 300;

/** Centres by the layout library; the same structure is laid out once. */
function layered(boxes: readonly Size[], lines: readonly Line[], direction: Direction): readonly Point[] {
  const key = JSON.stringify([direction, boxes.map(({ width, height }) => [width, height]), lines]);
  const before = known.get(key);
  known.delete(key);
  const points = before ?? compute(boxes, lines, direction);
  known.set(key, points);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
  return points;
}

function compute(boxes: readonly Size[], lines: readonly Line[], direction: Direction): Point[] {
  const graph = new Graph({ multigraph: true });
  const { between, along } = GAPS[direction];
  graph.setGraph({
    rankdir: direction === 'down' ? 'TB' : 'LR',
    nodesep: between,
    edgesep: 24,
    ranksep: along,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  boxes.forEach(({ width, height }, i) => graph.setNode(`${i}`, { width, height }));
  lines.forEach(([source, target], i) => graph.setEdge(`${source}`, `${target}`, {}, `${i}`));
  layout(graph);
  return boxes.map((_, i) => {
    const { x, y } = graph.node(`${i}`) as Point;
    return { x, y };
  });
}
