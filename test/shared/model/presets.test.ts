import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourcesOf } from '#shared/model/combination/graph.ts';
import { costReport } from '#shared/model/cost.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import type { SampleShape } from '#shared/model/presets/types.ts';
import { resolveModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { basicStages, MOBILENET, mobilenet, Tally, TALLIES } from '#test/support/tally.ts';

const FLOAT = {
  weights: { method: 'full-precision' },
  activations: { method: 'full-precision', function: 'relu' },
};

function presetOf(id: string) {
  const preset = MODEL_PRESETS.find((candidate) => candidate.id === id);
  if (!preset) throw new Error(`no preset ${id}`);
  return preset;
}

function totals(id: string, options: object = {}, shape?: SampleShape, classes?: number) {
  const preset = presetOf(id);
  const spec = preset.build(shape ?? preset.usual.shape, classes ?? preset.usual.classes, { ...options });
  return costReport(resolveModel(spec, FLOAT)).total;
}

describe('presets', () => {
  it('lists every file of the folder', () => {
    const files = readdirSync('src-shared/model/presets').filter(
      (file) => file.endsWith('.ts') && !['registry.ts', 'types.ts', 'choice.ts'].includes(file),
    );
    expect(MODEL_PRESETS.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
  });

  it.each(MODEL_PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s fits its schema and its usual data set, and costs what its layers add up to',
    (id, preset) => {
      const spec = preset.build(preset.usual.shape, preset.usual.classes);
      expect(ModelSpecSchema.parse(spec)).toEqual(spec);
      expect(spec.name).toBe(id);
      const { total } = costReport(resolveModel(spec, FLOAT, preset.usual.classes));
      expect({ parameters: total.trainable, macs: total.macsTotal }).toEqual({ ...TALLIES[id] });
      expect(
        [preset.title, preset.description, preset.source].every(
          (text) => text.length > 10 || text === preset.title,
        ),
      ).toBe(true);
    },
  );

  // As published: torchvision, Keras and the MLPerf Tiny reference count these parameters (Keras counts the running
  // statistics as well, two per normalised channel); papers give the multiply-accumulates.
  it.each([
    ['resnet18', {}, 11_689_512, 1.81e9],
    ['resnet34', {}, 21_797_672, 3.66e9],
    ['resnet50', {}, 25_557_032, 4.09e9],
    ['resnet50', { stride: '1x1' }, 25_557_032, 3.86e9],
    ['resnet20', {}, 269_722, 40.6e6],
    ['resnet20', { shortcut: 'B' }, 272_474, 40.8e6],
    ['resnet32', {}, 464_154, 68.9e6],
    ['resnet44', {}, 658_586, 97.2e6],
    ['resnet56', {}, 853_018, 125.5e6],
    ['mobilenet-v1', {}, 4_231_976, 569e6],
    ['resnet8', {}, 78_666 - 480, 12.5e6],
    ['ds-cnn', {}, 24_908 - 1152, 2.66e6],
  ] as const)('%s %o has the published size', (id, options, parameters, macs) => {
    const total = totals(id, options);
    expect(total.trainable).toBe(parameters);
    expect(Math.abs(total.macsTotal / macs - 1)).toBeLessThan(0.005);
  });

  it('the visual wake words network of MLPerf Tiny is MobileNetV1 at a quarter of the width', () => {
    const { trainable, macsTotal } = totals('mobilenet-v1', { width: 0.25 }, [96, 96, 3], 2);
    expect({ parameters: trainable, macs: macsTotal }).toEqual({ ...mobilenet(0.25, 96, 2) });
    // The reference counts two running statistics and a bias (of no effect) for each normalised channel.
    const channels = [
      8,
      ...MOBILENET.flatMap(([filters], i) => [(MOBILENET[i - 1]?.[0] ?? 32) / 4, filters / 4]),
    ];
    expect(trainable + 3 * channels.reduce((sum, count) => sum + count, 0)).toBe(221_794);
  });

  it('AlexNet sees 224 pixels with padding as 227 without', () => {
    expect(totals('alexnet', {}, [227, 227, 3]).macsTotal).toBe(totals('alexnet').macsTotal);
    // torchvision's widths, less its biases but the last, plus two numbers per normalised channel.
    const biases = 64 + 192 + 384 + 256 + 256 + 4096 + 4096;
    expect(totals('alexnet', { widths: 'narrow' }).trainable).toBe(61_100_840 + biases);
  });

  it('options change what they say and nothing else', () => {
    expect(totals('resnet20', { zeros: 'around' }).trainable).toBe(269_722);
    expect(totals('resnet18', { stream: 'real' }).macsTotal).toBe(totals('resnet18').macsTotal);
    expect(totals('resnet8', { bias: false }).trainable).toBe(
      totals('resnet8').trainable - 2 * (16 + 32 + 64) - 112,
    );
    expect(totals('vgg-small', { output: 'bias' }).trainable).toBe(totals('vgg-small').trainable - 10);
    expect(totals('nin', { secondPool: 'max', relu: true }).macsTotal).toBe(totals('nin').macsTotal);
    expect(totals('bnn-mnist', { units: 2048 }).macsTotal).toBe(784 * 2048 + 2 * 2048 ** 2 + 20_480);
    expect(totals('resnet18', { stem: 'cifar' }, [32, 32, 3], 10).macsTotal).toBe(
      basicStages(
        new Tally().conv(1024, 9, 3, 64),
        64,
        [
          [1024, 64, 2],
          [256, 128, 2],
          [64, 256, 2],
          [16, 512, 2],
        ],
        true,
      ).dense(512, 10).macs,
    );
  });

  it('pre-activation stands before each convolution and the shortcut carries bare sums', () => {
    const { layers } = presetOf('resnet20').build([32, 32, 3], 10, { stream: 'pre-activation' });
    const byId = new Map(layers.map((layer) => [layer.id, layer]));
    for (const add of layers.filter(({ kind }) => kind === 'add')) {
      const kinds = (add.inputs ?? []).map((id) => byId.get(id)?.kind);
      expect(kinds[0]).toBe('conv2d');
      expect(['add', 'conv2d', 'shortcut-a']).toContain(kinds[1]);
    }
  });
});

describe('Bi-Real Net', () => {
  const convolutions = (form: string) => {
    const spec = presetOf('bi-real-18').build([64, 64, 3], 10, { form });
    return resolveModel(spec, FLOAT).layers.filter(({ weights }) => weights);
  };
  /** The layer that feeds each, through pooling. */
  const feeds = (form: string) => {
    const spec = presetOf('bi-real-18').build([64, 64, 3], 10, { form });
    const { layers } = resolveModel(spec, FLOAT);
    return convolutions(form).map(
      (layer) => sourcesOf({ layers }, layer).map(({ spec: { kind } }) => kind)[0] ?? 'input',
    );
  };

  it('adds a real shortcut around each binary convolution, with 1×1 convolutions in floating point', () => {
    const spec = presetOf('bi-real-18').build([64, 64, 3], 10);
    expect(spec.layers.filter(({ kind }) => kind === 'add')).toHaveLength(16);
    const own = spec.layers.filter((layer) => 'weights' in layer && layer.weights !== undefined);
    expect(own.map(({ id }) => id)).toEqual(['s2c1-conv2', 's3c1-conv2', 's4c1-conv2']);
    expect(feeds('paper').filter((kind) => kind !== 'activation')).toEqual([
      'input',
      'add',
      'add',
      'add',
      'add',
    ]);
  });

  it('feeds every convolution but the first with codes in its deployable form', () => {
    expect(feeds('deployable').filter((kind) => kind !== 'activation')).toEqual(['input']);
    expect(convolutions('deployable')).toHaveLength(convolutions('paper').length);
  });
});

describe('presets on other samples', () => {
  it.each([
    [
      'cnv',
      [28, 28, 1],
      /model preset "cnv" cannot take samples of shape \[28, 28, 1\]: layer "conv6" \(conv2d\): a 3×3 kernel does not fit into its 2×2 input/,
    ],
    ['lenet5', [10, 28, 1], /model preset "lenet5" cannot take.*does not fit/],
    ['alexnet', [32, 32, 3], /model preset "alexnet" cannot take.*layer "pool3" \(max-pool\)/],
    ['vgg-small', [7, 7, 3], /model preset "vgg-small" cannot take.*layer "pool3"/],
  ] as const)('%s refuses %j with one error', (id, shape, message) => {
    expect(() => presetOf(id).build([...shape] as unknown as SampleShape, 10)).toThrow(message);
  });

  it.each(MODEL_PRESETS.map(({ id }) => id))('%s has as many outputs as there are classes', (id) => {
    const { usual, build } = presetOf(id);
    expect(resolveModel(build(usual.shape, 7), FLOAT, 7).outputs).toBe(7);
  });

  it.each(['resnet20', 'resnet8', 'mobilenet-v1', 'ds-cnn', 'resnet18', 'bi-real-18', 'nin'])(
    '%s takes odd and uneven samples',
    (id) => {
      expect(resolveModel(presetOf(id).build([37, 50, 2], 3), FLOAT).outputs).toBe(3);
    },
  );

  it('refuses a wrong or unknown option', () => {
    expect(() => totals('mobilenet-v1', { width: 3 })).toThrow(/model preset "mobilenet-v1": "width" is 3/);
    expect(() => totals('resnet20', { streams: 'real' })).toThrow(
      /unknown field "streams". Did you mean "stream"/,
    );
    expect(() => totals('lenet5', { width: 1 })).toThrow(/unknown field "width"/);
  });
});

describe('presets in a configuration', () => {
  const configure = (model: unknown) => parseRunConfig({ dataset: { name: 'usual' }, model });
  const info = { name: 'usual', shape: [64, 64, 3] as const, classes: ['a', 'b'] };

  it('take their options beside the name, with defaults filled in', () => {
    const config = configure({ preset: 'mobilenet-v1', width: 0.5 });
    expect(config.model).toEqual({ preset: 'mobilenet-v1', width: 0.5, dropout: 0 });
    expect(parseRunConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
    expect(resolveRun(config, info).layers[0]?.shape).toEqual([32, 32, 16]);
  });

  it.each([
    [{ preset: 'lenet' }, /"model.preset" is "lenet", which is not known here. Did you mean "lenet5"/],
    [{ preset: 'mobilenet-v1', width: 9 }, /"model.width" is 9/],
    [{ preset: 'mobilenet-v1', wide: 1 }, /unknown field "model.wide"/],
    [{ name: 'mine', layers: [] }, /"model.version" is missing/],
    [
      { version: 1, name: 'mine', input: { shape: [8, 8, 1] }, layers: [{ id: 'a', kind: 'conv' }] },
      /"model.layers\[0\].kind" is "conv"/,
    ],
  ])('refuse %j', (model, message) => {
    expect(() => configure(model)).toThrow(message);
  });
});
