import { describe, expect, it } from 'vitest';
import { estimateDeployment, MOST_WEIGHTS } from '#shared/export/estimate/estimate-deployment.ts';
import type { EstimateOptions } from '#shared/export/estimate/types.ts';
import { buildPreset } from '#shared/model/presets/choice.ts';
import { costReport } from '#shared/model/cost.ts';
import { inferModel, type ResolvedModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { ActivationChoiceSchema, METHODS, WeightChoiceSchema } from '#shared/quant/registry.ts';
import { TrainingPlanSchema } from '#shared/train/plan.ts';
import { presetOf } from '#test/support/preset-model.ts';

const M4: EstimateOptions = { target: 'cortex-m4' };

function network(preset: string, weights: string, activations: string, options: object = {}): ResolvedModel {
  const { shape, classes } = presetOf(preset).usual;
  return inferModel(
    buildPreset({ preset, ...presetOf(preset).options.parse(options) } as never, shape, classes),
    {
      weights: WeightChoiceSchema.parse({ method: weights }),
      activations: ActivationChoiceSchema.parse({ method: activations }),
    },
  );
}

function estimated(model: ResolvedModel, options = M4) {
  const result = estimateDeployment(model, options);
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.estimate;
}

describe('the deployment estimate', () => {
  it.each([
    ['lenet-small', 'twn', 'gxnor'],
    ['resnet8', 'bnn', 'bnn'],
    ['ds-cnn', 'int8', 'int8'],
    ['resnet20', 'twn', 'rebnet'],
    ['lenet-small', 'abc-net', 'multi-level-ternary'],
  ])(
    'has a row for every layer of %s (%s, %s), which add up to the whole',
    (preset, weights, activations) => {
      const model = network(preset, weights, activations);
      const { layers, total, frontEnd } = estimated(model);
      expect(frontEnd).toBeNull();
      expect(layers.map(({ id }) => id)).toEqual(model.layers.map(({ spec }) => spec.id));
      expect(layers.reduce((sum, { flashBytes }) => sum + flashBytes, 0)).toBe(total.tables);
      expect(total.flash).toBe(total.tables + total.kernels + total.network);
      const ids = new Set(layers.map(({ id }) => id));
      expect(layers.every(({ computedBy }) => ids.has(computedBy))).toBe(true);
      for (const layer of layers) {
        expect(layer.valueBytes + layer.scratchBytes).toBeLessThanOrEqual(total.arena);
      }
    },
  );

  it('gives weights to the layer that has them, thresholds to the activation, and the logits to the last layer', () => {
    const { layers } = estimated(network('lenet-small', 'bnn', 'bnn'), {
      ...M4,
      plan: { kernels: 'reference' },
    });
    const bytes = Object.fromEntries(layers.map(({ id, flashBytes }) => [id, flashBytes]));
    // One plane of signs, a word for each 32 taps of a filter; what a filter's sum begins with, for raw samples.
    expect(bytes.conv1).toBe(16 * 4 + 16 * 4);
    expect(bytes.conv2).toBe(32 * Math.ceil(400 / 32) * 4);
    // A threshold for each channel, and the two codes.
    expect(bytes.act1).toBe(16 * 4 + 2);
    expect(bytes.norm1).toBe(0);
    const rows = Object.fromEntries(layers.map((layer) => [layer.id, layer.computedBy]));
    expect(rows).toMatchObject({ conv1: 'act1', pool1: 'act1', norm1: 'act1', act1: 'act1' });
  });

  it('counts the multiply-accumulates of the cost report where lowering adds and takes away nothing', () => {
    const model = network('lenet-small', 'twn', 'gxnor');
    expect(estimated(model).total.macs).toBe(costReport(model).total.macsTotal);
  });

  it('is the same every time', () => {
    const model = network('resnet8', 'ttq', 'gxnor');
    expect(estimated(model)).toEqual(estimated(model));
  });

  it('takes as many zeros as pruning leaves', () => {
    const model = network('lenet-small', 'twn', 'gxnor');
    const flash = [0, 0.5, 0.95].map((sparsity) => {
      const training = TrainingPlanSchema.parse({ epochs: 10, pruning: { sparsity } });
      return estimated(model, { ...M4, plan: { objective: 'speed' }, training }).total.tables;
    });
    expect(flash[0]).toBeGreaterThanOrEqual(flash[1] ?? 0);
    expect((flash[0] ?? 0) / (flash[2] ?? 1)).toBeGreaterThan(1.8);
  });

  it('takes away the channels that pruning of channels leaves without weights', () => {
    const model = network('lenet-small', 'twn', 'gxnor');
    const pruning = { sparsity: 0.5, granularity: 'channel' };
    const training = TrainingPlanSchema.parse({ epochs: 10, pruning });
    const [whole, half] = [estimated(model), estimated(model, { ...M4, training })];
    expect(half.total.macs).toBeLessThan(0.6 * whole.total.macs);
  });

  it.each(
    METHODS.flatMap((method) => [
      ...(method.weights ? [[method.card.id, 'weights'] as const] : []),
      ...(method.activations ? [[method.card.id, 'activations'] as const] : []),
    ]),
  )('deploys %s %s, or says at the layer why not', (id, side) => {
    const model =
      side === 'weights' ? network('lenet-small', id, 'gxnor') : network('lenet-small', 'twn', id);
    const result = estimateDeployment(model, M4);
    expect(result.ok).toBe(id !== 'full-precision');
    if (result.ok) return;
    const [problem] = result.problems;
    expect(problem?.origin).toBe('deployment');
    expect(model.layers[problem?.index ?? -1]?.spec.id).toBe(problem?.layer);
  });

  it('leaves networks alone that are too large to plan while one edits', () => {
    const units = 60_000;
    const spec = ModelSpecSchema.parse({
      version: 1,
      name: 'large',
      input: { shape: [28, 28, 1] },
      layers: [
        { id: 'f', kind: 'flatten' },
        { id: 'd', kind: 'dense', units },
      ],
    });
    const rules = {
      weights: WeightChoiceSchema.parse({ method: 'twn' }),
      activations: ActivationChoiceSchema.parse({ method: 'bnn' }),
    };
    expect(units * 784).toBeGreaterThan(MOST_WEIGHTS);
    const result = estimateDeployment(inferModel(spec, rules), M4);
    expect(result.ok || result.problems[0]?.message).toMatch(
      /^the network has 47 million weights; up to 8 million/,
    );
  });

  it('refuses a packing that does not fit as an export would', () => {
    const result = estimateDeployment(network('lenet-small', 'twn', 'gxnor'), {
      ...M4,
      plan: { packing: { x: 'delta' } },
    });
    expect(result.ok || result.problems[0]?.message).toMatch(/no layer of that name has packed weights/);
  });
});
