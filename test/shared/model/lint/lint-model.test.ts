import { describe, expect, it } from 'vitest';
import { inspectModel } from '#shared/model/inspect/inspect-model.ts';
import { lintModel } from '#shared/model/lint/lint-model.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

const RULES = {
  weights: WeightChoiceSchema.parse({ method: 'bnn' }),
  activations: ActivationChoiceSchema.parse({ method: 'bnn' }),
};

function network(filters: number, more: object = {}) {
  return {
    version: 1,
    name: 'net',
    input: { shape: [8, 8, 3] },
    layers: [
      { id: 'c1', kind: 'conv2d', filters: 32, kernel: 3 },
      { id: 'n1', kind: 'batch-norm' },
      { id: 'a1', kind: 'activation' },
      { id: 'c2', kind: 'conv2d', filters, kernel: 3, ...more },
      { id: 'n2', kind: 'batch-norm' },
      { id: 'a2', kind: 'activation' },
      { id: 'f', kind: 'flatten' },
      { id: 'd', kind: 'dense', units: 10 },
    ],
  };
}

function lints(document: object, rules: Parameters<typeof inspectModel>[1] = RULES) {
  return lintModel(inspectModel(document, rules, { classes: 10 }));
}

function rulesOf(document: object, rules = RULES) {
  return lints(document, rules).map(({ rule, layer }) => `${layer}: ${rule}`);
}

describe('lints', () => {
  it('stand at their layers, in the order of the layers', () => {
    expect(rulesOf(network(40))).toEqual([
      'c1: first-layer-precision',
      'c2: zero-padded-signs',
      'd: last-layer-precision',
    ]);
  });

  it('say nothing where all is as they advise', () => {
    const int8 = { weights: WeightChoiceSchema.parse({ method: 'int8' }) };
    const rules = { ...RULES, firstLayer: int8, lastLayer: int8 };
    expect(rulesOf(network(64, { padValue: 'minus-one' }), rules)).toEqual([]);
  });

  it.each([
    ['zero-padded-signs', 'c2'],
    ['first-layer-precision', 'c1'],
    ['last-layer-precision', 'd'],
  ])('%s is gone after its own fix, which changes nothing but %s', (rule, changed) => {
    const spec = ModelSpecSchema.parse(network(40));
    const before = lints(spec);
    const lint = before.find((one) => one.rule === rule);
    const fixed = lint?.fix?.apply(spec);
    if (!fixed) throw new Error('no fix');
    expect(ModelSpecSchema.parse(fixed)).toMatchObject(fixed);
    expect(lints(fixed).map((one) => one.rule)).toEqual(
      before.map((one) => one.rule).filter((one) => one !== rule),
    );
    expect(fixed.layers.filter((layer, i) => layer !== spec.layers[i]).map(({ id }) => id)).toEqual([
      changed,
    ]);
  });

  it('say nothing about a network that is not whole', () => {
    const { layers, ...frame } = network(40);
    expect(rulesOf({ ...frame, layers: layers.slice(0, 4) })).toEqual([]);
    expect(lints({ ...frame, layers: [{}] })).toEqual([]);
  });
});
