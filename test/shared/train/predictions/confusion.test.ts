import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import {
  classScores,
  confusedPairs,
  confusionMatrix,
  confusionTotals,
} from '#shared/train/predictions/confusion.ts';
import { examplesOf } from '#shared/train/predictions/examples.ts';
import { judge, softmax } from '#shared/train/predictions/predict.ts';

/** Three classes: 4 of class 0 (3 right), 3 of class 1 (2 right), 1 of class 2 (wrong). */
const LABELS = [0, 0, 0, 0, 1, 1, 1, 2];
const PREDICTED = [0, 0, 0, 1, 1, 1, 0, 1];

describe('a confusion matrix', () => {
  const matrix = confusionMatrix(LABELS, PREDICTED, 3);

  it('counts every sample once, by its class and by what it was taken for', () => {
    expect(matrix.counts).toEqual([3, 1, 0, 1, 2, 0, 0, 1, 0]);
  });

  it('has precision, recall and F1 of each class in closed form', () => {
    const [first, second, third] = classScores(matrix);
    expect(first).toEqual({
      support: 4,
      predicted: 4,
      correct: 3,
      precision: 3 / 4,
      recall: 3 / 4,
      f1: 3 / 4,
    });
    expect(second).toEqual({
      support: 3,
      predicted: 4,
      correct: 2,
      precision: 1 / 2,
      recall: 2 / 3,
      f1: 4 / 7,
    });
    // Nothing was taken for the third: its precision is 0/0, no number.
    expect(third).toEqual({ support: 1, predicted: 0, correct: 0, precision: null, recall: 0, f1: 0 });
  });

  it('has no scores for a class that occurs nowhere, which does not count in the means', () => {
    const four = confusionMatrix(LABELS, PREDICTED, 4);
    expect(classScores(four)[3]).toMatchObject({ precision: null, recall: null, f1: null });
    expect(confusionTotals(four)).toEqual(confusionTotals(matrix));
    expect(confusionTotals(matrix)).toEqual({
      samples: 8,
      correct: 5,
      accuracy: 5 / 8,
      balancedAccuracy: (3 / 4 + 2 / 3 + 0) / 3,
      macroF1: (3 / 4 + 4 / 7 + 0) / 3,
    });
    expect(confusionTotals(confusionMatrix([], [], 3)).accuracy).toBeNull();
  });

  it('lists the pairs that are confused, the most frequent first, then by their share of the class', () => {
    expect(confusedPairs(matrix, 10)).toEqual([
      { truth: 2, predicted: 1, count: 1, share: 1 },
      { truth: 1, predicted: 0, count: 1, share: 1 / 3 },
      { truth: 0, predicted: 1, count: 1, share: 1 / 4 },
    ]);
    expect(confusedPairs(matrix, 1)).toHaveLength(1);
  });

  it('agrees with another way of counting on a hundred classes', () => {
    const random = new RandomStream(3, 'confusion');
    const labels = Array.from({ length: 5000 }, () => random.nextBelow(100));
    const predicted = labels.map((label) => (random.nextUniform() < 0.6 ? label : random.nextBelow(100)));
    const found = confusionMatrix(labels, predicted, 100);
    const right = labels.filter((label, i) => label === predicted[i]).length;
    expect(confusionTotals(found)).toMatchObject({ samples: 5000, correct: right, accuracy: right / 5000 });
    // Micro-averaged precision, recall and accuracy are the same thing.
    const scores = classScores(found);
    const sum = (key: 'support' | 'predicted' | 'correct') => scores.reduce((a, score) => a + score[key], 0);
    expect(sum('support')).toBe(5000);
    expect(sum('predicted')).toBe(5000);
    expect(confusedPairs(found, 10_000).reduce((a, { count }) => a + count, 0)).toBe(5000 - right);
  });
});

describe('what logits say', () => {
  it('is the softmax, whatever is added to all of them, and without an overflow', () => {
    expect(softmax([0, 0])).toEqual([0.5, 0.5]);
    expect(softmax([Math.log(1), Math.log(2), Math.log(5)])).toEqual([
      expect.closeTo(1 / 8, 12),
      expect.closeTo(2 / 8, 12),
      expect.closeTo(5 / 8, 12),
    ]);
    expect(softmax([1e5, 1e5 - 1000])).toEqual([1, 0]);
  });

  it('is written for a batch that begins in the middle; the first among equal logits wins', () => {
    const result = {
      labels: new Uint8Array(4),
      predicted: new Uint8Array(4),
      probability: new Float32Array(4),
      truth: new Float32Array(4),
    };
    judge([5, 5, 0, Math.log(3), 0, 0], [1, 2], 2, result);
    expect([...result.labels]).toEqual([0, 0, 1, 2]);
    expect([...result.predicted]).toEqual([0, 0, 0, 0]);
    expect(result.probability[2]).toBe(result.truth[2]);
    expect(result.probability[3]).toBeCloseTo(3 / 5, 6);
    expect(result.truth[3]).toBeCloseTo(1 / 5, 6);
  });
});

describe('examples', () => {
  const predictions = {
    indices: Uint32Array.of(10, 11, 12, 13, 14),
    labels: Uint8Array.of(0, 0, 1, 1, 0),
    predicted: Uint8Array.of(0, 1, 0, 1, 1),
    probability: Float32Array.of(0.9, 0.6, 0.7, 0.8, 0.6),
    truth: new Float32Array(5),
  };
  const any = { truth: null, predicted: null, mistakes: false, order: 'sure' as const };

  it('are those of a cell, the surest first, equal ones by index', () => {
    expect([...examplesOf(predictions, { ...any, truth: 0, predicted: 1 })]).toEqual([1, 4]);
    expect([...examplesOf(predictions, any)]).toEqual([0, 3, 2, 1, 4]);
    expect([...examplesOf(predictions, { ...any, order: 'unsure' })]).toEqual([1, 4, 2, 3, 0]);
  });

  it('are all mistakes, of all classes or of one', () => {
    expect([...examplesOf(predictions, { ...any, mistakes: true })]).toEqual([2, 1, 4]);
    expect([...examplesOf(predictions, { ...any, mistakes: true, truth: 1 })]).toEqual([2]);
    expect(examplesOf(predictions, { ...any, truth: 7 })).toHaveLength(0);
  });
});
