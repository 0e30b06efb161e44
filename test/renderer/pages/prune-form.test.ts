import { describe, expect, it } from 'vitest';
import {
  pruneDefaults,
  pruneVerdict,
  type PruneField,
  type PruneForm,
} from '#renderer/pages/run/prune-form.ts';
import { layerRow, operationRows, times } from '#renderer/pages/run/sparsity-rows.ts';
import { parseRunConfig } from '#shared/run/config.ts';
import { DEMO_CONFIG } from '#shared/run/demo.ts';
import { fakeSparsity } from '#test/support/fake-sparsity.ts';

const parent = parseRunConfig(DEMO_CONFIG);
const verdict = (over: Partial<PruneForm> = {}) =>
  pruneVerdict(parent, 'r1', { ...pruneDefaults(parent), ...over });

describe('the form of pruning', () => {
  it('begins with what pruning does when nothing is said', () => {
    const said = verdict();
    const silent = pruneVerdict(parent, 'r1', {
      ...pruneDefaults(parent),
      epochs: undefined,
      tolerance: undefined,
      learningRate: undefined,
    });
    expect(said.problems).toEqual({});
    expect(said.config).toEqual(silent.config);
    expect(said.config?.initialize).toEqual({ run: 'r1' });
  });
  it('takes per cent and shares alike', () => {
    expect(verdict({ levels: '50 %, 0.75, 87.5%' }).options?.levels).toEqual([0.5, 0.75, 0.875]);
  });
  it.each<[string, Partial<PruneForm>, PruneField, RegExp]>([
    ['a sparsity of one', { levels: '0.5, 1' }, 'levels', /levels\[1\]/],
    ['a level below the one before', { levels: '0.9, 0.5' }, 'levels', /above the one before/],
    ['no level', { levels: ' , ' }, 'levels', /at least one/],
    ['a word among the levels', { levels: '0.5, much' }, 'levels', /“much” is no number/],
    ['half an epoch', { epochs: 0.5 }, 'epochs', /0\.5/],
    ['a text for a number', { epochs: '1e' }, 'epochs', /“1e” is no number/],
    ['a tolerance of five', { tolerance: 5 }, 'tolerance', /5/],
    ['a learning rate of nothing', { learningRate: 0 }, 'learningRate', /0/],
  ])('refuses %s at its field', (_name, over, field, text) => {
    const { options, problems } = verdict(over);
    expect(options).toBeNull();
    expect(problems[field]).toMatch(text);
  });
});

describe('the report of sparsity', () => {
  const report = fakeSparsity('r1', 100);
  it('gives each reduction with its denominator', () => {
    const [bit, word] = operationRows(report);
    expect(bit?.dense).toBe(Math.round(report.bit.dense).toLocaleString('en-US'));
    expect(bit?.both).toContain(times(report.reductions.bit.both));
    expect(word?.denominator).toBe('multiply-accumulates');
  });
  it('says of what is not coded that it is not', () => {
    const rows = report.layers.map(layerRow);
    expect(rows[0]).toMatchObject({ id: 'conv1', zeroActivations: 'not coded' });
    expect(rows[1]?.zeroActivations).toMatch(/%$/);
  });
  it('has no infinite reduction', () => {
    const [layer] = report.layers;
    if (!layer) throw new Error('no layer');
    expect(layerRow({ ...layer, bit: { ...layer.bit, both: 0 } }).bit).toBe('all skipped');
  });
  it.each([
    [1, '1 ×'],
    [3.14159, '3.14 ×'],
    [123.4, '123 ×'],
  ])('%f', (value, text) => expect(times(value)).toBe(text));
});
