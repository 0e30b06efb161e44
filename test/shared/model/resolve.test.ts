import { describe, expect, it } from 'vitest';
import { costReport } from '#shared/model/cost.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { methodsOf, resolveModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema, type ModelSpec } from '#shared/model/spec.ts';
import { applySettings, parseRunConfig, resolveRun } from '#shared/run/config.ts';

const RULES = {
  weights: { method: 'twn', factor: 0.7, granularity: 'layer' },
  activations: { method: 'bnn' },
};

function model(layers: unknown[], shape = [8, 8, 3]): ModelSpec {
  return ModelSpecSchema.parse({ version: 1, name: 'test', input: { shape }, layers });
}

describe('resolving a model', () => {
  it('gives layers the run’s methods, the first and last their own, and keeps what a layer names itself', () => {
    const spec = model([
      { id: 'c1', kind: 'conv2d', filters: 4, kernel: 3 },
      { id: 'a1', kind: 'activation' },
      { id: 'c2', kind: 'conv2d', filters: 4, kernel: 3, weights: { method: 'bnn' } },
      { id: 'a2', kind: 'activation', activations: { method: 'full-precision', function: 'tanh' } },
      { id: 'f', kind: 'flatten' },
      { id: 'd', kind: 'dense', units: 10 },
    ]);
    const resolved = resolveModel(
      spec,
      { ...RULES, firstLayer: { weights: { method: 'full-precision' } } },
      10,
    );
    expect(resolved.layers.map((layer) => layer.weights?.method ?? layer.activation?.method ?? null)).toEqual(
      ['full-precision', 'bnn', 'bnn', 'full-precision', null, 'twn'],
    );
    expect(methodsOf(resolved)).toEqual({
      weights: ['full-precision', 'bnn', 'twn'],
      activations: ['bnn', 'full-precision'],
    });
  });

  it.each([
    [
      'two layers of one name',
      [
        { id: 'a', kind: 'flatten' },
        { id: 'a', kind: 'dense', units: 10 },
      ],
      /another layer is called "a"/,
    ],
    [
      'an input that is no layer before it',
      [
        { id: 'd', kind: 'flatten', inputs: ['x'] },
        { id: 'e', kind: 'dense', units: 10 },
      ],
      /its input "x" is not a layer before it; known here: input/,
    ],
    [
      'a dense layer on a feature map',
      [{ id: 'd', kind: 'dense', units: 10 }],
      /layer "d" \(dense\): needs a vector.*put a "flatten" layer/,
    ],
    [
      'a kernel larger than its input',
      [{ id: 'c', kind: 'conv2d', filters: 1, kernel: 9, padding: 'valid' }],
      /9×9 kernel.*does not fit into its 8×8 input/,
    ],
    [
      'strides with dilation',
      [{ id: 'c', kind: 'conv2d', filters: 1, kernel: 3, strides: 2, dilation: 2 }],
      /cannot both be above 1/,
    ],
    [
      'an add of unequal shapes',
      [
        { id: 'p', kind: 'max-pool' },
        { id: 's', kind: 'add', inputs: ['p', 'input'] },
      ],
      /must have one shape.*\[4, 4, 3\] and \[8, 8, 3\]/,
    ],
    ['an add of one input', [{ id: 's', kind: 'add', inputs: ['input'] }], /takes two or more inputs, not 1/],
    [
      'a layer that nothing uses',
      [
        { id: 'p', kind: 'max-pool' },
        { id: 'f', kind: 'flatten', inputs: ['input'] },
        { id: 'd', kind: 'dense', units: 10 },
      ],
      /layer "p".*nothing uses its output/,
    ],
    [
      'an output that is no vector',
      [{ id: 'p', kind: 'max-pool' }],
      /must give one number per class.*\[4, 4, 3\]/,
    ],
    [
      'an output of the wrong length',
      [
        { id: 'f', kind: 'flatten' },
        { id: 'd', kind: 'dense', units: 7 },
      ],
      /gives 7 numbers, but the data set has 10 classes/,
    ],
  ] as const)('refuses %s', (_title, layers, message) => {
    expect(() => resolveModel(model([...layers]), RULES, 10)).toThrow(message);
  });
});

