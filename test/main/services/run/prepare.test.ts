import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareRun } from '#main/services/run/prepare.ts';
import { resolveDataFolder } from '#main/platform/data-folder.ts';
import { openStore, type Store } from '#main/store/index.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

let folder: TestDataFolder;
let store: Store;
beforeAll(async () => {
  folder = await cornersDataFolder();
  store = openStore({ dataFolder: resolveDataFolder(folder.root), mode: 'write' });
});
afterAll(() => {
  store.close();
  folder.remove();
});

const prepare = (over: Record<string, unknown>) =>
  prepareRun(folder.root, { ...cornersConfig(), ...over }, store);

describe('a configuration that is checked before a run', () => {
  it('brings words for the journal where it trains but cannot be exported', () => {
    const quantization = { weights: { method: 'ttq' }, activations: { method: 'full-precision' } };
    const { warnings = [] } = prepare({ quantization });
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.join('\n')).toMatch(
      /layer "act1": .*"full-precision": it trains, but cannot be exported/,
    );
  });

  it('has none where nothing is to be said', () => {
    const quantization = { weights: { method: 'twn' }, activations: { method: 'gxnor' } };
    expect(prepare({ quantization }).warnings).toEqual([]);
  });

  it.each([
    [{ training: { pruning: { sparsity: 1.5 } } }, /"training.pruning.sparsity" is 1.5/],
    [
      { training: { pruning: { sparsity: 0.5, layers: { conv9: 0.1 } } } },
      /"training.pruning.layers.conv9" is no layer/,
    ],
    [
      { training: { learningRate: { kind: 'linear', initial: 1, final: 0.1, begin: 4, end: 2 } } },
      /"training.learningRate.end" is 2; must be after "begin" \(4\): a schedule cannot go back in time/,
    ],
    [{ initialize: { run: 'nowhere' } }, /no run/],
    [
      { dataset: { name: 'corners', validation: 0 }, training: { batchSize: 20, pruning: { rounds: {} } } },
      /"dataset.validation" is 0/,
    ],
  ])('is refused before anything is stored: %j', (over, message) => {
    expect(() => prepare(over)).toThrow(message);
    expect(store.runs.live()).toEqual([]);
  });
});
