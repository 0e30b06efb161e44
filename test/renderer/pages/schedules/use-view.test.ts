import { describe, expect, it } from 'vitest';
import { useView } from '#renderer/pages/schedules/use-view.ts';

describe('the view of a run', () => {
  it('keeps the moment under the pointer where it is when it is zoomed', () => {
    const view = useView(() => 10);
    view.zoom(0.5, 2);
    expect(view.range.value).toEqual([1, 6]);
    view.zoom(0.8, 2);
    const [from, to] = view.range.value;
    expect((2 - from) / (to - from)).toBeCloseTo(0.2, 12);
  });
  it('ends where the run does, and is whole again when all of it is in view', () => {
    const view = useView(() => 10);
    view.zoom(0.5, 0);
    view.pan(-1);
    expect(view.range.value).toEqual([0, 5]);
    view.pan(9);
    expect(view.range.value).toEqual([5, 10]);
    expect(view.zoomed.value).toBe(true);
    view.zoom(3);
    expect([view.zoomed.value, view.range.value]).toEqual([false, [0, 10]]);
  });
  it('follows a moment that leaves it, and only then', () => {
    const view = useView(() => 10);
    view.zoom(0.2, 0);
    view.reveal(1.5);
    expect(view.range.value).toEqual([0, 2]);
    view.reveal(5);
    expect(view.range.value).toEqual([4, 6]);
    view.reveal(10);
    expect(view.range.value).toEqual([8, 10]);
  });
});
