import { describe, expect, it } from 'vitest';
import { checkSearch } from '#shared/search/check.ts';
import { RUN } from './simulate.ts';

const RATES = { 'training.learningRate': { values: [0.1, 0.01] } };
/** A network that is in full precision for four epochs. */
const LATE = {
  ...RUN,
  training: {
    phases: [
      { name: 'full precision', epochs: 4, weightQuantization: 0 },
      { name: 'quantized', epochs: 8 },
    ],
  },
};
const MIXED = { ...RATES, 'training.batchSize': { values: [10, 20, 50] } };

function check(over: Record<string, unknown>) {
  return checkSearch({ run: RUN, space: RATES, ...over });
}

describe('a search that is right', () => {
  it('gets the defaults of TOT-Net’s evolution', () => {
    const { config } = checkSearch({
      space: { 'quantization.activations.left': { values: ['relu', 'tanh'] }, ...MIXED },
      algorithm: { kind: 'evolutionary' },
      run: { ...RUN, quantization: { activations: { method: 'tot-net' } } },
    });
    expect(config.algorithm).toEqual({
      kind: 'evolutionary',
      population: 20,
      generations: 8,
      retain: 0.2,
      randomSelect: 0.1,
      mutation: 0.3,
      crossover: 'one-point',
    });
    expect(config.objective).toEqual({ series: 'validation/accuracy', select: 'best' });
  });

  it('may judge a network that is quantized later by its last form', () => {
    for (const objective of [{ series: 'validation/best-accuracy' }, { select: 'last' }] as const) {
      expect(() => check({ run: LATE, objective })).not.toThrow();
    }
    const algorithm = { kind: 'asha', reduction: 2, minEpochs: 5, trials: 2 };
    expect(() =>
      check({ run: LATE, algorithm, objective: { series: 'validation/best-accuracy' } }),
    ).not.toThrow();
  });

  it('tries every point of a small space on the schema', () => {
    const { candidates } = checkSearch({ run: RUN, space: MIXED, algorithm: { kind: 'grid' } });
    expect(candidates.map(({ config }) => config.training.batchSize)).toEqual([10, 20, 50, 10, 20, 50]);
  });

  it('tries each value of each parameter of a large space, and the ends of a range', () => {
    const { candidates } = check({
      space: {
        'training.learningRate': { min: 1e-4, max: 1e-1, scale: 'log' },
        'training.batchSize': { values: [10, 20, 50] },
      },
    });
    const seen = candidates.map(({ config: { training } }) => [training.learningRate, training.batchSize]);
    expect(seen).toMatchObject([
      [{ value: 1e-4 }, 10],
      [{ value: 1e-1 }, 10],
      [{ value: 1e-4 }, 10],
      [{ value: 1e-4 }, 20],
      [{ value: 1e-4 }, 50],
    ]);
  });
});

