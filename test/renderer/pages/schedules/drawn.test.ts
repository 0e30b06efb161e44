import { beforeAll, describe, expect, it } from 'vitest';
import { drawablePlan } from '#renderer/pages/schedules/drawable-plan.ts';
import { drawnCurve } from '#renderer/pages/schedules/drawn-curve.ts';
import { exactText, readoutAt } from '#renderer/pages/schedules/readout.ts';
import { segmentsOf, TRACKS, trackValue, type QuantityId } from '#renderer/pages/schedules/tracks.ts';
import { evaluateSchedule } from '#shared/train/schedule/evaluate.ts';
import { PLAN_PRESETS } from '#shared/train/schedule/plan-presets.ts';
import { TrainingPlanSchema } from '#shared/train/plan.ts';
import { smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

const SERIES: Record<QuantityId, string> = {
  learningRate: 'learning-rate',
  weightQuantization: 'schedule/weight-quantization',
  activationQuantization: 'schedule/activation-quantization',
  regularization: 'schedule/regularization',
  sparsity: 'schedule/sparsity',
};
const training = {
  batchSize: 20,
  metricsEvery: 1,
  regularization: { kind: 'linear', initial: 0, final: 2, begin: 1 },
  pruning: { sparsity: 0, everySteps: 3 },
  learningRate: { kind: 'cosine', initial: 0.01, final: 0.001, warmup: { epochs: 1, from: 0.1 } },
  phases: [
    { name: 'first', epochs: 2, weightQuantization: 0, activationQuantization: 0 },
    {
      name: 'second',
      epochs: 2,
      learningRate: { kind: 'step', initial: 0.01, factor: 0.5, epochs: [0.5, 1] },
      weightQuantization: { kind: 'linear', initial: 0, final: 1, end: 1 },
      sparsity: { kind: 'polynomial', initial: 0, final: 0.5, end: 1.5 },
    },
  ],
};

describe('what is drawn', () => {
  const plan = TrainingPlanSchema.parse(training);
  const recorded = new Map<string, { step: number; value: number }[]>();
  beforeAll(async () => {
    await TEST_BACKENDS[1]?.activate();
    const trainer = smallTrainer(tf, { config: smallConfig({ training }) });
    trainer.prepare();
    for await (const event of trainer.run()) {
      if (event.type !== 'metrics') continue;
      for (const { series, step, value } of event.points) {
        recorded.set(series, [...(recorded.get(series) ?? []), { step, value }]);
      }
    }
    trainer.dispose();
  });

  it.each(TRACKS.map(({ id }) => id))('of %s is at each step what the trainer applied in it', (id) => {
    const steps = recorded.get(SERIES[id]) ?? [];
    // 160 training samples in batches of 20, four epochs.
    const stepsPerEpoch = 8;
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 32 }, (_, i) => i + 1));
    const curve = drawnCurve((epoch) => trackValue(plan, id, epoch), 0, plan.epochs, stepsPerEpoch);
    for (const [i, { value }] of steps.entries()) {
      expect(curve.x[i]).toBe(i / stepsPerEpoch);
      expect(curve.y[i]).toBe(value);
    }
  });

  it.each(TRACKS.map(({ id }) => id))('and read off of %s is what the trainer applied in that step', (id) => {
    for (const { step, value } of recorded.get(SERIES[id]) ?? []) {
      // Anywhere within the step.
      for (const within of [0, 0.3, 0.99]) {
        const readout = readoutAt(plan, (step - 1 + within) / 8, 8);
        expect([readout.step, readout.values[id]]).toEqual([step - 1, value]);
      }
    }
    const last = recorded.get(SERIES[id])?.at(-1)?.value ?? NaN;
    expect(Math.fround(Number(exactText(last).replaceAll('−', '-')))).toBe(Math.fround(last));
  });

  it('of a long run has only values of steps, and never less than its extremes', () => {
    const [stepsPerEpoch, epochs] = [469, 40];
    const at = (epoch: number) => Math.cos(epoch);
    const curve = drawnCurve(at, 0, epochs, stepsPerEpoch);
    const applied = new Set(
      Array.from({ length: stepsPerEpoch * epochs + 1 }, (_, i) => at(i / stepsPerEpoch)),
    );
    expect(curve.y.every((value) => applied.has(value))).toBe(true);
    expect(Math.max(...curve.y)).toBeGreaterThan(0.999);
    expect(curve.x.length).toBeLessThan(3000);
  });
});

describe('segmentsOf', () => {
  it.each(PLAN_PRESETS.map((preset) => [preset.id, preset] as const))(
    'of “%s” are, where they count, what the plan is there',
    (_id, preset) => {
      const plan = TrainingPlanSchema.parse(preset.build(12));
      for (const { id } of TRACKS) {
        for (const { schedule, spans, origin, epochs } of segmentsOf(plan, id)) {
          for (const [from, to] of spans) {
            const epoch = from + (to - from) * 0.4;
            expect(evaluateSchedule(schedule, epoch - origin, epochs)).toBe(trackValue(plan, id, epoch));
          }
        }
      }
    },
  );
});

describe('drawablePlan', () => {
  const right = { epochs: 8, learningRate: 0.01, regularization: 2 };
  it('is the plan where nothing is wrong', () => {
    expect(drawablePlan(right, null)).toMatchObject({ wrong: [], plan: { epochs: 8 } });
  });
  it('draws a wrong field as it last was, and the others as they are', () => {
    const { plan, wrong } = drawablePlan({ ...right, learningRate: '1e-', regularization: 3 }, right);
    expect(wrong).toEqual(['learningRate']);
    expect(plan.learningRate).toEqual({ kind: 'constant', value: 0.01 });
    expect(plan.regularization).toEqual({ kind: 'constant', value: 3 });
  });
  it('draws the default of a field that was never right', () => {
    expect(drawablePlan({ learningRate: -1 }, null).plan.learningRate.kind).toBe('cosine');
  });
  it('draws phases as they were when one of them is wrong', () => {
    const phases = [{ name: 'a', epochs: 3 }];
    const { plan, wrong } = drawablePlan({ phases: [{ name: 'a', epochs: '3x' }] }, { phases });
    expect([wrong, plan.epochs]).toEqual([['phases'], 3]);
  });
  it('draws the last right plan where the wrong fields cannot be told from the others', () => {
    expect(drawablePlan(7, right).plan.epochs).toBe(10);
    expect(drawablePlan({ epochs: 5, phases: [{ name: 'a', epochs: 3 }] }, right).plan.epochs).toBe(8);
  });
});
