import { describe, expect, it } from 'vitest';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import { inspectModel } from '#shared/model/inspect/inspect-model.ts';
import { layerOrder } from '#shared/model/lint/layer-order.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

const RULES = {
  weights: WeightChoiceSchema.parse({ method: 'bnn' }),
  activations: ActivationChoiceSchema.parse({ method: 'bnn' }),
};
const END = [
  { id: 'gap', kind: 'global-average-pool' },
  { id: 'out', kind: 'dense', units: 10 },
];

function spec(layers: object[]) {
  return ModelSpecSchema.parse({
    version: 1,
    name: 'net',
    input: { shape: [16, 16, 3] },
    layers: [...layers, ...END],
  });
}
function resolved(layers: object[]) {
  const { model, problems } = inspectModel(spec(layers), RULES, { classes: 10 });
  if (!model) throw new Error(problems.map(({ message }) => message).join());
  return model;
}
const found = (layers: object[]) =>
  layerOrder(resolved(layers)).map(({ rule, layer }) => `${layer}: ${rule}`);
const conv = (id: string) => ({ id, kind: 'conv2d', filters: 64, kernel: 3 });
const norm = (id: string) => ({ id, kind: 'batch-norm' });
const sign = (id: string) => ({ id, kind: 'activation' });

describe('the order of layers', () => {
  it('is right as convolution, batch norm, sign', () => {
    expect(found([conv('c1'), norm('n1'), sign('a1'), conv('c2'), norm('n2'), sign('a2')])).toEqual([]);
  });

  it('lacks a batch norm before a sign, also behind a pool, and puts one there', () => {
    const layers = [
      conv('c1'),
      { id: 'p1', kind: 'max-pool', size: 2 },
      sign('a1'),
      conv('c2'),
      norm('n2'),
      sign('a2'),
    ];
    const [lint] = layerOrder(resolved(layers));
    expect(lint).toMatchObject({ rule: 'sign-without-norm', layer: 'a1' });
    const fixed = ModelSpecSchema.parse(lint?.fix?.apply(spec(layers)));
    expect(fixed.layers.map(({ id }) => id).slice(0, 4)).toEqual(['c1', 'p1', 'bn1', 'a1']);
    const { model } = inspectModel(fixed, RULES, { classes: 10 });
    expect(model && layerOrder(model)).toEqual([]);
  });

  it('warns of a batch norm behind the activation, which an export refuses', () => {
    const layers = [conv('c1'), sign('a1'), norm('n1'), conv('c2'), norm('n2'), sign('a2')];
    expect(found(layers)).toEqual(['a1: sign-without-norm', 'n1: norm-behind-activation']);
    const result = estimateDeployment(resolved(layers), { target: 'cortex-m4' });
    expect(result).toMatchObject({ ok: false, problems: [{ layer: 'c2' }] });
  });

  it('names averages before a convolution, which then has no fast kernel', () => {
    const kernelOf = (layers: object[]) => {
      const result = estimateDeployment(resolved(layers), { target: 'cortex-m4' });
      return result.ok ? result.estimate.layers.find(({ id }) => id === 'c2')?.kernel : 'refused';
    };
    const average = { id: 'p1', kind: 'average-pool', size: 2 };
    const behind = [conv('c1'), norm('n1'), sign('a1'), average, conv('c2'), norm('n2'), sign('a2')];
    const before = [conv('c1'), average, norm('n1'), sign('a1'), conv('c2'), norm('n2'), sign('a2')];
    expect(found(behind)).toEqual(['p1: average-before-convolution']);
    expect(found(before)).toEqual([]);
    expect(kernelOf(behind)).not.toContain('sliced');
    expect(kernelOf(before)).toContain('sliced');
  });
});
