import { soundShape, type SoundFeatures } from '#shared/dataset/sound/spec.ts';
import { frontEndOf, WavOptionsSchema } from '#shared/dataset/sources/wav/options.ts';
import { resolveModel, type ResolvedModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

/** The front end of these options, with one map or one for each coefficient. */
export function testSound(options: object = {}): SoundFeatures {
  const spec = frontEndOf(WavOptionsSchema.parse(options));
  const count = spec.features === 'mfcc' ? spec.coefficients : 1;
  return { ...spec, maps: Array.from({ length: count }, (_, i) => [1000 - 100 * i, 30_000 + i]) };
}

/**
 * A small network that hears.
 *
 * @param tiny its arena is smaller than what the front end works in
 */
export function hearingNetwork(sound: SoundFeatures, tiny: boolean): ResolvedModel {
  const first = tiny
    ? [{ id: 'pool', kind: 'max-pool', size: 4 }]
    : [
        { id: 'conv', kind: 'conv2d', filters: 8, kernel: 3 },
        { id: 'norm', kind: 'batch-norm' },
        { id: 'act', kind: 'activation' },
      ];
  const layers = [...first, { id: 'flat', kind: 'flatten' }, { id: 'out', kind: 'dense', units: 4 }];
  const spec = { version: 1, name: 'ears', input: { shape: soundShape(sound) }, layers };
  return resolveModel(ModelSpecSchema.parse(spec), {
    weights: WeightChoiceSchema.parse({ method: 'int8' }),
    activations: ActivationChoiceSchema.parse({ method: 'bnn' }),
  });
}
