import { describe, expect, it } from 'vitest';
import {
  commonFields,
  commonValues,
  setField,
  setInputs,
  sideOf,
} from '#renderer/pages/model/inspector/layer-edits.ts';
import {
  allFindings,
  fieldProblems,
  otherProblems,
  ownWords,
} from '#renderer/pages/model/inspector/findings.ts';
import { refusalOf, withMethod } from '#renderer/pages/model/inspector/method-fit.ts';
import { readNetworkText } from '#renderer/pages/model/inspector/read-network-file.ts';
import type { NetworkDocument } from '#shared/model/edit/network.ts';
import { inspectModel } from '#shared/model/inspect/inspect-model.ts';
import { buildPreset } from '#shared/model/presets/choice.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

const rules = {
  weights: WeightChoiceSchema.parse({ method: 'twn' }),
  activations: ActivationChoiceSchema.parse({ method: 'gxnor' }),
};
const context = { classes: 10 };
const network = (preset: string, shape: [number, number, number] = [28, 28, 1]) =>
  buildPreset({ preset }, shape, 10) as unknown as NetworkDocument;
const layer = (spec: NetworkDocument, id: string) => spec.layers.find((one) => one.id === id);

describe('edits of layers', () => {
  const spec = network('lenet-small');

  it('set a field of some layers and leave the others as they are', () => {
    const next = setField(spec, ['conv1', 'conv2'], ['filters'], 24);
    expect([layer(next, 'conv1')?.filters, layer(next, 'conv2')?.filters]).toEqual([24, 24]);
    expect(layer(next, 'act1')).toBe(layer(spec, 'act1'));
    expect(setField(spec, ['conv1'], ['filters'], 'many').layers[0]).toMatchObject({ filters: 'many' });
  });

  it('know what several layers have in common', () => {
    const layers = spec.layers.filter(({ kind }) => kind === 'conv2d');
    const { value, mixed } = commonValues(layers);
    expect(value.kernel).toBe(5);
    expect(mixed).toEqual(expect.arrayContaining(['id', 'filters']));
    expect(commonFields(['conv2d', 'dense'])).toEqual(expect.arrayContaining(['bias', 'initial', 'weights']));
    expect(commonFields(['conv2d', 'dense'])).not.toContain('kernel');
    expect(commonFields(['conv2d', 'flatten'])).toEqual(['id', 'inputs']);
    expect([sideOf('dense'), sideOf('activation'), sideOf('add')]).toEqual(['weights', 'activations', null]);
  });

  it('let a layer read others', () => {
    const next = setInputs(spec, 'norm1', ['conv1']);
    expect(layer(next, 'norm1')?.inputs).toEqual(['conv1']);
    const residual = network('resnet8', [32, 32, 3]);
    const add = residual.layers.find(({ kind }) => kind === 'add');
    const [first = '', second = ''] = add?.inputs ?? [];
    const three = setInputs(residual, add?.id ?? '', [first, second, 'input']);
    expect(layer(three, add?.id ?? '')?.inputs).toEqual([first, second, 'input']);
    expect(layer(setInputs(three, add?.id ?? '', [second, 'input']), add?.id ?? '')?.inputs).toEqual([
      second,
      'input',
    ]);
  });

  it('give layers a method, and take it away again', () => {
    const next = withMethod(spec, 'weights', ['conv1'], { method: 'lsq', bits: 4 });
    expect(layer(next, 'conv1')?.weights).toEqual({ method: 'lsq', bits: 4 });
    expect(layer(withMethod(next, 'weights', ['conv1'], undefined), 'conv1')).not.toHaveProperty('weights');
  });
});

describe('which methods go together with a place', () => {
  it('refuses Bi-Real where an addition gets its signs, in the words of a run, and nothing that fits', () => {
    const spec = network('resnet8', [32, 32, 3]);
    const now = inspectModel(spec, rules, context);
    const act = now.layers.find(({ kind }) => kind === 'activation')?.id ?? '';
    const ask = (method: string) =>
      refusalOf({ spec, rules, context }, { side: 'activations', layers: [act] }, { method }, now);
    expect(ask('bi-real')).toContain('"bi-real" is defined for networks that add real values');
    expect(ask('bnn')).toBeNull();
  });

  it('looks at the whole network where the rule of the network changes', () => {
    const spec = network('resnet8', [32, 32, 3]);
    const now = inspectModel(spec, rules, context);
    const choice = ActivationChoiceSchema.parse({ method: 'bi-real' });
    const place = { side: 'activations', rule: ['activations'] } as const;
    expect(refusalOf({ spec, rules, context }, place, choice, now)).toContain('bi-real');
  });
});

describe('what is said of a layer', () => {
  const spec = setField(network('lenet-small'), ['conv1'], ['filters'], 0);
  const inspection = inspectModel(spec, rules, context);
  const conv = inspection.layers.find(({ id }) => id === 'conv1');

  it('stands at the field that is wrong, in words that do not repeat the layer', () => {
    const [problem] = conv ? fieldProblems(conv) : [];
    expect(problem?.path).toBe('filters');
    expect(problem?.text).toMatch(/^"filters" is 0; /);
    expect(conv && otherProblems(conv, ['filters'])).toEqual([]);
  });

  it('lists problems before advice', () => {
    const advice = {
      rule: 'r',
      layer: 'act1',
      severity: 'information' as const,
      message: 'layer "act1": note',
    };
    const findings = allFindings(inspection.problems, new Map([['act1', [advice]]]));
    expect(findings[0]).toMatchObject({ severity: 'error', layer: 'conv1' });
    expect(findings.at(-1)).toMatchObject({ severity: 'information', text: 'Note.' });
    expect(ownWords('the network: needs more')).toBe('Needs more.');
  });
});

describe('a network in a file', () => {
  it('stands by itself or in a configuration', () => {
    const spec = network('lenet-small');
    expect(readNetworkText('a.json', JSON.stringify(spec))).toEqual(spec);
    expect(readNetworkText('run.json', JSON.stringify({ name: 'x', model: { preset: 'lenet5' } }))).toEqual({
      preset: 'lenet5',
    });
  });
  it('is refused by name where there is none', () => {
    expect(() => readNetworkText('a.json', '{"a": ')).toThrow(/a\.json is no JSON: line 1/);
    expect(() => readNetworkText('b.json', '[1]')).toThrow('b.json holds no network');
  });
});
