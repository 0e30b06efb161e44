import type { Canvas } from '#shared/draft/draft.ts';
import { autoLayout } from './auto-layout.ts';
import type { GraphItem, GraphView } from './graph-view.ts';
import { GAPS, type Point } from './points.ts';

export type { Direction, Point } from './points.ts';
export type Positions = ReadonlyMap<string, Point>;

/**
 * Where everything is drawn: by rule as long as nobody moved anything; else where a person put it, and what has no place
 * of its own keeps its distance from a neighbour that has one.
 */
export function positionsOf(view: GraphView, canvas: Canvas): Map<string, Point> {
  const auto = autoLayout(view, canvas.direction ?? 'down');
  if (Object.keys(canvas.places).length === 0) return auto;
  const positions = new Map<string, Point>();
  for (const item of view.items) {
    const place = placeOf(item, canvas);
    if (place) positions.set(item.id, place);
  }
  // Along the graph first, then against it, so that every piece hangs on something with a place.
  const pairs = view.edges.flatMap(({ source, target }) => [
    [source, target],
    [target, source],
  ]);
  for (let found = true; found;) {
    found = false;
    for (const [known = '', other = ''] of pairs) {
      const [at, from, to] = [positions.get(known), auto.get(known), auto.get(other)];
      if (!at || !from || !to || positions.has(other)) continue;
      positions.set(other, { x: at.x + to.x - from.x, y: at.y + to.y - from.y });
      found = true;
    }
  }
  for (const [id, point] of auto) if (!positions.has(id)) positions.set(id, point);
  return positions;
}

function placeOf(item: GraphItem, { places }: Canvas): Point | null {
  const own = item.layers.flatMap((id) => {
    const place = places[id];
    return place ? [place] : [];
  });
  if (own.length === 0) return null;
  return { x: Math.min(...own.map(([x]) => x)), y: Math.min(...own.map(([, y]) => y)) };
}

/**
 * Places of a graph that a person has arranged, after layers came in: those get a place behind what they read, and what
 * stands in their way moves on, with everything behind it.
 */
export function makeRoom(
  view: GraphView,
  canvas: Canvas,
  fresh: readonly string[],
): Record<string, [number, number]> {
  const positions = positionsOf(view, { ...canvas, places: withoutKeys(canvas.places, fresh) });
  const items = new Map(view.items.map((item) => [item.id, item]));
  const axis = (canvas.direction ?? 'down') === 'down' ? 'y' : 'x';
  const size = (id: string) => items.get(id)?.[axis === 'y' ? 'height' : 'width'] ?? 0;
  const gap = GAPS[canvas.direction ?? 'down'].along;
  const moved = new Set(fresh);
  // In the order of the graph: what is moved moves what reads it.
  for (const { id } of view.items) {
    const point = positions.get(id);
    const sources = view.edges.filter(({ target }) => target === id).map(({ source }) => source);
    if (!point || (!fresh.includes(id) && !sources.some((source) => moved.has(source)))) continue;
    const ends = sources.map((source) => (positions.get(source)?.[axis] ?? 0) + size(source) + gap);
    const least = Math.max(...ends);
    if (fresh.includes(id) && sources[0] !== undefined) {
      const above = positions.get(sources[0]);
      positions.set(id, { ...(above ?? point), [axis]: least });
    } else if (point[axis] < least) {
      positions.set(id, { ...point, [axis]: least });
      moved.add(id);
    }
  }
  return placesOf(view, canvas, positions);
}

/** Positions as places of layers; the layers of a folded frame move along with it. */
export function placesOf(
  view: GraphView,
  canvas: Canvas,
  positions: Positions,
): Record<string, [number, number]> {
  const places: Record<string, [number, number]> = {};
  for (const item of view.items) {
    const point = positions.get(item.id);
    if (!point || item.type === 'end') continue;
    const before = placeOf(item, canvas) ?? point;
    for (const id of item.layers) {
      const own = canvas.places[id] ?? [before.x, before.y];
      places[id] = [Math.round(own[0] + point.x - before.x), Math.round(own[1] + point.y - before.y)];
    }
  }
  return places;
}

function withoutKeys<T>(record: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

export interface Box extends Point {
  width: number;
  height: number;
}

const INSET = { side: 16, top: 44 };

/** The frame around some boxes; null around none. */
export function frameAround(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x)) - INSET.side;
  const y = Math.min(...boxes.map((box) => box.y)) - INSET.top;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + INSET.side;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + INSET.side;
  return { x, y, width: right - x, height: bottom - y };
}
