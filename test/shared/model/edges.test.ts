import { describe, expect, it } from 'vitest';
import { resolveModel, type QuantizationRules } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { ActivationChoiceSchema } from '#shared/quant/registry.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';

const RULES: QuantizationRules = {
  weights: { method: 'twn', factor: 0.7, granularity: 'layer' },
  activations: { method: 'bnn' },
};
const INT8 = { method: 'int8', granularity: 'filter' };
const WIDE = ActivationChoiceSchema.parse({ method: 'lsq', bits: 8 });

const CHAIN = [
  { id: 'c1', kind: 'conv2d', filters: 4, kernel: 3 },
  { id: 'n1', kind: 'batch-norm' },
  { id: 'a1', kind: 'activation' },
  { id: 'c2', kind: 'conv2d', filters: 4, kernel: 3 },
  { id: 'n2', kind: 'batch-norm' },
  { id: 'a2', kind: 'activation' },
  { id: 'p', kind: 'max-pool' },
  { id: 'f', kind: 'flatten' },
  { id: 'o', kind: 'dropout' },
  { id: 'd', kind: 'dense', units: 10 },
];

function methods(layers: object[], rules: Partial<QuantizationRules>): string[] {
  const spec = ModelSpecSchema.parse({ version: 1, name: 'test', input: { shape: [8, 8, 3] }, layers });
  return resolveModel(spec, { ...RULES, ...rules }).layers.flatMap(
    ({ weights, activation }) => weights?.method ?? activation?.method ?? [],
  );
}

describe('rules for the first and the last layer', () => {
  it('give the last layer its own weights and the activation that feeds it, through pooling, flattening and dropout', () => {
    expect(methods(CHAIN, { lastLayer: { weights: INT8, activations: WIDE } })).toEqual([
      'twn',
      'bnn',
      'twn',
      'lsq',
      'int8',
    ]);
  });

  it('as LSQ asks for: eight bits first and last', () => {
    expect(
      methods(CHAIN, { firstLayer: { weights: INT8 }, lastLayer: { weights: INT8, activations: WIDE } }),
    ).toEqual(['int8', 'bnn', 'twn', 'lsq', 'int8']);
  });

  it('go behind what a layer says itself', () => {
    const own = CHAIN.map((layer) => {
      if (layer.id === 'd') return { ...layer, weights: { method: 'bnn' } };
      return layer.id === 'a2'
        ? { ...layer, activations: ActivationChoiceSchema.parse({ method: 'gxnor' }) }
        : layer;
    });
    expect(methods(own, { lastLayer: { weights: INT8, activations: WIDE } }).slice(-2)).toEqual([
      'gxnor',
      'bnn',
    ]);
  });

  it('follow named inputs instead of the order of the list', () => {
    const branched = [
      { id: 'f', kind: 'flatten' },
      { id: 'd1', kind: 'dense', units: 10 },
      { id: 'a1', kind: 'activation' },
      { id: 'd2', kind: 'dense', units: 10, inputs: ['d1'] },
      { id: 'sum', kind: 'add', inputs: ['a1', 'd2'] },
      { id: 'n', kind: 'batch-norm' },
      { id: 'a2', kind: 'activation' },
      { id: 'd3', kind: 'dense', units: 10, inputs: ['a2'] },
    ];
    expect(methods(branched, { lastLayer: { activations: WIDE } })).toEqual([
      'twn',
      'bnn',
      'twn',
      'lsq',
      'twn',
    ]);
  });

  it.each([
    [
      'a batch norm',
      CHAIN.filter(({ id }) => id !== 'a2'),
      /layer "d" \(dense\).*"lsq".*fed by layer "n2" \(batch-norm\)/,
    ],
    [
      'the input',
      [{ id: 'f', kind: 'flatten' }, CHAIN.at(-1) ?? {}],
      /"lsq".*fed by the input; put an activation layer/,
    ],
  ] as const)('refuse an activation rule where the last layer is fed by %s', (_title, layers, message) => {
    expect(() => methods([...layers], { lastLayer: { activations: WIDE } })).toThrow(message);
  });

  it('refuse two weight methods for the only layer with weights, and accept one', () => {
    const single = [{ id: 'f', kind: 'flatten' }, CHAIN.at(-1) ?? {}];
    expect(() =>
      methods(single, { firstLayer: { weights: INT8 }, lastLayer: { weights: { method: 'bnn' } } }),
    ).toThrow(/layer "d" is the first and the last.*"int8".*"bnn"/);
    expect(methods(single, { firstLayer: { weights: INT8 }, lastLayer: { weights: INT8 } })).toEqual([
      'int8',
    ]);
    expect(methods(single, { lastLayer: { weights: INT8 } })).toEqual(['int8']);
  });

  it('stand in a run’s configuration, with their parameters filled in', () => {
    const config = parseRunConfig({
      dataset: { name: 'cifar-10' },
      model: { preset: 'nin' },
      quantization: {
        weights: { method: 'tot-net' },
        activations: { method: 'tot-net' },
        firstLayer: { weights: { method: 'full-precision' } },
        lastLayer: {
          weights: { method: 'full-precision' },
          activations: { method: 'full-precision', function: 'identity' },
        },
      },
    });
    const { layers } = resolveRun(config, {
      name: 'cifar-10',
      shape: [32, 32, 3],
      classes: Array.from({ length: 10 }, String),
    });
    const used = layers.flatMap(({ weights, activation }) => weights?.method ?? activation?.method ?? []);
    expect(used).toEqual([
      'full-precision',
      ...Array<string>(14).fill('tot-net'),
      'full-precision',
      'full-precision',
    ]);
    expect(() =>
      parseRunConfig({
        dataset: { name: 'x' },
        model: { preset: 'nin' },
        quantization: { firstLayer: { activations: WIDE } },
      }),
    ).toThrow(/unknown field "quantization.firstLayer.activations"/);
  });
});
