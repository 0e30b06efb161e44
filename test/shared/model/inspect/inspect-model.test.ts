import { describe, expect, it } from 'vitest';
import { messageOf } from '#shared/base/errors.ts';
import { RandomStream } from '#shared/base/random.ts';
import { costReport } from '#shared/model/cost.ts';
import { inspectModel } from '#shared/model/inspect/inspect-model.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { resolveModel, type QuantizationRules } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

const RULES: QuantizationRules = {
  weights: WeightChoiceSchema.parse({ method: 'twn' }),
  activations: ActivationChoiceSchema.parse({ method: 'bnn' }),
  firstLayer: { weights: WeightChoiceSchema.parse({ method: 'int8' }) },
  lastLayer: { weights: WeightChoiceSchema.parse({ method: 'int8' }) },
};

const NET = [
  { id: 'c1', kind: 'conv2d', filters: 4, kernel: 3 },
  { id: 'n1', kind: 'batch-norm' },
  { id: 'a1', kind: 'activation' },
  { id: 'f', kind: 'flatten' },
  { id: 'd', kind: 'dense', units: 10 },
];

function inspect(layers: unknown, rules = RULES, classes = 10) {
  return inspectModel({ version: 1, name: 'net', input: { shape: [8, 8, 3] }, layers }, rules, { classes });
}

function found(layers: unknown, rules = RULES) {
  return inspect(layers, rules).problems.map(({ layer, field, message }) => [layer, field, message]);
}

describe('inspecting a network that is right', () => {
  it.each(MODEL_PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s is what resolving gives',
    (_id, preset) => {
      const spec = preset.build(preset.usual.shape, preset.usual.classes);
      const rules = {
        weights: RULES.weights,
        activations: ActivationChoiceSchema.parse({ method: 'full-precision', function: 'relu' }),
      };
      const resolved = resolveModel(spec, rules, preset.usual.classes);
      const inspection = inspectModel(spec, rules, { classes: preset.usual.classes });
      expect(inspection.problems).toEqual([]);
      expect(inspection.model).toEqual(resolved);
      expect(inspection.cost).toEqual(costReport(resolved));
      expect(inspection.complete).toBe(true);
    },
  );

  it('says for each layer which method applies and who says so', () => {
    const own = { method: 'bnn' };
    const layers = inspect([
      ...NET.slice(0, 3),
      { id: 'c2', kind: 'conv2d', filters: 4, kernel: 3, weights: own },
      { id: 'a2', kind: 'activation' },
      ...NET.slice(3),
    ]).layers;
    expect(
      layers.map(({ weights, activation, methodFrom }) => [(weights ?? activation)?.method, methodFrom]),
    ).toEqual([
      ['int8', 'first-layer'],
      [undefined, undefined],
      ['bnn', 'run'],
      ['bnn', 'layer'],
      ['bnn', 'run'],
      [undefined, undefined],
      ['int8', 'last-layer'],
    ]);
    expect(layers[0]).toMatchObject({
      shape: [8, 8, 4],
      inputBits: 8,
      kernel: { fanIn: 27 },
      cost: { id: 'c1' },
    });
  });
});

