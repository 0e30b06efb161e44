import type { Canvas } from '../../draft/draft.ts';
import type { NetworkDocument } from './network.ts';

type Group = Canvas['groups'][number];
export type Place = readonly [number, number];

/** The drawing without places and groups of layers that are gone. The same object where nothing is to be done. */
export function tidyCanvas(canvas: Canvas, network: NetworkDocument): Canvas {
  const known = new Set(network.layers.map(({ id }) => id));
  const stale = Object.keys(canvas.places).filter((id) => !known.has(id));
  const torn = canvas.groups.some(({ layers }) => layers.length === 0 || layers.some((id) => !known.has(id)));
  if (stale.length === 0 && !torn) return canvas;
  const places = Object.fromEntries(Object.entries(canvas.places).filter(([id]) => known.has(id)));
  const groups = canvas.groups.map((group) => ({
    ...group,
    layers: group.layers.filter((id) => known.has(id)),
  }));
  return { ...canvas, places, groups: groups.filter(({ layers }) => layers.length > 0) };
}

export function renameInCanvas(canvas: Canvas, from: string, to: string): Canvas {
  const { [from]: place, ...places } = canvas.places;
  return {
    ...canvas,
    places: place ? { ...places, [to]: place } : canvas.places,
    groups: canvas.groups.map((group) => ({
      ...group,
      layers: group.layers.map((id) => (id === from ? to : id)),
    })),
  };
}

/** Puts layers in a frame of their own; each layer is in one frame at most. */
export function groupLayers(canvas: Canvas, ids: readonly string[], title: string): Canvas {
  const taken = new Set(canvas.groups.map(({ id }) => id));
  let number = canvas.groups.length + 1;
  while (taken.has(`group${number}`)) number++;
  const others = canvas.groups
    .map((group) => ({ ...group, layers: group.layers.filter((id) => !ids.includes(id)) }))
    .filter(({ layers }) => layers.length > 0);
  const group: Group = { id: `group${number}`, title, layers: [...ids], collapsed: false };
  return { ...canvas, groups: [...others, group] };
}

/** A title for a new frame: `Block 3` where Block 1 and Block 2 exist. */
export function freshTitle(canvas: Canvas): string {
  const numbers = canvas.groups.map(({ title }) => Number(/^Block (\d+)$/.exec(title)?.[1] ?? 0));
  return `Block ${Math.max(0, ...numbers) + 1}`;
}

export function ungroup(canvas: Canvas, id: string): Canvas {
  return { ...canvas, groups: canvas.groups.filter((group) => group.id !== id) };
}

export function changeGroup(canvas: Canvas, id: string, change: Partial<Omit<Group, 'id'>>): Canvas {
  return {
    ...canvas,
    groups: canvas.groups.map((group) => (group.id === id ? { ...group, ...change } : group)),
  };
}

/** New layers join the frame that all of their neighbours are in. */
export function joinGroup(canvas: Canvas, ids: readonly string[], neighbours: readonly string[]): Canvas {
  const group = canvas.groups.find(({ layers }) => neighbours.every((id) => layers.includes(id)));
  if (!group || neighbours.length === 0) return canvas;
  return changeGroup(canvas, group.id, { layers: [...group.layers, ...ids] });
}

export function placeLayers(canvas: Canvas, places: Readonly<Record<string, Place>>): Canvas {
  const rounded = Object.entries(places).map(([id, [x, y]]) => [id, [Math.round(x), Math.round(y)]] as const);
  return { ...canvas, places: { ...canvas.places, ...Object.fromEntries(rounded) } as Canvas['places'] };
}

/** Gives the layout back to the rule. */
export function clearPlaces(canvas: Canvas, direction?: 'down' | 'right'): Canvas {
  return { ...canvas, places: {}, ...(direction ? { direction } : {}) };
}
