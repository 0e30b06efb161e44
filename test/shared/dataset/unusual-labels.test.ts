import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { findUnusualLabels, type LabelledPart } from '#shared/dataset/unusual-labels.ts';

const CLASSES = 3;
const silent = async () => {};

/** Classes as clouds of bytes: class c is bright in its own third; `spread` is how far the clouds reach. */
function clouds(count: number, size: number, spread: number, seed: number): LabelledPart {
  const random = new RandomStream(seed, 'clouds');
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
  const images = new Uint8Array(count * size);
  for (let i = 0; i < images.length; i++) {
    const bright = Math.floor(((i % size) * CLASSES) / size) === labels[Math.floor(i / size)];
    images[i] = Math.min(255, Math.max(0, (bright ? 180 : 70) + spread * random.nextNormal()));
  }
  return { images, labels };
}

/** Gives the samples at `indices` the next class. */
function mislabel(part: LabelledPart, indices: readonly number[]): LabelledPart {
  const labels = part.labels.slice();
  for (const index of indices) labels[index] = (labels[index]! + 1) % CLASSES;
  return { ...part, labels };
}

/** The same from the definition, one distance after the other. */
function byHand({ images, labels }: LabelledPart, size: number): number[] {
  const sample = (i: number) => images.subarray(i * size, (i + 1) * size);
  const distance = (a: number, b: number) =>
    sample(a).reduce((sum, value, k) => sum + (value - sample(b)[k]!) ** 2, 0);
  return [...labels.keys()].filter((i) => {
    const near = [...labels.keys()]
      .filter((j) => j !== i)
      .sort((a, b) => distance(i, a) - distance(i, b))
      .slice(0, 8);
    const votes = new Set(near.map((j) => labels[j]));
    return votes.size === 1 && !votes.has(labels[i]);
  });
}

describe('labels unlike those of their neighbours', () => {
  it.each([
    ['as they are', 12],
    ['projected', 300],
  ])('are the wrong ones, in both parts: samples %s', async (_, size) => {
    const train = mislabel(clouds(240, size, 20, 1), [7, 101, 231]);
    const test = mislabel(clouds(60, size, 20, 2), [4]);
    const shares: number[] = [];
    const found = await findUnusualLabels(tf, { train, test }, size, 10, async (share) => {
      shares.push(share);
    });
    const places = found!.samples.map(({ split, index, label, neighbours }) => [
      split,
      index,
      label,
      neighbours,
    ]);
    expect(places.toSorted()).toEqual(
      [
        ['test', 4, 2, 1],
        ['train', 101, 0, 2],
        ['train', 231, 1, 0],
        ['train', 7, 2, 1],
      ].toSorted(),
    );
    expect(found).toMatchObject({ count: 4, references: 240, agreement: 296 / 300 });
    expect(shares.at(-1)).toBe(1);
    expect(tf.memory().numTensors).toBe(0);
  });

  it('are those of the definition where clouds overlap', async () => {
    const train = mislabel(clouds(200, 9, 45, 3), [3, 50, 51, 120]);
    const none = { images: new Uint8Array(0), labels: new Uint8Array(0) };
    const found = await findUnusualLabels(tf, { train, test: none }, 9, 500, silent);
    const indices = found!.samples.map(({ index }) => index).sort((a, b) => a - b);
    expect(indices.length).toBeGreaterThan(3);
    expect(indices).toEqual(byHand(train, 9));
  });

  it('are not told where neighbours do not know the label', async () => {
    const train = clouds(200, 9, 20, 4);
    const random = new RandomStream(5, 'labels');
    train.labels.forEach((_, i) => (train.labels[i] = random.nextBelow(CLASSES)));
    const found = await findUnusualLabels(tf, { train, test: train }, 9, 10, silent);
    expect(found!.agreement).toBeLessThan(0.8);
    expect(found).toMatchObject({ count: 0, samples: [] });
  });

  it('needs more training samples than neighbours', async () => {
    const train = clouds(8, 9, 20, 6);
    expect(await findUnusualLabels(tf, { train, test: train }, 9, 10, silent)).toBeNull();
  });
});
