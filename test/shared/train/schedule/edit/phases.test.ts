import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#shared/base/json-document.ts';
import {
  addPhase,
  duplicatePhase,
  movePhase,
  removePhase,
  resizePhase,
} from '#shared/train/schedule/edit/phases.ts';
import { PLAN_PRESETS } from '#shared/train/schedule/plan-presets.ts';
import { TrainingPlanSchema } from '#shared/train/plan.ts';

const plan: JsonObject = {
  epochs: 7,
  batchSize: 50,
  phases: [
    { name: 'a', epochs: 3, learningRate: 0.1 },
    { name: 'b', epochs: 4 },
  ],
};
const lengths = (training: JsonObject) =>
  TrainingPlanSchema.parse(training).phases?.map(({ name, epochs }) => `${name} ${epochs}`);

describe('phases', () => {
  it('are resized in whole epochs, at least one, and the run gets as long as they are', () => {
    const longer = resizePhase(plan, 0, 5.4);
    expect(lengths(longer)).toEqual(['a 5', 'b 4']);
    expect(TrainingPlanSchema.parse(longer).epochs).toBe(9);
    expect(lengths(resizePhase(plan, 1, -3))).toEqual(['a 3', 'b 1']);
  });
  it('are moved, duplicated under a free name, and removed; the others stay as they are', () => {
    expect(lengths(movePhase(plan, 0, 1))).toEqual(['b 4', 'a 3']);
    expect(lengths(movePhase(plan, 5, 0))).toEqual(['a 3', 'b 4']);
    const twice = duplicatePhase(duplicatePhase(plan, 0), 0);
    expect(lengths(twice)).toEqual(['a 3', 'a copy 2 3', 'a copy 3', 'b 4']);
    expect(TrainingPlanSchema.parse(twice).phases?.[1]?.learningRate).toEqual({
      kind: 'constant',
      value: 0.1,
    });
    expect(removePhase(plan, 0)).toEqual({ batchSize: 50, phases: [{ name: 'b', epochs: 4 }] });
  });
  it('begin with one that is the whole run, and end with none in a run of the same length', () => {
    const one = addPhase({ epochs: 12 }, 12);
    expect(lengths(one)).toEqual(['train 12']);
    expect(lengths(addPhase(one, 12))).toEqual(['train 12', 'fine-tune 6']);
    expect(removePhase(one, 0)).toEqual({ epochs: 12 });
  });
});

describe('plan presets', () => {
  it.each(PLAN_PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s is a plan at any length',
    (_id, preset) => {
      for (const epochs of [1, 5, 10, 333]) {
        expect(TrainingPlanSchema.safeParse(preset.build(epochs)).error?.issues).toBeUndefined();
      }
      expect(Math.abs(TrainingPlanSchema.parse(preset.build(100)).epochs - 100)).toBeLessThanOrEqual(2);
    },
  );
});
