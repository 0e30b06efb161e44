import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import {
  fromStateIndices,
  packedLength,
  packTensor,
  stateIndices,
  unpackTensor,
} from '#shared/train/packing.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

function drawn(count: number, states: number): Float32Array {
  const random = new RandomStream(states, 'packing');
  return Float32Array.from({ length: count }, () => (2 * random.nextBelow(states)) / (states - 1) - 1);
}

describe.each(TEST_BACKENDS)('packed discrete weights on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each([2, 3, 5, 9, 17, 129])('come back as they were: %d states', async (states) => {
    for (const shape of [[1], [3, 3, 2, 5], [24], [25], [7, 11]]) {
      const values = drawn(
        shape.reduce((product, n) => product * n, 1),
        states,
      );
      const [packed, unpacked] = tf.tidy(() => {
        const words = packTensor(tf, tf.tensor(values, shape), states);
        return [words, unpackTensor(tf, words, shape, states)];
      });
      if (!packed || !unpacked) throw new Error('nothing was packed');
      expect(packed.shape).toEqual([packedLength(values.length, states)]);
      expect(unpacked.shape).toEqual(shape);
      expect(Float32Array.from(await unpacked.data())).toEqual(values);
      tf.dispose([packed, unpacked]);
    }
  });
});

describe('what discrete weights take', () => {
  it.each([
    [2, 24],
    [3, 12],
    [5, 8],
    [17, 4],
  ])('on the back end: of %d states, %d weights in 4 bytes', (states, perWord) => {
    expect(packedLength(1200, states)).toBe(1200 / perWord);
  });

  it.each([2, 3, 5, 17, 129, 255])('in a checkpoint: a byte each (%d states)', (states) => {
    const values = drawn(500, states);
    const stored = stateIndices(values, states);
    expect(stored.byteLength).toBe(500);
    expect(fromStateIndices(stored, states).every((w, i) => Math.abs(w - (values[i] ?? 9)) < 1e-6)).toBe(
      true,
    );
  });
});
