import { describe, expect, it } from 'vitest';
import { launchEstimate } from '#renderer/pages/new-run/estimate.ts';
import { replicateConfigs, replicateProblem } from '#renderer/pages/new-run/replicates.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { smallConfig } from '#test/support/small-run.ts';

const document = { name: 'mine', dataset: { name: 'mnist' }, model: { preset: 'lenet-small' }, seed: 7 };

describe('replicates', () => {
  it('differ by seed and name only, and have a tag of their own', () => {
    const configs = replicateConfigs(document, 3, [{ tags: ['seeds of mine'] }]);
    expect(configs.map(({ seed }) => seed)).toEqual([7, 8, 9]);
    expect(new Set(configs.map(({ name }) => name)).size).toBe(3);
    expect(configs.map(({ tags }) => tags)).toEqual(Array(3).fill(['seeds of mine (2)']));
    const plain = configs.map(({ seed: _, name: __, ...rest }) => JSON.stringify(rest));
    expect(new Set(plain).size).toBe(1);
    configs.forEach((config) => expect(() => parseRunConfig(config)).not.toThrow());
  });
  it('are a run as it is where there is one', () => {
    expect(replicateConfigs(document, 1, [])).toEqual([document]);
  });
  it('keep every limit of a configuration', () => {
    const long = { ...document, name: 'n'.repeat(200), tags: Array.from({ length: 50 }, (_, i) => `t${i}`) };
    replicateConfigs(long, 2, []).forEach((config) => expect(() => parseRunConfig(config)).not.toThrow());
  });
  it.each([0, 1.5, 101, 'many', ''])('%j is refused', (value) => {
    expect(replicateProblem(value, null)).toMatch(/whole number from 1 to 100/);
  });
  it('are refused where the seed may not change, or would be too large', () => {
    const exact = parseRunConfig({ ...document, initialize: { run: 'r', state: 'training' } });
    expect(replicateProblem(2, exact)).toMatch(/cannot differ by their seed/);
    expect(replicateProblem(1, exact)).toBeNull();
    expect(replicateProblem(2, parseRunConfig({ ...document, seed: 2 ** 32 - 1 }))).toMatch(/seed/);
  });
});

describe('what a launch will do', () => {
  it('counts steps of whole batches and the bytes of a checkpoint', () => {
    const config = smallConfig({ training: { epochs: 3, batchSize: 30, optimizer: { kind: 'sgd' } } });
    const model = resolveRun(config, { name: 'corners', shape: [8, 8, 1], classes: ['a', 'b', 'c', 'd'] });
    const plan = launchEstimate(config, model, { train: 200, test: 50 });
    expect(plan).toMatchObject({ trainingSamples: 160, stepsPerEpoch: 5, steps: 15, epochs: 3 });
    const adam = launchEstimate(
      { ...config, training: { ...config.training, optimizer: parseRunConfig(document).training.optimizer } },
      model,
      { train: 200, test: 50 },
    );
    expect(adam.checkpointBytes).toBeGreaterThan(plan.checkpointBytes);
    expect(plan.keptBytes).toBe(plan.checkpointBytes * 4);
  });
});
