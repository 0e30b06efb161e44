import { describe, expect, it } from 'vitest';
import { parseWith } from '#shared/base/schema.ts';
import { isFinalForm, planAt, planUses, sparsityAt } from '#shared/train/moment.ts';
import { TrainingPlanSchema } from '#shared/train/plan.ts';

const plan = (document: unknown) => parseWith(TrainingPlanSchema, document, 'the plan');

const PHASES = [
  { name: 'full precision', epochs: 4, weightQuantization: 0, activationQuantization: 0, learningRate: 0.1 },
  { name: 'quantize', epochs: 3, learningRate: { kind: 'linear', initial: 0.01, final: 0.001 } },
  { name: 'prune', epochs: 2, sparsity: { kind: 'linear', initial: 0, final: 0.5 } },
  { name: 'fine-tune', epochs: 1, sparsity: 0.5, freeze: { batchNorm: true, quantizer: true } },
];

describe('a training plan', () => {
  it('takes 10 epochs, full strength and no pruning where nothing is said', () => {
    const defaults = plan({});
    expect(defaults.epochs).toBe(10);
    expect(planAt(defaults, 3)).toMatchObject({
      regularization: 1,
      weightQuantization: 1,
      activationQuantization: 1,
      sparsity: 0,
      freezeBatchNorm: false,
      freezeQuantizer: false,
      phase: null,
    });
    expect(Object.values(planUses(defaults))).toEqual([false, false, false, false, false]);
    expect(plan(defaults)).toEqual(defaults);
  });

  it('of phases lasts as long as they do, each with its own time', () => {
    const phased = plan({ phases: PHASES, pruning: { sparsity: 0 } });
    expect(phased.epochs).toBe(10);
    expect(plan(phased)).toEqual(phased);
    const names = [0, 3.9, 4, 6.9, 7, 9, 10].map((epoch) => planAt(phased, epoch).phase);
    expect(names).toEqual([
      'full precision',
      'full precision',
      'quantize',
      'quantize',
      'prune',
      'fine-tune',
      'fine-tune',
    ]);
    expect(planAt(phased, 2)).toMatchObject({ learningRate: 0.1, weightQuantization: 0 });
    expect(planAt(phased, 5.5).learningRate).toBeCloseTo(0.0055, 12);
    expect(planAt(phased, 5.5).weightQuantization).toBe(1);
    expect(planAt(phased, 8).sparsity).toBeCloseTo(0.25, 12);
    expect(planAt(phased, 9.5)).toMatchObject({
      sparsity: 0.5,
      freezeBatchNorm: true,
      freezeQuantizer: true,
    });
    expect([0, 5, 8, 9.5].map((epoch) => isFinalForm(phased, planAt(phased, epoch)))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('gives single layers a sparsity of their own', () => {
    const pruned = plan({
      epochs: 10,
      pruning: { sparsity: { kind: 'linear', initial: 0, final: 0.8 }, layers: { conv1: 0.2, out: 0 } },
    });
    expect([sparsityAt(pruned, 5), sparsityAt(pruned, 5, 'conv1'), sparsityAt(pruned, 5, 'out')]).toEqual([
      0.4, 0.2, 0,
    ]);
    expect(sparsityAt(pruned, 5, 'conv2')).toBe(0.4);
  });

  it('of pruning rounds lasts as long as they do', () => {
    const rounds = plan({ pruning: { rounds: { levels: [0.5, 0.8], epochs: 3 } } });
    expect(rounds.epochs).toBe(6);
    expect([0, 2.9, 3, 6].map((epoch) => sparsityAt(rounds, epoch))).toEqual([0.5, 0.5, 0.8, 0.8]);
  });

  it.each([
    [{ phases: PHASES.slice(0, 2), epochs: 9 }, /"epochs" is 9; must be 7, which the phases add up to/],
    [{ pruning: { rounds: {} }, epochs: 5 }, /"epochs" is 5; must be 12, which the pruning rounds add up to/],
    [{ phases: PHASES }, /"phases\[2\].sparsity".*needs "training.pruning"/],
    [{ phases: PHASES, pruning: { rounds: {} } }, /cannot be combined with "training.pruning.rounds"/],
    [{ pruning: { sparsity: 1.2 } }, /"pruning.sparsity" is 1.2/],
    [{ pruning: {} }, /"pruning" is \{\}; needs either "sparsity" .* or "rounds"/],
    [{ pruning: { rounds: { levels: [0.8, 0.5] } } }, /"pruning.rounds.levels\[1\]" is 0.5; must be above/],
    [{ pruning: { rounds: { tolerance: 2 } } }, /"pruning.rounds.tolerance" is 2/],
    [{ weightQuantization: 1.5 }, /"weightQuantization" is 1.5/],
    [
      { learningRate: { kind: 'piecewise', points: [[3, 1], [1, 1]] } }, // prettier-ignore
      /"learningRate.points\[1\]\[0\]" is 1; must be after the one before it \(3\)/,
    ],
  ])('is refused: %j', (document, message) => {
    expect(() => plan(document)).toThrow(message);
  });
});
