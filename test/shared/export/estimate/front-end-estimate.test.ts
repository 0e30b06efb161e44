import { describe, expect, it } from 'vitest';
import { soundShape, type SoundFeatures } from '#shared/dataset/sound/spec.ts';
import { soundFiles } from '#shared/export/emit/sound.ts';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import { fitVerdict } from '#shared/export/estimate/fit-verdict.ts';
import type { DeploymentEstimate } from '#shared/export/estimate/types.ts';
import { customPartId, partOf } from '#shared/export/parts/index.ts';
import { frontEndFacts } from '#shared/export/report/front-end.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { buildPreset } from '#shared/model/presets/choice.ts';
import { resolveModel, type ResolvedModel } from '#shared/model/resolve.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';
import { presetOf } from '#test/support/preset-model.ts';
import { hearingNetwork, testSound } from '#test/support/sound-networks.ts';

function estimated(model: ResolvedModel, sound?: SoundFeatures, target: TargetId = 'cortex-m4') {
  const result = estimateDeployment(model, { target, sound });
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.estimate;
}
const heard = ({ frontEnd }: DeploymentEstimate) => {
  if (!frontEnd) throw new Error('no front end');
  return frontEnd;
};

/** Bytes of all constant arrays of a C source. */
function arrayBytes(source: string): number {
  const sizes: Record<string, number> = { uint8_t: 1, int16_t: 2, uint16_t: 2, int32_t: 4, bs_sound_map: 12 };
  const arrays = source.matchAll(/static const (\w+) \w+\[(\d+)\]/g);
  return [...arrays].reduce((sum, [, type = '', count]) => sum + (sizes[type] ?? NaN) * Number(count), 0);
}

describe('the front end for sound in the estimate', () => {
  it.each([{}, { features: 'mfcc' }, { bands: 20, frame: 20 }])(
    'of %j has the tables and the working memory that the exporter writes and reports',
    (options) => {
      const sound = testSound(options);
      const estimate = estimated(hearingNetwork(sound, false), sound);
      const { tables, scratch, description } = heard(estimate);
      const plan = { arenaBytes: estimate.total.arena };
      const emission = { name: 'ears', upper: 'EARS', plan, provenance: { sound } };
      const source = soundFiles(emission).find(({ path }) => path.endsWith('.c'))?.content ?? '';
      expect(tables).toBe(arrayBytes(source));
      expect(frontEndFacts(sound).frontEnd).toEqual({
        description,
        tableBytes: tables,
        scratchBytes: scratch,
      });
    },
  );

  it('adds to flash, and to RAM what the arena has no room for', () => {
    const sound = testSound();
    const roomy = hearingNetwork(sound, false);
    const [without, with_] = [estimated(roomy), estimated(roomy, sound)];
    expect(without.frontEnd).toBeNull();
    const { tables, code, flash, scratch, ram } = heard(with_);
    expect(flash).toBe(tables + code);
    expect(with_.total.flash).toBe(without.total.flash + flash);
    expect(scratch).toBeLessThanOrEqual(with_.total.arena);
    expect(ram).toBe(0);
    expect(with_.total.ram - with_.total.stack).toBe(without.total.ram - without.total.stack);

    const tiny = hearingNetwork(sound, true);
    const small = estimated(tiny, sound);
    expect(scratch).toBeGreaterThan(small.total.arena);
    expect(heard(small).ram).toBe(scratch);
    // A library is given one memory for both.
    const library = estimated(tiny, sound, 'host');
    expect(library.total.ram - library.total.stack).toBe(scratch);
    // The front end is the deeper of the two.
    expect(small.total.stack).toBeGreaterThan(estimated(tiny).total.stack);
  });

  it('turns a verdict around that would be too kind without it', () => {
    const sound = testSound();
    const model = hearingNetwork(sound, false);
    const { flash, ram } = estimated(model).total;
    const part = partOf(customPartId('cortex-m4', flash + 1024, ram + 4096));
    expect(fitVerdict(estimated(model), part).fits).toBe(true);
    expect(fitVerdict(estimated(model, sound), part).fits).toBe(false);
  });

  it('does not count twice what the network needs anyway', () => {
    const sound = testSound({ features: 'mfcc' });
    const { options, usual } = presetOf('ds-cnn');
    expect(usual.shape).toEqual(soundShape(sound));
    const choice = { preset: 'ds-cnn', ...(options.parse({}) as object) };
    const keywords = resolveModel(buildPreset(choice, usual.shape, usual.classes), {
      weights: WeightChoiceSchema.parse({ method: 'twn' }),
      activations: ActivationChoiceSchema.parse({ method: 'gxnor' }),
    });
    const codeOf = (model: ResolvedModel, core: TargetId) => heard(estimated(model, sound, core)).code;
    // Its sliced kernels divide, as the front end does: a Cortex-M0 has the library's function for it once.
    const small = hearingNetwork(sound, true);
    expect(codeOf(keywords, 'cortex-m0')).toBeLessThan(codeOf(small, 'cortex-m0'));
    expect(codeOf(keywords, 'cortex-m4')).toBe(codeOf(small, 'cortex-m4'));
  });
});