describe('inspecting a network that is being edited', () => {
  it('tells every wrong field of a layer and leaves the others alone', () => {
    const layers = [{ ...NET[0], filters: 0, stride: 2 }, ...NET.slice(1)];
    expect(found(layers)).toEqual([
      ['c1', ['filters'], 'layer "c1" (conv2d): "filters" is 0; expected number to be >=1'],
      [
        'c1',
        ['stride'],
        expect.stringMatching(
          /^layer "c1" \(conv2d\): unknown field "stride"\. Did you mean "strides"\? Allowed here: id, /,
        ),
      ],
    ]);
    const { layers: rows, model, complete, cost } = inspect(layers);
    expect(rows.map(({ shape }) => shape)).toEqual([null, null, null, null, null]);
    expect(rows.map(({ cost: row }) => row)).toEqual([null, null, null, null, null]);
    expect([model, complete, cost.total.parameters]).toEqual([null, false, 0]);
  });

  it('knows the shapes before and beside what is wrong', () => {
    const rows = inspect([
      NET[0],
      { id: 'x', kind: 'max-pool', size: 99 },
      { id: 'y', kind: 'batch-norm', inputs: ['c1'] },
      { id: 'z', kind: 'add', inputs: ['x', 'y'] },
    ]).layers;
    expect(rows.map(({ shape }) => shape)).toEqual([[8, 8, 4], null, [8, 8, 4], null]);
    expect(rows[1]?.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^layer "x" \(max-pool\): /),
    ]);
  });

  it('names the method of a layer whose shape is not known yet', () => {
    const rows = inspect([{ id: 'd', kind: 'dense', units: 10, inputs: ['nothing'] }]).layers;
    expect(rows[0]).toMatchObject({ shape: null, weights: { method: 'int8' }, methodFrom: 'first-layer' });
  });

  it('sees through a reference to a later layer, and says that it is one', () => {
    const layers = [
      { id: 'n', kind: 'batch-norm', inputs: ['c1'] },
      { ...NET[0], inputs: ['input'] },
    ];
    expect(inspect(layers).layers.map(({ shape }) => shape)).toEqual([
      [8, 8, 4],
      [8, 8, 4],
    ]);
    expect(found(layers)).toEqual([
      [
        'n',
        ['inputs', 0],
        'layer "n" (batch-norm): its input "c1" is not a layer before it; known here: input',
      ],
      ['n', undefined, 'layer "n" (batch-norm): nothing uses its output; connect it or remove it'],
    ]);
  });

  it('survives circles, also those of one layer and under the rule for the last layer', () => {
    const rules = { ...RULES, lastLayer: { activations: RULES.activations } };
    for (const layers of [
      [{ id: 'f', kind: 'flatten', inputs: ['f'] }, NET[4]],
      [
        { id: 'p', kind: 'flatten', inputs: ['q'] },
        { id: 'q', kind: 'flatten', inputs: ['p'] },
        { id: 'd', kind: 'dense', units: 10, inputs: ['q'] },
      ],
    ]) {
      const { layers: rows, problems, model } = inspect(layers, rules);
      expect(rows.every(({ shape }) => shape === null)).toBe(true);
      expect(problems.filter(({ origin }) => origin === 'graph').length).toBeGreaterThan(0);
      expect(problems.find(({ origin }) => origin === 'methods')).toMatchObject({
        layer: 'd',
        index: rows.length - 1,
      });
      expect(model).toBeNull();
    }
  });

  it('puts doubled names, wrong numbers of inputs and loose ends at their layers', () => {
    expect(
      found([NET[0], { ...NET[1], id: 'c1' }, { id: 'sum', kind: 'add', inputs: ['c1'] }, ...NET.slice(3)]),
    ).toEqual([
      ['c1', ['id'], 'layer "c1" (batch-norm): another layer is called "c1" already'],
      ['sum', ['inputs'], 'layer "sum" (add): takes two or more inputs, not 1'],
    ]);
    expect(found([NET[0], { ...NET[1], inputs: ['input'] }, ...NET.slice(2)])).toEqual([
      ['c1', undefined, 'layer "c1" (conv2d): nothing uses its output; connect it or remove it'],
    ]);
  });

  it('tells a loose end also while something else is wrong', () => {
    const messages = found([NET[0], { id: 'x', kind: 'dense', units: 0, inputs: ['input'] }]).map(
      ([, , text]) => text,
    );
    expect(messages).toContain('layer "c1" (conv2d): nothing uses its output; connect it or remove it');
  });

  it('puts the number of classes at the last layer', () => {
    expect(inspect([NET[3], { ...NET[4], units: 7 }]).problems).toEqual([
      {
        origin: 'output',
        layer: 'd',
        index: 1,
        message: 'model "net": its last layer "d" gives 7 numbers, but the data set has 10 classes',
      },
    ]);
  });

  it('asks of a part of a network only what a layer can answer alone', () => {
    const contradictory = { method: 'ttq', rule: 'max', sparsity: 0.2 };
    const layers = [
      { ...NET[0], weights: WeightChoiceSchema.parse(contradictory) },
      { id: 'c2', kind: 'conv2d', filters: 4, kernel: 3 },
      { id: 'broken', kind: 'dense' },
    ];
    expect(inspect(layers).problems.map(({ origin, rule, layer }) => [origin, rule, layer])).toEqual([
      ['methods', 'contradictory-parameters', 'c1'],
      ['field', undefined, 'broken'],
    ]);
  });

  it.each([
    null,
    undefined,
    7,
    'net',
    [],
    {},
    { layers: 7 },
    { layers: [] },
    {
      layers: [null, 3, [], {}, { id: 4 }, { kind: 'conv' }, { id: 'a', kind: 'flatten', inputs: [3, null] }],
    },
  ])('takes %j', (document) => {
    const inspection = inspectModel(document, RULES);
    expect(inspection.problems.length).toBeGreaterThan(0);
    expect(inspection.problems.every(({ message }) => message.length > 10)).toBe(true);
    expect(inspection.model).toBeNull();
  });
});

