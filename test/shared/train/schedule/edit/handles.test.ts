import { describe, expect, it } from 'vitest';
import { compactSchedule } from '#shared/train/schedule/edit/compact.ts';
import { handlesOf } from '#shared/train/schedule/edit/handles.ts';
import { moveHandle } from '#shared/train/schedule/edit/move-handle.ts';
import { addPoint, removePoint } from '#shared/train/schedule/edit/points.ts';
import { evaluateSchedule } from '#shared/train/schedule/evaluate.ts';
import { SCHEDULE_PRESETS } from '#shared/train/schedule/presets.ts';
import { FactorScheduleSchema, type Schedule } from '#shared/train/schedule/schema.ts';

const EPOCHS = 10;
const range = { min: 0, max: 1e6, falls: false };
const warmup = { epochs: 2, from: 0.1 };
const span = { initial: 1, final: 0.01, begin: 1, end: 8 };
const SCHEDULES: Record<string, Schedule> = {
  constant: { kind: 'constant', value: 0.5 },
  'constant, warmed up': { kind: 'constant', value: 0.5, warmup },
  step: { kind: 'step', initial: 1, factor: 0.1, epochs: [3, 6] },
  'step with factors': { kind: 'step', initial: 1, factor: [0.5, 0.2], epochs: [3, 6], warmup },
  linear: { kind: 'linear', ...span },
  'linear, warmed up': { kind: 'linear', ...span, warmup },
  exponential: { kind: 'exponential', ...span },
  'exponential, warmed up': { kind: 'exponential', ...span, begin: 0, warmup },
  cosine: { kind: 'cosine', initial: 1, final: 0, begin: 0 },
  'cosine, warmed up': { kind: 'cosine', initial: 1, final: 0, begin: 0, warmup },
  polynomial: { kind: 'polynomial', power: 3, initial: 0, final: 0.8, begin: 1, end: 6 },
  'one-cycle': { kind: 'one-cycle', peak: 1, initialDivisor: 25, finalDivisor: 1e4, warmup: 0.3 },
  piecewise: {
    kind: 'piecewise',
    points: [
      [0, 1],
      [4, 0.5],
      [9, 0.1],
    ],
    interpolation: 'cosine',
  },
  sequence: {
    kind: 'sequence',
    parts: [
      { epochs: 4, schedule: { kind: 'linear', initial: 0, final: 1, begin: 0 } },
      { schedule: { kind: 'cosine', initial: 1, final: 0.1, begin: 0 } },
    ],
  },
  product: {
    kind: 'product',
    factors: [
      { kind: 'cosine', initial: 1, final: 0.1, begin: 0 },
      { kind: 'step', initial: 1, factor: 0.5, epochs: [5] },
    ],
  },
};
const cases = Object.entries(SCHEDULES);

describe.each(cases)('handles of %s', (_name, schedule) => {
  const handles = handlesOf(schedule, EPOCHS);

  it('lie on the curve that trains, in order, each with its own name', () => {
    expect(handles.length).toBeGreaterThan(0);
    for (const { epoch, value, time } of handles) {
      // At the last moment of a part, and of a one-cycle, the curve is met from the left.
      const near = [epoch, epoch - 1e-9].map((at) => evaluateSchedule(schedule, Math.max(0, at), EPOCHS));
      expect(Math.min(...near.map((one) => Math.abs(one - value)))).toBeLessThan(1e-6);
      if (time) expect(epoch >= time[0] - 1e-9 && epoch <= time[1] + 1e-9).toBe(true);
    }
    expect(new Set(handles.map(({ id }) => id)).size).toBe(handles.length);
    expect(new Set(handles.map(({ name }) => name)).size).toBe(handles.length);
    expect(handles.map(({ epoch }) => epoch)).toEqual(
      handles.map(({ epoch }) => epoch).toSorted((a, b) => a - b),
    );
  });

  it('go where they are moved, and leave a schedule that is allowed', () => {
    for (const { id, time, height, epoch, value } of handles) {
      const to = time ? (time[0] + time[1]) / 2 : epoch;
      const moved = moveHandle(schedule, EPOCHS, id, { ...(time ? { epoch: to } : {}) }, range);
      expect(FactorScheduleSchema.safeParse(compactSchedule(moved)).error?.issues).toBeUndefined();
      const there = handlesOf(moved, EPOCHS).find((one) => one.id === id);
      if (time && there) expect(there.epoch).toBeCloseTo(to, 5);
      if (!height) continue;
      const higher = moveHandle(schedule, EPOCHS, id, { value: value * 0.8 + 0.01 }, range);
      expect(FactorScheduleSchema.safeParse(compactSchedule(higher)).error?.issues).toBeUndefined();
      const now = handlesOf(higher, EPOCHS).find((one) => one.id === id);
      expect(now?.value).toBeCloseTo(value * 0.8 + 0.01, id.endsWith('power') ? 2 : 5);
    }
  });

  it('stay within what is allowed, wherever they are pulled', () => {
    for (const { id } of handles) {
      for (const far of [-1e3, 1e3]) {
        const moved = moveHandle(schedule, EPOCHS, id, { epoch: far, value: far }, { min: 1e-6, max: 1 });
        expect(FactorScheduleSchema.safeParse(compactSchedule(moved)).error?.issues).toBeUndefined();
      }
    }
  });

  it('can be added and taken away', () => {
    const more = addPoint(schedule, EPOCHS, 7, range);
    expect(FactorScheduleSchema.safeParse(compactSchedule(more)).error?.issues).toBeUndefined();
    expect(handlesOf(more, EPOCHS).some(({ epoch }) => Math.abs(epoch - 7) < 1e-9)).toBe(true);
    for (const { id, removable } of handlesOf(more, EPOCHS)) {
      const less = removePoint(more, id);
      expect(FactorScheduleSchema.safeParse(compactSchedule(less)).error?.issues).toBeUndefined();
      if (removable) expect(JSON.stringify(less)).not.toBe(JSON.stringify(more));
    }
  });

  it('are written as a document that means the same', () => {
    const read = FactorScheduleSchema.parse(compactSchedule(schedule));
    for (let at = 0; at <= EPOCHS; at += 0.37) {
      expect(evaluateSchedule(read, at, EPOCHS)).toBe(evaluateSchedule(schedule, at, EPOCHS));
    }
  });
});

describe('moving a handle', () => {
  it('to the end of the run means the end, however long the run gets', () => {
    const moved = moveHandle({ kind: 'linear', ...span }, EPOCHS, 'end', { epoch: 10 }, range);
    expect(compactSchedule(moved)).toEqual({ kind: 'linear', initial: 1, final: 0.01, begin: 1 });
  });
  it('of a factor divides by the other factors', () => {
    const moved = moveHandle(SCHEDULES.product!, EPOCHS, 'factors.0/end', { value: 0.2 }, range);
    expect(evaluateSchedule(moved, EPOCHS, EPOCHS)).toBeCloseTo(0.2, 12);
  });
  it('that the schedule does not have changes nothing', () => {
    expect(moveHandle(SCHEDULES.linear!, EPOCHS, 'points.3', { value: 1 }, range)).toBe(SCHEDULES.linear);
  });
});

it('every preset has handles', () => {
  for (const preset of SCHEDULE_PRESETS) expect(handlesOf(preset.build(EPOCHS), EPOCHS)).not.toEqual([]);
});
