import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef, type EffectScope } from 'vue';
import type { CurveAnswer, CurveRequest } from '#shared/run/compare/curves.ts';
import { CURVE_VIEW } from '#renderer/panels/curve-view.ts';
import { curveRequest } from '#renderer/panels/curves.ts';
import type { Range } from '#renderer/components/chart/range.ts';

/** A host whose answers wait until they are let go. */
const fake = vi.hoisted(() => ({
  asked: [] as { request: unknown; answer(thinned?: boolean): void; fail(): void }[],
  listeners: [] as { topic: string; hear(payload: unknown): void }[],
}));
vi.mock('#renderer/client/index.ts', () => ({
  shell: undefined,
  host: {
    call: {
      run: {
        curves: (request: CurveRequest) =>
          new Promise<CurveAnswer>((resolve, reject) => {
            fake.asked.push({
              request,
              answer: (thinned = false) =>
                resolve({ curves: [], extent: { from: 0, to: 100, positive: 1 }, thinned, focus: null }),
              fail: () => reject(new Error('no connection')),
            });
          }),
        list: () => Promise.resolve([]),
        seriesNames: () => Promise.resolve([]),
      },
    },
    subscribe: (topic: string, hear: (payload: unknown) => void) => {
      fake.listeners.push({ topic, hear });
      return () => undefined;
    },
    onState: () => () => undefined,
  },
}));

const { useCurves } = await import('#renderer/components/chart/use-curves.ts');

const weight = ref(0);
const active = ref(true);
const range = shallowRef<Range | null>(null);
let scope: EffectScope;

function start() {
  scope = effectScope();
  return scope.run(() =>
    useCurves({
      request: () =>
        curveRequest([{ id: 'a', label: 'A', look: 0, series: 'loss', runs: ['a'] }], {
          ...CURVE_VIEW,
          weight: weight.value,
        }),
      range: () => range.value,
      width: () => 600,
      active: () => active.value,
    }),
  )!;
}
const settle = async (milliseconds = 200) => {
  await nextTick();
  await vi.advanceTimersByTimeAsync(milliseconds);
};
const push = (run: string) => {
  const payload = { run, points: [{ series: 'loss', step: 1, epoch: 1, time: 1, value: 1 }] };
  for (const { topic, hear } of fake.listeners) if (topic === 'metrics') hear(payload);
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('requestAnimationFrame', (work: () => void) => setTimeout(work, 16));
  setActivePinia(createPinia());
  fake.asked.length = 0;
  fake.listeners.length = 0;
  weight.value = 0;
  active.value = true;
  range.value = null;
});
afterEach(() => {
  scope.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the curves of a chart', () => {
  it('are asked for once, and again when the question changes', async () => {
    const curves = start();
    await settle();
    expect(fake.asked).toHaveLength(1);
    expect(curves.loading.value).toBe(true);
    fake.asked[0]?.answer();
    await settle();
    expect(curves.loading.value).toBe(false);
    expect(fake.asked).toHaveLength(1);
    weight.value = 0.5;
    await settle();
    expect(fake.asked[1]?.request).toMatchObject({ smoothing: { weight: 0.5 } });
  });

  it('never show the answer to an earlier question, and are never asked for twice at a time', async () => {
    const curves = start();
    await settle();
    weight.value = 0.1;
    await settle();
    weight.value = 0.2;
    await settle();
    expect(fake.asked).toHaveLength(1);
    fake.asked[0]?.answer();
    await settle();
    expect(curves.answer.value).toBeNull();
    expect(fake.asked[1]?.request).toMatchObject({ smoothing: { weight: 0.2 } });
    fake.asked[1]?.answer();
    await settle();
    expect(curves.answer.value).not.toBeNull();
    expect(fake.asked).toHaveLength(2);
  });

  it('are not asked for out of view, but when it comes into view', async () => {
    active.value = false;
    start();
    await settle();
    expect(fake.asked).toHaveLength(0);
    active.value = true;
    await settle();
    expect(fake.asked).toHaveLength(1);
  });

  it('of a thousand pushes are asked for a few times, of another run never', async () => {
    start();
    await settle();
    fake.asked[0]?.answer();
    await settle();
    for (let i = 0; i < 50; i++) push('b');
    await settle(1000);
    expect(fake.asked).toHaveLength(1);
    for (let i = 0; i < 1000; i++) {
      push('a');
      await vi.advanceTimersByTimeAsync(1);
      fake.asked.at(-1)?.answer();
    }
    await settle(1000);
    expect(fake.asked.length).toBeGreaterThan(2);
    expect(fake.asked.length).toBeLessThanOrEqual(7);
  });

  it('are asked for finer where they were thinned and are looked at closer', async () => {
    start();
    await settle();
    fake.asked[0]?.answer(true);
    await settle();
    range.value = { from: 40, to: 50 };
    await settle();
    expect(fake.asked[1]?.request).toMatchObject({ from: 30, to: 60, buckets: 1800 });
    fake.asked[1]?.answer(false);
    await settle();
    // All points of that part are there now.
    range.value = { from: 44, to: 45 };
    await settle();
    expect(fake.asked).toHaveLength(2);
  });

  it('say what went wrong, and wait to be told before they try again', async () => {
    const curves = start();
    await settle();
    fake.asked[0]?.fail();
    await settle(5000);
    expect(curves.error.value?.message).toBe('no connection');
    expect(fake.asked).toHaveLength(1);
    curves.refresh();
    await settle();
    fake.asked[1]?.answer();
    await settle();
    expect(curves.error.value).toBeNull();
  });
});