/** Anything that a person may do to a network by hand, keyed by a seed. */
function mutated(document: Record<string, unknown>, random: RandomStream): Record<string, unknown> {
  const copy = structuredClone(document) as { layers: Record<string, unknown>[] };
  for (let edit = random.nextBelow(4); edit >= 0; edit--) {
    const at = random.nextBelow(Math.max(1, copy.layers.length));
    const layer = copy.layers[at];
    if (!layer) continue;
    const other = copy.layers[random.nextBelow(copy.layers.length)]?.id;
    const edits: (() => void)[] = [
      () => copy.layers.splice(at, 1),
      () => copy.layers.splice(random.nextBelow(copy.layers.length), 0, structuredClone(layer)),
      () => (layer.inputs = [other]),
      () => (layer.inputs = [other, 'input']),
      () => (layer.inputs = ['nobody']),
      () => (layer.inputs = []),
      () => delete layer.inputs,
      () => (layer.id = other),
      () => (layer.id = `x${edit}`),
      () => (layer.kind = ['flatten', 'add', 'dense', 'conv', 'activation'][random.nextBelow(5)]),
      () => (layer.units = random.nextBelow(12)),
      () => (layer.filters = random.nextBelow(12)),
      () => (layer.kernel = random.nextBelow(34)),
      () => (layer.padding = ['same', 'valid', 'full'][random.nextBelow(3)]),
      () => (layer.padValue = 'minus-one'),
      () => copy.layers.reverse(),
    ];
    edits[random.nextBelow(edits.length)]?.();
  }
  return copy;
}

describe('inspecting and resolving', () => {
  it('agree on every network: the same result, or the very sentence of the refusal', () => {
    const presets = ['lenet-small', 'resnet8', 'ds-cnn', 'mlp3'].map((id) => {
      const preset = MODEL_PRESETS.find((candidate) => candidate.id === id);
      if (!preset) throw new Error(id);
      return preset.build(preset.usual.shape, preset.usual.classes) as unknown as Record<string, unknown>;
    });
    const seen = { right: 0, refused: 0, unread: 0 };
    for (let seed = 0; seed < 600; seed++) {
      const random = new RandomStream(seed, 'edits');
      const document = mutated(presets[seed % presets.length] ?? {}, random);
      const inspection = inspectModel(document, RULES, { classes: 10 });
      const parsed = ModelSpecSchema.safeParse(document);
      if (!parsed.success) {
        seen.unread++;
        expect(inspection.problems.some(({ origin }) => origin === 'field')).toBe(true);
        continue;
      }
      try {
        expect(inspection.model).toEqual(resolveModel(parsed.data, RULES, 10));
        expect(inspection.problems).toEqual([]);
        seen.right++;
      } catch (error) {
        if (!(error as { code?: string }).code) throw error;
        expect(inspection.model).toBeNull();
        expect(inspection.problems.map(({ message }) => message)).toContain(messageOf(error));
        seen.refused++;
      }
    }
    expect(Math.min(seen.right, seen.refused, seen.unread)).toBeGreaterThan(20);
  });
});
