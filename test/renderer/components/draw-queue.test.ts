import { describe, expect, it } from 'vitest';
import { createDrawQueue, type Drawing } from '#renderer/components/chart/draw-queue.ts';

/** A screen whose pictures come when they are asked for, and a drawing time for each chart. */
function screen(cost: number) {
  let now = 0;
  let planned: ((time: number) => void) | undefined;
  const seen: string[][] = [];
  const queue = createDrawQueue(
    (work) => (planned = work),
    () => now,
  );
  const chart = (name: string, urgent = false): Drawing => ({
    urgent: () => urgent,
    draw: () => {
      now += cost;
      seen.at(-1)?.push(name);
    },
  });
  return {
    queue,
    chart,
    seen,
    /** The next picture, so long after the one before. False: none is asked for. */
    picture(after: number): boolean {
      const work = planned;
      if (!work) return false;
      planned = undefined;
      now += after;
      seen.push([]);
      work(now);
      return true;
    },
  };
}

describe('drawQueue', () => {
  it('draws each chart once, in its turn, as many as fit into a picture', () => {
    const { queue, chart, seen, picture } = screen(3);
    const charts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => chart(name));
    for (const one of [...charts, ...charts]) queue.request(one);
    while (picture(16));
    expect(seen).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g'], []]);
  });

  it('draws the chart under the hand in every picture, and the others by turns', () => {
    const { queue, chart, seen, picture } = screen(20);
    const charts = [chart('a'), chart('b'), chart('c'), chart('hand', true)];
    for (let i = 0; i < 4; i++) {
      for (const one of charts) queue.request(one);
      picture(16);
    }
    expect(seen).toEqual([
      ['hand', 'a'],
      ['hand', 'b'],
      ['hand', 'c'],
      ['hand', 'a'],
    ]);
  });

  it('puts less into a picture where pictures come late, and more again where they do not', () => {
    const { queue, chart, seen, picture } = screen(0);
    const charts = Array.from({ length: 40 }, (_, i) => chart(String(i)));
    const next = (after: number) => {
      for (const one of charts) queue.request(one);
      picture(after);
      return seen.at(-1)?.length;
    };
    expect(next(16)).toBe(32);
    expect([next(200), next(200), next(200), next(200), next(200)]).toEqual([16, 8, 4, 2, 2]);
    expect(queue.late).toBe(true);
    expect([next(16), next(16)]).toEqual([3, 4]);
    expect(queue.late).toBe(false);
  });

  it('learns nothing from a pause, and forgets a chart that is gone', () => {
    const { queue, chart, seen, picture } = screen(0);
    const [a, b] = [chart('a'), chart('b')];
    queue.request(a);
    picture(16);
    expect(picture(16)).toBe(true);
    expect(picture(16)).toBe(false);
    queue.request(a);
    queue.request(b);
    queue.forget(a);
    picture(5000);
    expect(seen.at(-1)).toEqual(['b']);
  });
});
