import { describe, expect, it } from 'vitest';
import { checkCombination, combinationWarnings } from '#shared/model/combination/index.ts';
import { WARNINGS } from '#shared/model/combination/warnings.ts';
import { buildPreset } from '#shared/model/presets/choice.ts';
import { resolve, conv, norm, act, END, RELU, SIGN, NET, type Methods } from '#test/support/combinations.ts';

/** Each warning with a network that must have it: rule, network, methods, layer, what it must say. */
const WARNED: [string, readonly object[], Methods, string, RegExp][] = [
  [
    'floating-point',
    NET,
    { weights: { method: 'full-precision' } },
    'c1',
    /weights are "full-precision".*cannot be exported/,
  ],
  ['floating-point', NET, { activations: RELU }, 'a1', /activations are "full-precision"/],
  [
    'batch-statistics',
    NET,
    { activations: { method: 'tot-net' } },
    'a1',
    /"tot-net" trains with statistics of the samples/,
  ],
  ['wide-codes', NET, { activations: { method: 'lsq', bits: 8 } }, 'a1', /"lsq" has codes from 0 to 255/],
  [
    'sign-before-maximum',
    [conv('c'), norm('n'), act('a', SIGN), { id: 'p', kind: 'max-pool' }, ...END],
    {},
    'p',
    /maximum of the signs of activation method "bnn"/,
  ],
  [
    'sign-shortcut',
    [
      conv('c'),
      norm('n'),
      act('a', SIGN),
      conv('c2'),
      norm('n2'),
      { id: 's', kind: 'add', inputs: ['a', 'n2'] },
      ...END,
    ],
    {},
    'a',
    /layer "s" adds the signs of activation method "bnn"/,
  ],
  [
    'without-norm',
    [conv('c'), { id: 'p', kind: 'max-pool' }, act('a', { method: 'hwgq' }), ...END],
    {},
    'a',
    /"hwgq" are made for inputs of unit variance, but layer "c" feeds it without a batch norm/,
  ],
  [
    'zero-padded-signs',
    [...NET.slice(0, 4), conv('c2'), norm('n2'), act('a2'), conv('c3'), norm('n3'), act('a3'), ...END],
    { activations: SIGN },
    'c2',
    /−1 and \+1 of activation method "bnn" makes a third value.*the firmware speed in 2 layers; "padValue": "minus-one"/,
  ],
];

describe('combinations that work but deserve a word', () => {
  it.each(WARNED)('%s', (rule, layers, methods, layer, message) => {
    const found = combinationWarnings(resolve(layers, methods)).filter((warning) => warning.rule === rule);
    expect(found.find((warning) => warning.layer === layer)?.reason).toMatch(message);
  });

  it('has a case for every rule', () => {
    expect([...new Set(WARNED.map(([rule]) => rule))].sort()).toEqual(WARNINGS.map(({ id }) => id).sort());
  });

  it('says nothing about zero padding where no kernel of bits could read it', () => {
    for (const methods of [{ activations: SIGN, weights: { method: 'int8' } }, {}]) {
      const rules = combinationWarnings(resolve(NET, methods)).map(({ rule }) => rule);
      expect(rules).not.toContain('zero-padded-signs');
    }
  });

  it('says nothing about frozen statistics or a deployable network', () => {
    const running = { method: 'tot-net', statistics: 'running' };
    expect(combinationWarnings(resolve(NET, { activations: running }))).toEqual([]);
    expect(combinationWarnings(resolve(NET))).toEqual([]);
    expect(
      combinationWarnings(
        resolve(
          buildPreset({ preset: 'cnv' }, [32, 32, 3], 10).layers,
          {
            activations: { method: 'rebnet', levels: 1 },
          },
          [32, 32, 3],
        ),
      ),
    ).toEqual([]);
    expect(() => checkCombination(resolve(NET))).not.toThrow();
  });
});
