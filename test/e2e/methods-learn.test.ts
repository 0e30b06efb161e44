import { beforeAll, describe, expect, it } from 'vitest';
import { METHODS } from '#shared/quant/registry.ts';
import { learnMnist } from '#test/support/learn-mnist.ts';
import { findMnist, type Mnist } from '#test/support/mnist.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/**
 * Every method learns: LeNet-5 on real MNIST for 120 steps of 20 samples passes a floor. The floor of each method was
 * chosen below the worst of three runs from the seeds 1, 2 and 3, by twice their spread and by 0.04 at least; the test runs
 * from another seed. A method whose gradient is wrong stays far below: chance is 0.1.
 */
const LEARNT: Record<string, { observed: [number, number, number]; floor: number }> = {
  'full-precision': { observed: [0.98, 0.976, 0.968], floor: 0.92 },
  bnn: { observed: [0.946, 0.946, 0.944], floor: 0.9 },
  twn: { observed: [0.972, 0.97, 0.97], floor: 0.93 },
  gxnor: { observed: [0.926, 0.906, 0.91], floor: 0.86 },
  ttq: { observed: [0.974, 0.978, 0.98], floor: 0.93 },
  tga: { observed: [0.976, 0.972, 0.976], floor: 0.93 },
  'ternary-statistical': { observed: [0.97, 0.972, 0.978], floor: 0.93 },
  'residual-expansion': { observed: [0.99, 0.976, 0.976], floor: 0.93 },
  'tot-net': { observed: [0.956, 0.938, 0.94], floor: 0.89 },
  'multi-level-ternary': { observed: [0.94, 0.94, 0.948], floor: 0.9 },
  'xnor-net': { observed: [0.944, 0.962, 0.94], floor: 0.89 },
  'bi-real': { observed: [0.948, 0.942, 0.95], floor: 0.9 },
  'bnn-plus': { observed: [0.926, 0.916, 0.91], floor: 0.87 },
  'binary-connect': { observed: [0.97, 0.982, 0.964], floor: 0.92 },
  tbn: { observed: [0.946, 0.942, 0.95], floor: 0.9 },
  rebnet: { observed: [0.954, 0.964, 0.95], floor: 0.91 },
  'abc-net': { observed: [0.948, 0.952, 0.95], floor: 0.9 },
  dorefa: { observed: [0.952, 0.964, 0.96], floor: 0.91 },
  'lq-nets': { observed: [0.972, 0.968, 0.964], floor: 0.92 },
  hwgq: { observed: [0.958, 0.97, 0.954], floor: 0.91 },
  inq: { observed: [0.972, 0.966, 0.966], floor: 0.92 },
  lsq: { observed: [0.97, 0.972, 0.976], floor: 0.93 },
  int8: { observed: [0.98, 0.98, 0.97], floor: 0.93 },
};
const SEED = 4;

const found = await findMnist();
const missing = typeof found === 'string' ? ` (skipped: ${found})` : '';

describe('floors', () => {
  it('are there for every method, below each of its observed runs and far above chance', () => {
    expect(Object.keys(LEARNT).sort()).toEqual(METHODS.map(({ card }) => card.id).sort());
    for (const { observed, floor } of Object.values(LEARNT)) {
      expect(floor).toBeLessThanOrEqual(Math.min(...observed) - 0.035);
      expect(floor).toBeGreaterThan(0.8);
    }
  });
});

describe.skipIf(missing)(`learning MNIST in 120 steps${missing}`, () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(Object.entries(LEARNT))('%s', async (method, { floor }) => {
    expect(await learnMnist(tf, found as Mnist, method, SEED)).toBeGreaterThanOrEqual(floor);
  });
});
