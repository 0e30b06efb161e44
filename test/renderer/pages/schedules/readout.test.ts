import { describe, expect, it } from 'vitest';
import {
  exactText,
  momentText,
  readoutAt,
  readoutText,
  valueText,
} from '#renderer/pages/schedules/readout.ts';
import { TrainingPlanSchema } from '#shared/train/plan.ts';

const read = (text: string) => Number(text.replaceAll('−', '-'));

describe('exactText', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [0.1 + 0.2, '0.3'],
    [0.005, '0.005'],
    [1e-5, '1e−5'],
    [-0.25, '−0.25'],
    [1e7, '1e7'],
    [1 / 3, '0.33333334'],
  ])('of %d is %s', (value, text) => expect(exactText(value)).toBe(text));
  it('is the number that a step gets, whatever its size', () => {
    for (let i = 0; i < 400; i++) {
      const value = Math.exp(-20 + i * 0.1) * Math.cos(i * 1.7);
      expect(Math.fround(read(exactText(value)))).toBe(Math.fround(value));
    }
  });
});

describe('a readout', () => {
  const plan = TrainingPlanSchema.parse({
    learningRate: { kind: 'linear', initial: 1, final: 0.5 },
    freeze: { batchNorm: 3 },
    pruning: { sparsity: 0.5, layers: { conv1: 0.25 } },
    phases: [
      { name: 'wide', epochs: 2 },
      { name: 'narrow', epochs: 2, regularization: 0.125, freeze: { quantizer: true } },
    ],
  });
  it('is of the step that is at work, in its phase', () => {
    const readout = readoutAt(plan, 2.6, 4);
    expect(readout).toMatchObject({ epoch: 2.5, step: 10, phase: 'narrow', frozen: ['quantizers'] });
    expect(momentText(readout)).toBe('epoch 2.5, step 10, phase narrow');
    expect(valueText(readout, 'learningRate')).toBe('0.6875');
    expect(valueText(readout, 'regularization')).toBe('0.125');
    expect(valueText(readout, 'sparsity')).toBe('0.5, conv1 0.25');
  });
  it('is of the moment itself while nobody knows how many steps an epoch has', () => {
    expect(readoutAt(plan, 2.6, null)).toMatchObject({ epoch: 2.6, step: null });
  });
  it('belongs to the step that begins there, also where the division is not exact', () => {
    for (let step = 0; step < 2000; step++) {
      expect(readoutAt(plan, step / 469, 469).step).toBe(step);
    }
  });
  it('is said in one sentence', () => {
    expect(readoutText(readoutAt(plan, 3.5, 4))).toBe(
      'Epoch 3.5, step 14, phase narrow: learning rate 0.5625; weight quantization 1; activation quantization 1; ' +
        'regularization 0.125; sparsity 0.5, conv1 0.25; frozen: quantizers.',
    );
    const bare = TrainingPlanSchema.parse({ epochs: 4, learningRate: 0.01, freeze: { batchNorm: 3 } });
    expect(readoutText(readoutAt(bare, 3.5, null))).toMatch(
      /^Epoch 3\.5: .*; not pruned; frozen: batch norm\.$/,
    );
    expect(readoutText(readoutAt(bare, 1, null))).toMatch(/; nothing frozen\.$/);
  });
});
