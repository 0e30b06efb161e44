import { describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import { buildPreset } from '#shared/model/presets/choice.ts';
import type { SampleShape } from '#shared/model/presets/types.ts';
import { resolveModel } from '#shared/model/resolve.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { initialValues } from '#shared/model/variables.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

/** Networks of every family with ternary weights: what lowers to integers, and the one layer that does not. */
function lowered([preset, shape, options]: (typeof DEPLOYED)[number], activations: string): number {
  const model = resolveModel(buildPreset({ preset, ...options }, shape, 5), {
    weights: WeightChoiceSchema.parse({ method: 'twn' }),
    activations: ActivationChoiceSchema.parse({ method: activations }),
    lastLayer: { activations: ActivationChoiceSchema.parse({ method: 'int8' }) },
  });
  const zero = Array.from({ length: shape[2] }, () => 128);
  return lower(buildTrainedGraph(model, initialValues(model, 1), { zero, scale: 1 / 64 })).classes;
}

const DEPLOYED: [string, SampleShape, object][] = [
  ['cnv', [32, 32, 3], {}],
  ['rebnet-mnist', [9, 9, 1], {}],
  ['alexnet-cifar', [16, 16, 3], { widths: [8, 8, 8, 8, 8], units: 16 }],
  ['nin', [8, 8, 3], { secondPool: 'max' }],
  ['resnet20', [16, 15, 3], {}],
  ['resnet20', [16, 15, 3], { zeros: 'around', stream: 'pre-activation' }],
  ['resnet8', [16, 16, 3], {}],
  ['ds-cnn', [20, 10, 1], {}],
  ['mobilenet-v1', [32, 32, 3], { width: 0.25 }],
];

describe('presets become integers', () => {
  it.each(DEPLOYED)('%s on %j %o', (...network) => {
    expect(lowered(network, 'gxnor')).toBe(5);
  });

  it.each([
    [['nin', [8, 8, 3], {}], /layer mean1 .*padded zeros count/],
    [['resnet20', [16, 15, 3], { stream: 'real' }], /computed in floating point/],
  ] as [(typeof DEPLOYED)[number], RegExp][])(
    '%j is refused with the layer and the reason',
    (network, message) => {
      const [preset] = network;
      expect(() => lowered(network, preset === 'resnet20' ? 'lsq' : 'gxnor')).toThrow(message);
    },
  );
});
