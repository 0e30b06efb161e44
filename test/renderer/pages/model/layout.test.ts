import { describe, expect, it } from 'vitest';
import { linksOf } from '#shared/model/edit/links.ts';
import type { NetworkDocument } from '#shared/model/edit/network.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { autoLayout } from '#renderer/pages/model/canvas/auto-layout.ts';
import { viewGraph, type GraphView } from '#renderer/pages/model/canvas/graph-view.ts';

const CANVAS = { places: {}, groups: [] };

function viewOf(id: string, side = 32): GraphView {
  const preset = MODEL_PRESETS.find((one) => one.id === id);
  if (!preset) throw new Error(id);
  return viewGraph(preset.build([side, side, 3], 10) as unknown as NetworkDocument, CANVAS);
}

describe.each(['down', 'right'] as const)('the automatic layout, %s', (direction) => {
  const along = direction === 'down' ? 'y' : 'x';
  const across = direction === 'down' ? 'x' : 'y';
  const size = direction === 'down' ? ('height' as const) : ('width' as const);

  it.each(['lenet-small', 'resnet20', 'mobilenet-v1'])('of %s: no box overlaps, sources come first', (id) => {
    const view = viewOf(id);
    const places = autoLayout(view, direction);
    const boxes = view.items.map((item) => ({ ...item, ...(places.get(item.id) ?? { x: NaN, y: NaN }) }));
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart, `${a.id} and ${b.id}`).toBe(true);
      }
    }
    const by = new Map(boxes.map((box) => [box.id, box]));
    for (const { source, target } of view.edges) {
      const [from, to] = [by.get(source), by.get(target)];
      if (!from || !to) throw new Error('no box');
      expect(to[along]).toBeGreaterThanOrEqual(from[along] + from[size]);
    }
    expect(Math.min(...boxes.map(({ x }) => x))).toBe(24);
    expect(Math.min(...boxes.map(({ y }) => y))).toBe(24);
  });

  it('keeps what every path goes through in one line, however many branches lie between', () => {
    const view = viewOf('resnet20');
    const places = autoLayout(view, direction);
    const middle = ({ id, width, height }: GraphView['items'][number]) =>
      (places.get(id)?.[across] ?? NaN) + (direction === 'down' ? width : height) / 2;
    const [first, last] = [view.items[0], view.items.at(-1)];
    if (!first || !last) throw new Error('no ends');
    expect(Math.abs(middle(first) - middle(last))).toBeLessThanOrEqual(1);
  });

  it('places loose boxes and circles as well', () => {
    const layers = [
      { id: 'a', kind: 'conv2d' },
      { id: 'loose', kind: 'dropout', inputs: [] },
      { id: 'b', kind: 'flatten', inputs: ['a', 'c'] },
      { id: 'c', kind: 'flatten', inputs: ['b'] },
    ];
    const view = viewGraph({ layers } as unknown as NetworkDocument, CANVAS);
    expect(linksOf({ layers } as unknown as NetworkDocument)).toHaveLength(4);
    const places = autoLayout(view, direction);
    expect(places.size).toBe(view.items.length);
    for (const { x, y } of places.values()) expect([x, y].every(Number.isFinite)).toBe(true);
  });
});
