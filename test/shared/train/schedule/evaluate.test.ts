import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { evaluateSchedule } from '#shared/train/schedule/evaluate.ts';
import { SCHEDULE_PRESETS } from '#shared/train/schedule/presets.ts';
import {
  FactorScheduleSchema,
  RateScheduleSchema,
  ShareScheduleSchema,
  SparsityScheduleSchema,
} from '#shared/train/schedule/schema.ts';

const at = (document: unknown, epoch: number, epochs = 10) =>
  evaluateSchedule(FactorScheduleSchema.parse(document), epoch, epochs);
const rounded = (document: unknown, moments: number[], epochs = 10) =>
  moments.map((epoch) => +at(document, epoch, epochs).toFixed(9));

describe('the value of a schedule', () => {
  it('of a number is that number', () => {
    expect([at(0.1, 0), at(0.1, 9.9)]).toEqual([0.1, 0.1]);
  });

  it('of step is multiplied at each epoch that is passed', () => {
    const schedule = { kind: 'step', initial: 1, factor: 0.1, epochs: [3, 6] };
    expect(rounded(schedule, [0, 2.99, 3, 5.9, 6])).toEqual([1, 1, 0.1, 0.1, 0.01]);
  });

  it('of step with several factors takes one for each epoch', () => {
    const schedule = { kind: 'step', initial: 1, factor: [0.2, 0.2, 0.5], epochs: [2, 4, 6] };
    expect(rounded(schedule, [1, 2, 4, 7])).toEqual([1, 0.2, 0.04, 0.02]);
  });

  it('of exponential goes through the geometric mean', () => {
    const schedule = { kind: 'exponential', initial: 0.1, final: 0.001 };
    expect(rounded(schedule, [0, 5, 10])).toEqual([0.1, 0.01, 0.001]);
  });

  it('of cosine goes through the arithmetic mean', () => {
    expect(rounded({ kind: 'cosine', initial: 1, final: 0.2 }, [0, 5, 10])).toEqual([1, 0.6, 0.2]);
  });

  it('of linear is held outside its begin and end', () => {
    const schedule = { kind: 'linear', initial: 0, final: 1, begin: 2, end: 6 };
    expect(rounded(schedule, [0, 2, 3, 5, 6, 9])).toEqual([0, 0, 0.25, 0.75, 1, 1]);
  });

  it('of polynomial with power 3 is the pruning schedule of Zhu and Gupta', () => {
    const schedule = { kind: 'polynomial', initial: 0, final: 0.8, begin: 1, end: 5 };
    const closed = (t: number) => 0.8 + (0 - 0.8) * (1 - (t - 1) / (5 - 1)) ** 3;
    for (const t of [1, 1.7, 3, 4.9, 5]) expect(at(schedule, t)).toBeCloseTo(closed(t), 12);
    expect([at(schedule, 0), at(schedule, 8)]).toEqual([0, 0.8]);
  });

  it('of one-cycle rises to its peak and falls to almost nothing', () => {
    const schedule = { kind: 'one-cycle', peak: 1, initialDivisor: 25, finalDivisor: 100, warmup: 0.3 };
    expect(rounded(schedule, [0, 3, 10])).toEqual([0.04, 1, 0.01]);
  });

  it.each([
    ['hold', 1, 1],
    ['linear', 2, 3],
    ['cosine', 1 + 2 * (1 - Math.SQRT1_2), 3],
    ['exponential', 5 ** 0.25, 5 ** 0.5],
  ])('of piecewise with %s interpolation', (interpolation, quarter, middle) => {
    const points = [
      [2, 1],
      [6, 5],
      [8, 5],
    ];
    const schedule = { kind: 'piecewise', points, interpolation };
    expect(at(schedule, 3)).toBeCloseTo(quarter, 12);
    expect(at(schedule, 4)).toBeCloseTo(middle, 12);
    expect(rounded(schedule, [0, 2, 6, 8, 10])).toEqual([1, 1, 5, 5, 5]);
  });

  it('of a sequence counts time anew in each part, and the last part takes the rest', () => {
    const schedule = {
      kind: 'sequence',
      parts: [
        { epochs: 4, schedule: { kind: 'linear', initial: 0, final: 1 } },
        { schedule: { kind: 'linear', initial: 1, final: 0 } },
      ],
    };
    expect(rounded(schedule, [0, 2, 4, 7, 10])).toEqual([0, 0.5, 1, 0.5, 0]);
  });

  it('of a product is the product', () => {
    const schedule = { kind: 'product', factors: [{ kind: 'linear', initial: 0, final: 2 }, 3] };
    expect(rounded(schedule, [0, 5, 10])).toEqual([0, 3, 6]);
  });

  it('with a warm-up is linear and meets the schedule where the warm-up ends', () => {
    const schedule = { kind: 'cosine', initial: 1, final: 0, warmup: { epochs: 2, from: 0.1 } };
    const end = at({ kind: 'cosine', initial: 1, final: 0 }, 2);
    expect(at(schedule, 0)).toBeCloseTo(0.1 * end, 12);
    expect(at(schedule, 1)).toBeCloseTo(0.55 * end, 12);
    expect(at(schedule, 2)).toBeCloseTo(end, 12);
  });

  it('stays between its ends, for random spans and moments', () => {
    const random = new RandomStream(1, 'schedules');
    for (let i = 0; i < 500; i++) {
      const kind = ['linear', 'cosine', 'polynomial', 'exponential'][random.nextBelow(4)];
      const [initial, final] = [random.nextUniform() + 1e-3, random.nextUniform() + 1e-3];
      const begin = random.nextUniform() * 5;
      const schedule = { kind, initial, final, begin, end: begin + random.nextUniform() * 5 + 1e-3 };
      const value = at(schedule, random.nextUniform() * 10);
      expect(value).toBeGreaterThanOrEqual(Math.min(initial, final) - 1e-12);
      expect(value).toBeLessThanOrEqual(Math.max(initial, final) + 1e-12);
    }
  });
});