describe('a wrong search has one clear error', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'a field that does not exist',
      { space: { 'training.learningRat': { values: [0.1, 0.2] } } },
      /unknown field "training\.learningRat"\. Did you mean "learningRate"\?/,
    ],
    [
      'a room that does not exist',
      { space: { 'trainig.learningRate': { values: [0.1, 0.2] } } },
      /unknown field "trainig"\. Did you mean "training"\? Allowed here: version, name/,
    ],
    [
      'a field of another method',
      { space: { 'quantization.weights.gamma': { values: [1, 2] } } },
      /unknown field "quantization\.weights\.gamma".*Allowed here: .*factor/,
    ],
    [
      'a field inside of a number',
      { space: { 'training.batchSize.x': { values: [1, 2] } } },
      /"training\.batchSize\.x".*"training\.batchSize" is 100, which has no fields/,
    ],
    [
      'a layer that does not exist',
      {
        run: {
          ...RUN,
          model: {
            version: 1,
            name: 'm',
            input: { shape: [8, 8, 1] },
            layers: [{ id: 'out', kind: 'flatten' }],
          },
        },
        space: { 'model.layers[oui].units': { values: [1, 2] } },
      },
      /"model\.layers\[oui\]\.units".*no item "oui"\. Did you mean "out"\? Allowed: 0 … 0, out/,
    ],
    [
      'a value that the field refuses, wherever it stands in the list',
      { space: { 'training.batchSize': { values: [10, 20, 0] } } },
      /training\.batchSize = 0: "training\.batchSize" is 0/,
    ],
    [
      'the far end of a range that the field refuses',
      { space: { 'dataset.validation': { min: 0.1, max: 0.9 } } },
      /dataset\.validation = 0\.9: "dataset\.validation" is 0\.9/,
    ],
    [
      'a combination that the schema refuses',
      {
        space: {
          'quantization.weights.method': { values: ['twn', 'bnn'] },
          'quantization.weights.factor': { values: [0.5, 0.7] },
        },
        algorithm: { kind: 'grid' },
      },
      /quantization\.weights\.method = bnn, quantization\.weights\.factor = 0\.5: unknown field/,
    ],
    ['an empty space', { space: {} }, /"space".*at least one parameter/],
    ['a value twice', { space: { seed: { values: [1, 2, 1] } } }, /"space\.seed\.values".*1 is twice there/],
    [
      'a range upside down',
      { space: { seed: { min: 5, max: 1 } } },
      /"space\.seed\.max".*above "min", which is 5/,
    ],
    [
      'a log scale from 0',
      { space: { 'training.learningRate': { min: 0, max: 1, scale: 'log' } } },
      /"space\.training\.learningRate\.min".*above 0 on a log scale/,
    ],
    [
      'a field that two parameters set',
      { space: { ...RATES, rate: { values: [1, 2], paths: ['training.learningRate'] } } },
      /"training\.learningRate" is set twice, by the parameters "training\.learningRate" and "rate"/,
    ],
    [
      'a field inside of another one that is set',
      { space: { 'training.learningRate.value': { values: [1, 2] }, ...RATES } },
      /"training\.learningRate\.value" and "training\.learningRate" overlap/,
    ],
    ['one point', { space: { seed: { values: [1] } } }, /a single point; there is nothing to search/],
    [
      'a grid over a range without steps',
      { space: { 'training.learningRate': { min: 0.1, max: 1 } }, algorithm: { kind: 'grid' } },
      /"space\.training\.learningRate" is a range.*"count" or a "step"/,
    ],
    [
      'a grid without end',
      { space: { seed: { min: 1, max: 1_000_000, integer: true } }, algorithm: { kind: 'grid' } },
      /1000000 points; at most 100000/,
    ],
    [
      'a population of one',
      { algorithm: { kind: 'evolutionary', population: 1 } },
      /"algorithm\.population" is 1/,
    ],
    [
      'fewer than two parents',
      { algorithm: { kind: 'evolutionary', population: 4, retain: 0.3 } },
      /"algorithm\.retain" is 0\.3; of a population of 4 that keeps 1.*0\.5 or more/,
    ],
    [
      'a first rung beyond the end',
      { algorithm: { kind: 'asha', minEpochs: 9 } },
      /"algorithm\.minEpochs" is 9, more than the 8 epochs/,
    ],
    [
      'no rung below the top',
      { algorithm: { kind: 'asha', minEpochs: 4, reduction: 3 } },
      /their product must be at most the 8 epochs/,
    ],
    [
      'too few trials for the top rung',
      { algorithm: { kind: 'asha', minEpochs: 1, reduction: 2, trials: 7 } },
      /"algorithm\.trials" is 7; .* at 1, 2, 4 epochs, fewer than 8 trials leave none/,
    ],
    [
      'trials of unequal length on rungs',
      { space: { 'training.epochs': { values: [4, 8] } }, algorithm: { kind: 'asha' } },
      /its space changes "training\.epochs"/,
    ],
    [
      'patience on rungs',
      { algorithm: { kind: 'asha', reduction: 2 }, earlyStopping: { patience: 3 } },
      /"earlyStopping" cannot be combined with "asha"/,
    ],
    [
      'a validation objective without a validation split',
      { run: { ...RUN, dataset: { name: 'corners', validation: 0 } } },
      /"objective\.series" is "validation\/accuracy", but "dataset\.validation" of the run configuration is 0/,
    ],
    [
      'the best epoch of a network that is quantized later',
      { run: LATE },
      /"objective\.select" is "best", but only later.*take "last", or the series "validation\/best-accuracy"/,
    ],
    [
      'rungs before the last form of the network',
      {
        run: LATE,
        objective: { series: 'validation/best-accuracy' },
        algorithm: { kind: 'asha', reduction: 2, minEpochs: 4 },
      },
      /"algorithm\.minEpochs" is 4, but then the network is not yet quantized/,
    ],
    [
      'a test objective',
      { objective: { series: 'test/accuracy' } },
      /"objective\.series" is "test\/accuracy"/,
    ],
    [
      'a budget below one trial',
      { budget: { epochs: 7 } },
      /"budget\.epochs" is 7, but a trial has 8 epochs/,
    ],
    [
      'an unknown field of its own',
      { algoritm: { kind: 'grid' } },
      /unknown field "algoritm"\. Did you mean "algorithm"/,
    ],
    [
      'an unknown algorithm',
      { algorithm: { kind: 'bayes' } },
      /"algorithm\.kind" is "bayes".*grid, random, evolutionary, asha/,
    ],
    ['a run configuration that is wrong by itself', { run: { model: { preset: 'lenet5' } } }, /"dataset"/],
  ])('%s', (_title, over, message) => {
    expect(() => check(over)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    expect(() => check(over)).toThrow(message);
  });
});
