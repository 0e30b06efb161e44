import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { uniformCode, uniformCodes, uniformOf, uniformStaircase } from '#shared/quant/parts/uniform.ts';
import type { Staircase } from '#shared/quant/types.ts';
import { staircaseByThresholds, staircaseTensor } from '#shared/train/evaluate.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

const GRIDS = [
  [0.1, 0, 15],
  [1 / 3, 0, 3],
  [1 / 255, 0, 255],
  [0.037, -128, 127],
  [2 ** -40, -127, 127],
  [1e-5, -3, 12],
  [7.3e4, 0, 255],
  [0.25, -1, 1],
] as const;

/** The float32 number next to x, above or below. */
function neighbour(x: number, up: boolean): number {
  const numbers = Float32Array.of(x);
  const bits = new Int32Array(numbers.buffer);
  bits[0] = (bits[0] ?? 0) + (x > 0 === up ? 1 : -1);
  return numbers[0] ?? NaN;
}

/** Every threshold and both its neighbours, every level, and numbers far outside. */
function probes({ thresholds, codes, scale }: Staircase): Float32Array {
  const random = new RandomStream(1, 'uniform');
  const width = scale * 300;
  return Float32Array.from([
    ...thresholds.flatMap((t) => [t, neighbour(t, true), neighbour(t, false)]),
    ...codes.map((code) => code * scale),
    ...[0, -0, 1e-30, -1e-30, 1e30, -1e30, 3e38, -3e38],
    ...Array.from({ length: 500 }, () => width * (2 * random.nextUniform() - 1)),
  ]);
}

/** How many thresholds lie at or below x, counted one by one. */
function counted(x: number, staircase: Staircase): number {
  return staircase.codes[0]! + staircase.thresholds.filter((t) => x >= t).length;
}

describe('uniform quantizer', () => {
  it.each(GRIDS)('step %d, codes %d … %d: as many thresholds as are passed', (given, low, high) => {
    const staircase = uniformStaircase(given, low, high);
    for (const x of probes(staircase)) {
      expect(uniformCode(x, staircase.scale, low, high) + 0, `at ${x}`).toBe(counted(x, staircase) + 0);
    }
  });

  it('is known by its staircase, and nothing else is', () => {
    const staircase = uniformStaircase(0.1, -4, 11);
    expect(uniformOf(staircase)).toEqual({ step: Math.fround(0.1), low: -4, high: 11 });
    const wrong: Partial<Staircase>[] = [
      { scale: Math.fround(0.2) },
      { scale: 0.1 },
      { inclusive: staircase.inclusive.map((_, i) => i !== 3) },
      { codes: staircase.codes.map((code) => 2 * code) },
      { codes: staircase.codes.toReversed() },
      { thresholds: staircase.thresholds.map((t, i) => (i === 7 ? neighbour(t, true) : t)) },
      { more: [{ codes: staircase.codes, scale: 1 }] },
    ];
    for (const change of wrong) expect(uniformOf({ ...staircase, ...change })).toBeNull();
  });
});

describe.each(TEST_BACKENDS)('uniform quantizer on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(GRIDS)('step %d, codes %d … %d: the tensor gives the same codes', async (given, low, high) => {
    const staircase = uniformStaircase(given, low, high);
    const x = probes(staircase);
    const [fixed, bounded] = tf.tidy(() => [
      uniformCodes(tf, tf.tensor1d(x), staircase.scale, low, high),
      uniformCodes(tf, tf.tensor1d(x), tf.scalar(staircase.scale), tf.scalar(low), tf.scalar(high)),
    ]) as [ReturnType<typeof tf.scalar>, ReturnType<typeof tf.scalar>];
    const expected = [...x].map((value) => counted(value, staircase) + 0);
    expect([...(await fixed.data())].map((code) => code + 0)).toEqual(expected);
    expect([...(await bounded.data())].map((code) => code + 0)).toEqual(expected);
    tf.dispose([fixed, bounded]);
  });

  it.each(GRIDS)('step %d, codes %d … %d: evaluates as threshold by threshold', async (given, low, high) => {
    const staircase = uniformStaircase(given, low, high);
    const x = probes(staircase);
    const fast = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(x)));
    const slow = tf.tidy(() => staircaseByThresholds(tf, staircase, tf.tensor1d(x)));
    const numbers = (values: ArrayLike<number>) => Array.from(values, (value) => value + 0);
    expect(numbers(await fast.data())).toEqual(numbers(await slow.data()));
    tf.dispose([fast, slow]);
  });
});