describe('a schedule is refused', () => {
  const message = (schema: typeof FactorScheduleSchema, document: unknown) =>
    JSON.stringify(schema.safeParse(document).error?.issues ?? 'accepted');

  it('when its points go back in time', () => {
    const points = [
      [0, 1],
      [5, 0.5],
      [4, 0.1],
    ];
    expect(message(FactorScheduleSchema, { kind: 'piecewise', points })).toMatch(/cannot go back in time/);
  });

  it('when it ends before it begins, or its steps are out of order', () => {
    const back = { kind: 'linear', initial: 0, final: 1, begin: 5, end: 2 };
    expect(message(FactorScheduleSchema, back)).toMatch(/must be after \\"begin\\" \(5\)/);
    const steps = { kind: 'step', initial: 1, epochs: [6, 3] };
    expect(message(FactorScheduleSchema, steps)).toMatch(/cannot go back in time/);
  });

  it('when a value is outside what the quantity allows', () => {
    expect(message(SparsityScheduleSchema, 1.2)).toMatch(/1/);
    expect(SparsityScheduleSchema.safeParse(0.95).success).toBe(true);
    expect(SparsityScheduleSchema.safeParse({ kind: 'linear', initial: 0, final: 1 }).success).toBe(false);
    expect(RateScheduleSchema.safeParse(0).success).toBe(false);
    expect(ShareScheduleSchema.safeParse({ kind: 'piecewise', points: [[0, 2]] }).success).toBe(false);
  });

  it('when factors and epochs of a step differ in number, or a part in the middle has no length', () => {
    const step = { kind: 'step', initial: 1, factor: [0.1], epochs: [1, 2] };
    expect(message(FactorScheduleSchema, step)).toMatch(/one for each of the 2 epochs/);
    const open = { kind: 'sequence', parts: [{ schedule: 1 }, { schedule: 2 }] };
    expect(message(FactorScheduleSchema, open)).toMatch(/every part but the last/);
  });
});

describe('schedule presets', () => {
  const schemas = {
    learningRate: RateScheduleSchema,
    regularization: FactorScheduleSchema,
    quantization: ShareScheduleSchema,
    sparsity: SparsityScheduleSchema,
  };

  it.each(SCHEDULE_PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s is allowed for its quantity, whatever the length of the run',
    (_id, preset) => {
      for (const epochs of [1, 3, 10, 333]) {
        const built = preset.build(epochs);
        expect(schemas[preset.quantity].parse(built)).toEqual(built);
        expect(Number.isFinite(evaluateSchedule(built, epochs / 2, epochs))).toBe(true);
      }
    },
  );
});