describe('cost report', () => {
  it('splits weights, memory and multiply-accumulates by bit width, by hand for LeNet-5', () => {
    const config = parseRunConfig({ dataset: { name: 'mnist' }, model: { preset: 'lenet5' } });
    const info = { name: 'mnist', shape: [28, 28, 1] as const, classes: Array.from({ length: 10 }, String) };
    const { total, layers } = costReport(resolveRun(config, info));
    const ternary = 25 * 32 + 25 * 32 * 64 + 1024 * 512 + 512 * 10;
    const norms = 2 * (32 + 64 + 512 + 10);
    expect(total.weights).toEqual({ 2: ternary, 32: norms });
    expect(total.bytes).toBe(ternary / 4 + norms * 4);
    expect(total.bytesWithInt8).toBe(ternary / 4 + norms);
    // 8-bit pixels enter the first convolution, so its precision is 8; then it is ternary against ternary.
    expect(total.macs).toEqual({ 8: 24 * 24 * 32 * 25, 2: 8 * 8 * 64 * 25 * 32 + 1024 * 512 + 5120 });
    expect(layers[0]).toMatchObject({ id: 'conv1', inputBits: 8, shape: [24, 24, 32], weights: { 2: 800 } });
    expect(total.ternaryMacsRatio + (total.macs[8] ?? 0) / total.macsTotal).toBeCloseTo(1);
  });
});

describe('configuration', () => {
  const valid = { dataset: { name: 'mnist' }, model: { preset: 'lenet5' } };

  it('fills in every default, and is the same after a round trip through JSON', () => {
    const config = parseRunConfig(valid);
    expect(config.quantization.weights).toEqual({ method: 'twn', factor: 0.7, granularity: 'layer' });
    expect(parseRunConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it.each([
    ['an unknown field', { ...valid, epoch: 3 }, /unknown field "epoch".*Allowed here: version/],
    [
      'an unknown field deep inside',
      { ...valid, training: { epoch: 3 } },
      /unknown field "training.epoch". Did you mean "epochs"/,
    ],
    [
      'a negative learning rate',
      { ...valid, training: { learningRate: -0.1 } },
      /"training.learningRate" is -0.1/,
    ],
    [
      'a negative rate inside a schedule',
      { ...valid, training: { learningRate: { kind: 'cosine', initial: -1 } } },
      /"training.learningRate.initial" is -1/,
    ],
    [
      'an unknown weight method',
      { ...valid, quantization: { weights: { method: 'tw' } } },
      /"quantization.weights.method" is "tw".*Did you mean "twn".*Allowed: full-precision, bnn, twn/,
    ],
    [
      'an activation method that quantizes weights only',
      { ...valid, quantization: { activations: { method: 'twn' } } },
      /"quantization.activations.method" is "twn"/,
    ],
    ['an unknown preset', { ...valid, model: { preset: 'lenet' } }, /model/],
    ['no data set', { model: { preset: 'lenet5' } }, /"dataset" is missing/],
    ['no object at all', 7, /the document is 7/],
  ])('refuses %s and names it', (_title, document, message) => {
    expect(() => parseRunConfig(document)).toThrow(message);
  });

  it('takes settings of the command line, as JSON or as text', () => {
    const document = applySettings(valid, [
      'training.epochs=3',
      'name=my run',
      'quantization.weights={"method":"bnn"}',
      'dataset.name="fashion-mnist"',
    ]);
    const config = parseRunConfig(document);
    expect([
      config.training.epochs,
      config.name,
      config.quantization.weights.method,
      config.dataset.name,
    ]).toEqual([3, 'my run', 'bnn', 'fashion-mnist']);
    expect(valid).toEqual({ dataset: { name: 'mnist' }, model: { preset: 'lenet5' } });
  });

  it('refuses a setting without a value or into a number', () => {
    expect(() => applySettings(valid, ['epochs'])).toThrow(/must have the form path=value/);
    expect(() => applySettings({ a: 1 }, ['a.b=2'])).toThrow(/"a" is no object/);
  });

  it('refuses a network for other samples than the data set has', () => {
    const spec = MODEL_PRESETS[0]?.build([28, 28, 1], 10);
    const config = parseRunConfig({ ...valid, model: spec });
    expect(() =>
      resolveRun(config, {
        name: 'cifar-10',
        shape: [32, 32, 3],
        classes: Array.from({ length: 10 }, String),
      }),
    ).toThrow(/takes samples of shape \[28, 28, 1\].*"cifar-10" are \[32, 32, 3\]/);
  });
});
