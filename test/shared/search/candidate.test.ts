import { describe, expect, it } from 'vitest';
import { candidateOf, describePoint } from '#shared/search/candidate.ts';
import { withField } from '#shared/search/config-path.ts';
import type { Json } from '#shared/search/dimension.ts';
import { RUN, searchConfig } from './simulate.ts';

function configWith(values: Record<string, Json>, run: Record<string, unknown> = RUN) {
  const space = Object.fromEntries(
    Object.entries(values).map(([path, value]) => [path, { values: [value] }]),
  );
  return candidateOf({ run: run as Record<string, Json>, space }, values).config;
}

describe('the run configuration of a point', () => {
  it('sets a field that the document leaves out, beside its defaults', () => {
    const { training } = configWith({ 'training.optimizer.beta1': 0.8 });
    expect(training.optimizer).toMatchObject({ kind: 'adam', beta1: 0.8, beta2: 0.999 });
  });

  it('replaces what does not belong to another form of the defaults', () => {
    expect(configWith({ 'training.optimizer.kind': 'sgd' }).training.optimizer).toMatchObject({
      kind: 'sgd',
    });
    expect(configWith({ 'quantization.weights.method': 'bnn' }).quantization).toMatchObject({
      weights: { method: 'bnn' },
      activations: { method: 'gxnor' },
    });
  });

  it('sets the method before a parameter of it, whatever their order in the space', () => {
    const { weights } = configWith({
      'quantization.weights.gradient': 'repo-cifar',
      'quantization.weights.factor': 0.6,
      'quantization.weights.method': 'tot-net',
    }).quantization;
    expect(weights).toMatchObject({ method: 'tot-net', gradient: 'repo-cifar', factor: 0.6 });
  });

  it('opens a number that stands for a schedule', () => {
    const run = { ...RUN, training: { epochs: 8, learningRate: 0.01 } };
    expect(configWith({ 'training.learningRate.value': 0.5 }, run).training.learningRate).toMatchObject({
      kind: 'constant',
      value: 0.5,
    });
  });

  it('finds a layer by its id and by its number', () => {
    const model = {
      version: 1,
      name: 'm',
      input: { shape: [8, 8, 1] },
      layers: [
        { id: 'flat', kind: 'flatten' },
        { id: 'out', kind: 'dense', units: 4 },
      ],
    };
    for (const path of ['model.layers[out].units', 'model.layers[1].units', 'model.layers.1.units']) {
      expect(configWith({ [path]: 7 }, { ...RUN, model }).model).toMatchObject({
        layers: [{ id: 'flat' }, { id: 'out', units: 7 }],
      });
    }
  });

  it('takes a whole object as a value', () => {
    const choice = { method: 'tot-net', left: 'relu', right: 'tanh' };
    expect(configWith({ 'quantization.activations': choice }).quantization.activations).toMatchObject(choice);
  });

  it('sets several fields to the value of one parameter', () => {
    const search = searchConfig({
      space: {
        factor: {
          values: [0.5, 0.6],
          paths: ['quantization.weights.factor', 'quantization.firstLayer.weights.factor'],
        },
      },
      run: {
        ...RUN,
        quantization: { weights: { method: 'twn' }, firstLayer: { weights: { method: 'tot-net' } } },
      },
    });
    expect(candidateOf(search, { factor: 0.6 }).config.quantization).toMatchObject({
      weights: { method: 'twn', factor: 0.6 },
      firstLayer: { weights: { method: 'tot-net', factor: 0.6 } },
    });
  });

  it('leaves the document and its defaults as they are', () => {
    const document = { training: { epochs: 3 } };
    const defaults = { training: { epochs: 3, optimizer: { kind: 'adam', beta1: 0.9 } } };
    const before = structuredClone([document, defaults]);
    expect(withField(document, defaults, 'training.optimizer.beta1', 0.5)).toEqual({
      training: { epochs: 3, optimizer: { kind: 'adam', beta1: 0.5 } },
    });
    expect([document, defaults]).toEqual(before);
  });

  it('reads well', () => {
    expect(describePoint({ a: 'relu', b: 0.1, c: { kind: 'sgd' } })).toBe(
      'a = relu, b = 0.1, c = {"kind":"sgd"}',
    );
  });
});
