import { beforeAll, describe, expect, it } from 'vitest';
import { largerOf, signOrZero, smallerOf, tanhFromSigmoid } from '#shared/quant/parts/fast-elementwise.ts';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** The fast forms against plain JavaScript. */

const random = new RandomStream(3, 'fast');
const xs = Float32Array.from([0, -0, 1, -1, 1e-30, -1e-30, 0.5, 12, -12, ...normals(300)]);
const ys = Float32Array.from([0, 0, 1, 2, 1e-30, 1e-30, -0.5, 3, 3, ...normals(300)]);

function normals(count: number): number[] {
  return Array.from({ length: count }, () => random.nextNormal());
}

async function numbers(make: () => Tensor): Promise<number[]> {
  const tensor = tf.tidy(make);
  const values = [...(await tensor.data())].map((value) => value + 0);
  tensor.dispose();
  return values;
}

describe.each(TEST_BACKENDS)('fast elementwise functions on $id', (backend) => {
  beforeAll(() => backend.activate());

  it('sign, 0 at 0', async () => {
    const got = await numbers(() => signOrZero(tf, tf.tensor1d(xs)));
    expect(got).toEqual([...xs].map((x) => Math.sign(x) + 0));
  });

  it('the smaller of two, to the last bit', async () => {
    const got = await numbers(() => smallerOf(tf, tf.tensor1d(xs), tf.tensor1d(ys)));
    expect(got).toEqual([...xs].map((x, i) => Math.min(x, ys[i] ?? NaN) + 0));
  });

  it('the larger of two, to the last bit, against a single number too', async () => {
    const got = await numbers(() => largerOf(tf, tf.tensor1d(xs), tf.tensor1d(ys)));
    expect(got).toEqual([...xs].map((x, i) => Math.max(x, ys[i] ?? NaN) + 0));
    const bounded = await numbers(() => largerOf(tf, tf.tensor1d(xs), tf.scalar(0.5)));
    expect(bounded).toEqual([...xs].map((x) => Math.max(x, 0.5)));
  });

  it('tanh, and 0 at 0 exactly', async () => {
    const got = await numbers(() => tanhFromSigmoid(tf, tf.tensor1d(xs)));
    got.forEach((value, i) => expect(Math.abs(value - Math.tanh(xs[i] ?? NaN))).toBeLessThan(5e-7));
    expect(got.slice(0, 2)).toEqual([0, 0]);
  });
});
