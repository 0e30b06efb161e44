import { describe, expect, it } from 'vitest';
import { largestRate, pruneConfig, smallerConfig } from '#shared/prune/follow-up.ts';
import { parseRunConfig, type RunConfig } from '#shared/run/config.ts';
import { LENET, specOf } from './networks.ts';

function parent(training: Record<string, unknown> = {}): RunConfig {
  return parseRunConfig({
    name: 'parent',
    seed: 7,
    dataset: { name: 'corners', validation: 0.2 },
    model: specOf(LENET),
    training: { epochs: 20, learningRate: { kind: 'cosine', initial: 0.02, final: 0.001 }, ...training },
  });
}

const pruned = (options = {}, training = {}) => parseRunConfig(pruneConfig(parent(training), 'abc', options));

describe('the configuration that prunes a run', () => {
  it('starts from its weights and goes in rounds with a tenth of its learning rate', () => {
    const config = pruned();
    expect(config).toMatchObject({ name: 'parent, pruned', seed: 7, initialize: { run: 'abc' } });
    expect(config.training.learningRate).toMatchObject({ kind: 'constant', value: 0.002 });
    expect(config.training.pruning).toMatchObject({
      rounds: { levels: [0.5, 0.7, 0.8, 0.9, 0.95, 0.97], epochs: 2, tolerance: 0.005 },
      scope: 'layer',
      granularity: 'weight',
      masks: 'frozen',
    });
    expect(config.training.epochs).toBe(12);
  });

  it('takes what is asked for', () => {
    const options = {
      levels: [0.25, 0.75],
      epochs: 3,
      tolerance: 0.02,
      scope: 'global',
      granularity: 'channel',
      learningRate: 0.5,
    } as const;
    const { training } = pruned(options);
    expect(training.pruning).toMatchObject({
      rounds: { levels: [0.25, 0.75], epochs: 3, tolerance: 0.02 },
      scope: 'global',
      granularity: 'channel',
    });
    expect(training.learningRate).toMatchObject({ value: 0.5 });
    expect(training.epochs).toBe(6);
  });

  it('leaves the way up behind: phases, ramps and freezing, but keeps the last regularization', () => {
    const { training } = pruned(
      {},
      {
        epochs: undefined,
        phases: [
          { name: 'float', epochs: 2, weightQuantization: 0 },
          { name: 'quantized', epochs: 3, learningRate: 0.04, regularization: 0.25 },
        ],
        freeze: { batchNorm: 1 },
      },
    );
    expect(training.phases).toBeUndefined();
    expect(training.freeze).toEqual({});
    expect(training.weightQuantization).toMatchObject({ value: 1 });
    expect(training.regularization).toMatchObject({ value: 0.25 });
    expect(training.learningRate).toMatchObject({ value: 0.004 });
  });

  it('keeps how a pruned run was pruned', () => {
    const before = {
      sparsity: 0.3,
      granularity: 'group',
      groupChannels: 2,
      masks: 'regrown',
      layers: { out: 0 },
    };
    expect(pruned({}, { pruning: before }).training.pruning).toMatchObject({
      granularity: 'group',
      groupChannels: 2,
      masks: 'regrown',
      layers: { out: { kind: 'constant', value: 0 } },
    });
  });

  it.each([
    [{ levels: [0.5, 0.5] }, /"training.pruning.rounds.levels\[1\]" is 0.5; must be above the one before it/],
    [{ levels: [0.5, 1] }, /"training.pruning.rounds.levels\[1\]" is 1/],
    [{ levels: [] }, /"training.pruning.rounds.levels"/],
    [{ tolerance: 1.01 }, /"training.pruning.rounds.tolerance" is 1.01/],
    [{ epochs: 1.5 }, /"training.pruning.rounds.epochs" is 1.5/],
  ])('refuses %j', (options, message) => {
    expect(() => pruned(options)).toThrow(message);
  });
});

describe('the configuration that goes on with fewer channels', () => {
  const rounds = { granularity: 'channel', rounds: { levels: [0.5], epochs: 4 } };

  it('trains the smaller network without masks, as long as one level of pruning', () => {
    const spec = specOf([...LENET.slice(0, 4), ...LENET.slice(7)]);
    const config = parseRunConfig(
      smallerConfig(parent({ pruning: rounds, epochs: undefined, learningRate: 0.003 }), 'abc', spec, {}),
    );
    expect(config.model).toEqual(spec);
    expect(config.training.pruning).toBeUndefined();
    expect(config.training.epochs).toBe(4);
    expect(config.training.learningRate).toMatchObject({ kind: 'cosine', initial: 0.003, final: 0.00003 });
  });

  it('after pruning by a schedule, with a tenth of the learning rate for a tenth of the epochs', () => {
    const scheduled = parent({ pruning: { sparsity: 0.5, granularity: 'channel' } });
    const { training } = parseRunConfig(smallerConfig(scheduled, 'abc', specOf(LENET), {}));
    expect(training.epochs).toBe(2);
    expect(training.learningRate).toMatchObject({ initial: 0.002 });
    const own = parseRunConfig(
      smallerConfig(scheduled, 'abc', specOf(LENET), { epochs: 9, learningRate: 1 }),
    );
    expect(own.training).toMatchObject({ epochs: 9, learningRate: { initial: 1 } });
  });
});

describe('the largest learning rate of a plan', () => {
  it('is found within it, not only at its start', () => {
    const oneCycle = parent({
      learningRate: { kind: 'one-cycle', peak: 0.3, initialDivisor: 25, warmup: 0.3 },
    });
    expect(largestRate(oneCycle.training)).toBeCloseTo(0.3, 5);
  });
});
