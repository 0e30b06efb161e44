import { describe, expect, it } from 'vitest';
import { compactSchedule } from '#shared/train/schedule/edit/compact.ts';
import { convertSchedule } from '#shared/train/schedule/edit/convert.ts';
import { describeSchedule, formulaOf, SCHEDULE_KINDS } from '#shared/train/schedule/edit/describe.ts';
import { fitSchedule } from '#shared/train/schedule/edit/fit.ts';
import { evaluateSchedule } from '#shared/train/schedule/evaluate.ts';
import { SCHEDULE_PRESETS } from '#shared/train/schedule/presets.ts';
import {
  FactorScheduleSchema,
  RateScheduleSchema,
  ShareScheduleSchema,
  SparsityScheduleSchema,
  type Schedule,
} from '#shared/train/schedule/schema.ts';

const QUANTITIES = {
  learningRate: { schema: RateScheduleSchema, quantity: { min: 1e-12, max: 1e6, falls: true } },
  regularization: { schema: FactorScheduleSchema, quantity: { min: 0, max: 1e6, falls: false } },
  quantization: { schema: ShareScheduleSchema, quantity: { min: 0, max: 1, falls: false } },
  sparsity: { schema: SparsityScheduleSchema, quantity: { min: 0, max: 0.999, falls: false } },
};

describe('convertSchedule', () => {
  it.each(SCHEDULE_PRESETS.map((preset) => [`${preset.quantity}: ${preset.title}`, preset] as const))(
    '%s becomes each kind, allowed for its quantity, and is described',
    (_name, preset) => {
      const { schema, quantity } = QUANTITIES[preset.quantity];
      for (const { kind } of SCHEDULE_KINDS) {
        const turned = convertSchedule(preset.build(10), kind, 10, quantity);
        expect(turned.kind).toBe(kind);
        expect(schema.safeParse(compactSchedule(turned)).error?.issues).toBeUndefined();
        expect(describeSchedule(turned, 10)).not.toMatch(/NaN|undefined|Infinity/);
        expect(formulaOf(turned, 10).join('\n')).not.toMatch(/NaN|undefined|Infinity/);
      }
    },
  );

  const rate = QUANTITIES.learningRate.quantity;
  const linear: Schedule = { kind: 'linear', initial: 0.1, final: 0.001, begin: 2, end: 8 };
  it('keeps ends, times and warm-up between kinds that have them', () => {
    const warmup = { epochs: 1, from: 0.2 };
    expect(convertSchedule({ ...linear, warmup }, 'cosine', 10, rate)).toEqual({
      kind: 'cosine',
      initial: 0.1,
      final: 0.001,
      begin: 2,
      end: 8,
      warmup,
    });
  });
  it('makes points that draw the same where pieces can', () => {
    for (const one of [linear, { kind: 'step', initial: 1, factor: 0.1, epochs: [3, 6] } as Schedule]) {
      const points = convertSchedule(one, 'piecewise', 10, rate);
      for (let at = 0; at <= 10; at += 0.25) {
        expect(evaluateSchedule(points, at, 10)).toBeCloseTo(evaluateSchedule(one, at, 10), 6);
      }
    }
  });
  it('makes sequences and products that are the same curve', () => {
    for (const kind of ['sequence', 'product'] as const) {
      const turned = convertSchedule(linear, kind, 10, rate);
      expect(evaluateSchedule(turned, 5, 10)).toBe(evaluateSchedule(linear, 5, 10));
    }
  });
  it('lets a constant fall or rise to what it was', () => {
    const one: Schedule = { kind: 'constant', value: 1 };
    expect(convertSchedule(one, 'linear', 10, rate)).toMatchObject({ initial: 1, final: 0.01 });
    expect(convertSchedule(one, 'linear', 10, QUANTITIES.quantization.quantity)).toMatchObject({
      initial: 0,
      final: 1,
    });
  });
});

describe('fitSchedule', () => {
  it.each(SCHEDULE_PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s has the same course in another length',
    (_id, preset) => {
      const long = preset.build(12);
      const short = fitSchedule(long, 12, 3);
      for (let share = 0.03; share < 1; share += 0.1) {
        expect(evaluateSchedule(short, share * 3, 3)).toBeCloseTo(evaluateSchedule(long, share * 12, 12), 4);
      }
    },
  );
});

describe('formulaOf', () => {
  it('has the numbers of the schedule in the equation of its kind', () => {
    const cubic: Schedule = { kind: 'polynomial', power: 3, initial: 0, final: 0.8, begin: 1, end: 6 };
    expect(formulaOf(cubic, 10)).toEqual([
      'value(e) = 0.8 + (0 − 0.8) · (1 − p)^3',
      'p = (e − 1)/5, kept within 0 … 1',
    ]);
  });
});
