import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef, type EffectScope } from 'vue';
import type { EstimateResult } from '#shared/export/estimate/types.ts';
import { partOf } from '#shared/export/parts/index.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import { useEstimate, type SpawnEstimator } from '#renderer/composables/use-estimate.ts';

/** Workers that answer when the test says so. */
function workers() {
  const all: { asked: string[]; ended: boolean; answer(): void; fail(sentence: string): void }[] = [];
  const spawn: SpawnEstimator = (on) => {
    const worker = {
      asked: [] as string[],
      ended: false,
      answer: () => on.answer({ result: resultOf(worker.asked.at(-1) ?? '') }),
      fail: (sentence: string) => on.failure(sentence),
    };
    all.push(worker);
    return {
      ask: ({ model, options }) => void worker.asked.push(`${model.name} on ${options.target}`),
      end: () => void (worker.ended = true),
    };
  };
  return { all, spawn };
}
/** A result that says what it is the answer to. */
const resultOf = (text: string): EstimateResult => ({
  ok: false,
  problems: [{ origin: 'deployment', message: text }],
});

let scope: EffectScope;
let round = 0;
beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
  // Answers are kept for the whole window: each test has networks of its own.
  round++;
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

const named = (name: string): ResolvedModel => ({
  name: `${name}${round}`,
  inputShape: [1, 1, 1],
  layers: [],
  outputs: 1,
});
function setUp(first: ResolvedModel | null = named('a')) {
  const { all, spawn } = workers();
  const model = shallowRef(first);
  const part = ref(partOf('cortex-m4'));
  const estimate = scope.run(() => useEstimate({ model, part }, spawn));
  if (!estimate) throw new Error('no scope');
  const text = () => {
    const { value } = estimate.result;
    return value && !value.ok ? value.problems[0]?.message : null;
  };
  async function quiet(ms = 200): Promise<void> {
    await nextTick();
    await vi.advanceTimersByTimeAsync(ms);
  }
  return { all, model, part, estimate, text, quiet };
}

describe('the estimate of a network', () => {
  it('is asked for once edits pause, and comes as the answer to what is asked', async () => {
    const { all, model, estimate, text, quiet } = setUp();
    expect(all).toHaveLength(0);
    for (const name of ['b', 'c']) {
      model.value = named(name);
      await quiet(50);
    }
    await quiet();
    expect(all.map(({ asked }) => asked)).toEqual([[`c${round} on cortex-m4`]]);
    expect([estimate.isBusy.value, estimate.isStale.value, text()]).toEqual([true, true, null]);
    all[0]?.answer();
    expect([estimate.isBusy.value, estimate.isStale.value, text()]).toEqual([
      false,
      false,
      `c${round} on cortex-m4`,
    ]);
  });

  it('never gives an old answer as new: not late, not while the next is awaited', async () => {
    const { all, model, estimate, text, quiet } = setUp();
    await quiet();
    all[0]?.answer();
    model.value = named('b');
    await nextTick();
    expect([estimate.isStale.value, text()]).toEqual([true, `a${round} on cortex-m4`]);
    await quiet();
    model.value = named('c');
    await quiet(150);
    all[0]?.answer();
    expect([estimate.isBusy.value, estimate.isStale.value, text()]).toEqual([
      true,
      true,
      `a${round} on cortex-m4`,
    ]);
    expect(all[0]?.asked.at(-1)).toBe(`c${round} on cortex-m4`);
    all[0]?.answer();
    expect([estimate.isStale.value, text()]).toEqual([false, `c${round} on cortex-m4`]);
  });

  it('ends a worker that is lost in an old question, and asks another', async () => {
    const { all, model, text, quiet } = setUp();
    await quiet();
    model.value = named('b');
    await quiet(1000);
    expect(all.map(({ ended, asked }) => [ended, asked])).toEqual([
      [true, [`a${round} on cortex-m4`]],
      [false, [`b${round} on cortex-m4`]],
    ]);
    all[0]?.answer();
    expect(text()).toBeNull();
    all[1]?.answer();
    expect(text()).toBe(`b${round} on cortex-m4`);
  });

  it('is known at once after an undo, and asked anew for another core only', async () => {
    const { all, model, part, estimate, text, quiet } = setUp();
    await quiet();
    all[0]?.answer();
    model.value = named('b');
    await quiet();
    all[0]?.answer();
    model.value = named('a');
    await nextTick();
    expect([estimate.isStale.value, text()]).toEqual([false, `a${round} on cortex-m4`]);
    part.value = partOf('stm32f401re');
    await quiet();
    expect(estimate.isStale.value).toBe(false);
    expect(all[0]?.asked).toHaveLength(2);
    part.value = partOf('stm32f072rb');
    await quiet();
    expect(all[0]?.asked.at(-1)).toBe(`a${round} on cortex-m0`);
  });

  it('stays, marked as old, while the network is broken', async () => {
    const { all, model, estimate, text, quiet } = setUp();
    await quiet();
    all[0]?.answer();
    model.value = null;
    await quiet(1000);
    expect([estimate.isBusy.value, estimate.isStale.value, text()]).toEqual([
      false,
      true,
      `a${round} on cortex-m4`,
    ]);
    expect(all[0]?.asked).toHaveLength(1);
  });

  it('says that it failed, and tries again with the next edit', async () => {
    const { all, model, estimate, text, quiet } = setUp();
    await quiet();
    all[0]?.fail('out of memory');
    expect([estimate.error.value, estimate.isBusy.value]).toEqual([
      'The estimate failed: out of memory.',
      false,
    ]);
    model.value = named('b');
    await quiet();
    expect([estimate.error.value, all.length]).toEqual([null, 2]);
    all[1]?.answer();
    expect(text()).toBe(`b${round} on cortex-m4`);
  });

  it('ends its worker with the page', async () => {
    const { all, quiet } = setUp();
    await quiet();
    scope.stop();
    expect(all[0]?.ended).toBe(true);
  });
});
