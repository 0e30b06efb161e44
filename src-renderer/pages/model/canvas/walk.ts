import type { GraphView } from './graph-view.ts';
import type { Positions } from './layout.ts';

export type Way = 'back' | 'forth' | 'left' | 'right';

/**
 * The box that an arrow key leads to: back and forth along the connections, to the nearest one where there are several;
 * left and right to what stands beside. Null where the way ends.
 */
export function nextBox(
  view: GraphView,
  positions: Positions,
  from: string,
  way: Way,
  direction: 'down' | 'right',
): string | null {
  const across = direction === 'down' ? 'x' : 'y';
  const along = direction === 'down' ? 'y' : 'x';
  const place = positions.get(from);
  if (!place) return view.items[0]?.id ?? null;
  if (way === 'back' || way === 'forth') {
    const ends = view.edges.flatMap(({ source, target }) =>
      way === 'back' && target === from ? [source] : way === 'forth' && source === from ? [target] : [],
    );
    const distance = (id: string) => Math.abs((positions.get(id)?.[across] ?? 0) - place[across]);
    const near = ends.toSorted((a, b) => distance(a) - distance(b))[0];
    if (near !== undefined) return near;
    // A loose layer has no connection to follow: by place then.
    const sign = way === 'back' ? -1 : 1;
    return nearest((point) => sign * (point[along] - place[along]));
  }
  const sign = way === 'left' ? -1 : 1;
  return nearest((point) => sign * (point[across] - place[across]), along);

  function nearest(ahead: (point: { x: number; y: number }) => number, level?: 'x' | 'y'): string | null {
    const beside = view.items.flatMap(({ id, height, width }) => {
      const point = positions.get(id);
      if (!point || !place || id === from || ahead(point) <= 0) return [];
      const off = level ? Math.abs(point[level] - place[level]) : 0;
      if (level && off > (level === 'y' ? height : width) * 1.5) return [];
      return [{ id, distance: ahead(point) + 2 * off }];
    });
    return beside.toSorted((a, b) => a.distance - b.distance)[0]?.id ?? null;
  }
}
