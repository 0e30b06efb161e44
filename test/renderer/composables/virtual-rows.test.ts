import { describe, expect, it } from 'vitest';
import { scrollToShow, virtualWindow } from '#renderer/composables/virtual-rows.ts';

describe('virtualWindow', () => {
  it('covers what is visible with some rows to spare, and accounts for all others', () => {
    for (const scrolled of [0, 17, 36, 5000, 359_000, 360_000]) {
      const { first, end, before, after } = virtualWindow(10_000, 36, scrolled, 400, 8);
      expect(before).toBe(first * 36);
      expect(before + (end - first) * 36 + after).toBe(360_000);
      expect(first * 36).toBeLessThanOrEqual(scrolled);
      expect(end * 36).toBeGreaterThanOrEqual(Math.min(360_000, scrolled + 400));
      expect(end - first).toBeLessThanOrEqual(Math.ceil(400 / 36) + 2 * 8 + 1);
    }
  });
  it('holds for an empty list, and for one that shrank under the scroll bar', () => {
    expect(virtualWindow(0, 36, 0, 400)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
    const { first, end, before, after } = virtualWindow(3, 36, 90_000, 400);
    expect(end).toBe(3);
    expect(before + (end - first) * 36 + after).toBe(108);
  });
});

describe('scrollToShow', () => {
  it('moves only as far as needed', () => {
    expect(scrollToShow(5, 36, 0, 400, 36)).toBe(0);
    expect(scrollToShow(20, 36, 0, 400, 36)).toBe(20 * 36 + 36 + 36 - 400);
    expect(scrollToShow(2, 36, 500, 400, 36)).toBe(72);
  });
});
