import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRefresher } from '#renderer/composables/refresher.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createRefresher', () => {
  it('makes one refresh of many hints', async () => {
    const refresh = vi.fn(() => Promise.resolve());
    const { hint } = createRefresher(refresh, { quietMs: 100, ceilingMs: 1000 });
    for (let i = 0; i < 50; i++) hint();
    await vi.advanceTimersByTimeAsync(100);
    expect(refresh).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('is not starved by hints that never stop', async () => {
    const refresh = vi.fn(() => Promise.resolve());
    const { hint } = createRefresher(refresh, { quietMs: 100, ceilingMs: 1000 });
    for (let ms = 0; ms < 4000; ms += 50) {
      hint();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(refresh.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(refresh.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it('never runs two refreshes at once, and does not lose a hint of the time between', async () => {
    let running = 0;
    let most = 0;
    const refresh = vi.fn(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 500));
      running--;
    });
    const { hint } = createRefresher(refresh, { quietMs: 10, ceilingMs: 100 });
    hint();
    await vi.advanceTimersByTimeAsync(50);
    hint();
    await vi.advanceTimersByTimeAsync(2000);
    expect(most).toBe(1);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('does nothing after it was stopped', async () => {
    const refresh = vi.fn(() => Promise.resolve());
    const { hint, stop } = createRefresher(refresh, { quietMs: 10, ceilingMs: 100 });
    hint();
    stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(refresh).not.toHaveBeenCalled();
  });
});
