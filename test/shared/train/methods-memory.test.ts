import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { benchmarkPairs, pairName } from '#shared/quant/pairs.ts';
import type { BenchmarkNetwork } from '#shared/train/benchmark/synthetic-trainer.ts';
import { watchMemory } from '#shared/train/benchmark/watch-memory.ts';
import { SMALL_LAYERS } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Memory does not grow with the number of steps, whatever the methods. */

const NETWORK: BenchmarkNetwork = {
  id: 'small',
  title: 'small',
  shape: [8, 8, 1],
  classes: 4,
  batchSize: 100,
  // Without the shortcut, which not every method is defined for.
  model: {
    version: 1,
    name: 'small',
    input: { shape: [8, 8, 1] },
    layers: SMALL_LAYERS.filter(({ id }) => id !== 'join'),
  },
};
const WARM_UP = 10;
const STEPS = 25;
/** Half of what would be kept if each step held on to its batch alone, 100 · 64 float32. */
const ALLOWED_GROWTH = (STEPS * 100 * 64 * 4) / 2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('memory of a run', () => {
  beforeAll(async () => {
    await TEST_BACKENDS[1]?.activate();
    // What compiling the training code takes is not what a step takes.
    await watchMemory(tf, NETWORK, { weights: 'tga', activations: 'gxnor' }, { warmUp: 100, steps: 1 });
  });

  it.each(benchmarkPairs().map((pair) => [pairName(pair), pair] as const))(
    '%s: the same tensors and bytes on the back end after 35 steps as after 10, and no more on the heap',
    async (_name, pair) => {
      const heap: number[] = [];
      const before = tf.memory().numTensors;
      const watched = await watchMemory(tf, NETWORK, pair, { warmUp: WARM_UP, steps: STEPS }, () => {
        heap.push(heapBytes());
      });
      expect(watched.tensorsFirst).toBeGreaterThan(0);
      expect(watched.tensorsLast).toBe(watched.tensorsFirst);
      expect(watched.bytesLast).toBe(watched.bytesFirst);
      expect((heap[1] ?? Infinity) - (heap[0] ?? 0)).toBeLessThan(ALLOWED_GROWTH);
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
