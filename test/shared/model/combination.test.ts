import { describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { combinationWarnings } from '#shared/model/combination/index.ts';
import { DEPENDENT_PARAMETERS } from '#shared/model/combination/parameters.ts';
import { REFUSALS } from '#shared/model/combination/refusals.ts';
import { buildPreset } from '#shared/model/presets/choice.ts';
import { resolveModel } from '#shared/model/resolve.ts';
import { ActivationChoiceSchema, METHODS, WeightChoiceSchema } from '#shared/quant/registry.ts';
import {
  resolve,
  conv,
  norm,
  act,
  END,
  RELU,
  SIGN,
  MINUS_ONE,
  NET,
  type Methods,
} from '#test/support/combinations.ts';

describe('combinations that work', () => {
  const weights = METHODS.filter((method) => method.weights).map(({ card }) => card.id);
  const activations = METHODS.filter((method) => method.activations).map(({ card }) => card.id);

  it.each(weights)('%s weights with every activation method', (id) => {
    for (const other of activations) {
      const model = resolve(NET, { weights: { method: id }, activations: { method: other } });
      expect(
        model.layers.map(({ weights: w, activation }) => w?.method ?? activation?.method ?? ''),
        `${id} with ${other}`,
      ).toEqual([id, '', '', other, id, '', other, '', id]);
    }
  });

  it('TTQ weights with 8-bit LSQ activations, a pair of no paper', () => {
    const model = resolve(NET, {
      weights: { method: 'ttq' },
      activations: { method: 'lsq', bits: 8, signed: true },
    });
    expect(combinationWarnings(model)).toEqual([]);
  });

  it('an activation that keeps two codes of another', () => {
    const layers = [conv('c'), norm('n'), act('a', { method: 'gxnor' }), act('b', SIGN), ...END];
    expect(resolve(layers).layers).toHaveLength(6);
  });

  it.each([SIGN, { method: 'xnor-net' }, { method: 'bnn-plus' }, { method: 'gxnor', states: 2 }])(
    'a border of −1 around the signs of %o, pooled and with dropout, or no border at all',
    (activations) => {
      const layers = [
        conv('c1', { ...MINUS_ONE, padding: 'valid' }),
        norm('n1'),
        act('a1'),
        { id: 'p', kind: 'max-pool' },
        { id: 'drop', kind: 'dropout' },
        conv('c2', MINUS_ONE),
        norm('n2'),
        act('a2'),
        ...END,
      ];
      const model = resolve(layers, { activations });
      const rules = combinationWarnings(model).map(({ rule }) => rule);
      expect(rules).not.toContain('zero-padded-signs');
    },
  );

  it('one layer alone, and layers between which only a maximum bends', () => {
    resolve(END);
    resolve([conv('c1'), { id: 'p', kind: 'max-pool' }, ...END]);
  });
});

/** Each refusal with networks that it must find: rule, title, network, methods, what the message must say. */
const REFUSED: [string, string, readonly object[], Methods, RegExp][] = [
  [
    'constant-activation',
    'a sign after a ReLU',
    [conv('c'), norm('n'), act('a', RELU), act('b', SIGN), ...END],
    {},
    /layer "b": its activation method "bnn" gets only values in \[0, ∞\] from "full-precision", so its output would never/,
  ],
  [
    'constant-activation',
    'a sign after codes from 0 up, through pooling and dropout',
    [
      conv('c'),
      norm('n'),
      act('a', { method: 'dorefa' }),
      { id: 'p', kind: 'max-pool' },
      { id: 'd', kind: 'dropout' },
      act('b', { method: 'xnor-net' }),
      ...END,
    ],
    {},
    /layer "b".*"xnor-net".*\[0, 2\].*"dorefa"/,
  ],
  [
    'constant-activation',
    'a sign of the sum of two ReLUs',
    [
      conv('c'),
      norm('n'),
      act('a', RELU),
      conv('c2', { inputs: ['a'] }),
      norm('n2'),
      act('a2', RELU),
      { id: 's', kind: 'add', inputs: ['a', 'a2'] },
      act('b', { method: 'bnn-plus' }),
      ...END,
    ],
    {},
    /layer "b".*"bnn-plus".*\[0, ∞\] from "full-precision"/,
  ],
  [
    'no-activation',
    'two layers with weights and nothing between them',
    [conv('c'), norm('n'), ...END],
    { weights: { method: 'ttq' } },
    /layer "out": the network has 2 layers with weights \("ttq"\) and no activation layer/,
  ],
  [
    'no-activation',
    'nothing but the identity between them',
    [
      conv('c', { weights: { method: 'bnn' } }),
      norm('n'),
      act('a', { method: 'full-precision', function: 'identity' }),
      ...END,
    ],
    {},
    /"bnn" and "twn".*computes what one linear layer can/,
  ],
  [
    'quantized-output',
    'quantized logits',
    [conv('c'), norm('n'), act('a'), ...END, norm('no'), act('last')],
    {},
    /layer "last": it is the network's output, and activation method "gxnor" would leave 2 bits/,
  ],
  [
    'too-few-weights',
    'more LQ-Nets bases than weights of a filter',
    [{ id: 'd', kind: 'depthwise-conv2d', kernel: 1 }, norm('n'), act('a'), ...END],
    { weights: { method: 'lq-nets', bits: 2 } },
    /layer "d": weight method "lq-nets" fits 2 basis vectors to the weights of each filter, 1/,
  ],
  [
    'too-few-weights',
    'more ABC-Net bases than weights of a filter',
    [conv('c', { kernel: 1 }), norm('n'), act('a'), ...END],
    { weights: { method: 'abc-net', bases: 5, granularity: 'filter' } },
    /layer "c": weight method "abc-net" fits 5 scales to 3 weights/,
  ],
  [
    'too-few-weights',
    'the deviation of one weight',
    [
      { id: 'm', kind: 'global-average-pool' },
      { id: 'd', kind: 'dense', units: 1 },
      norm('n'),
      act('a'),
      { id: 'e', kind: 'dense', units: 1, weights: WeightChoiceSchema.parse({ method: 'tga' }) },
    ],
    {},
    /layer "e": weight method "tga" needs the standard deviation of the weights, of which there is 1/,
  ],
  [
    'contradictory-parameters',
    'real test weights of deterministic BinaryConnect',
    NET,
    { weights: { method: 'binary-connect', mode: 'deterministic', test: 'real' } },
    /layer "c1": "test" of weights method "binary-connect" is "real".*"mode" "stochastic", but that is "deterministic"/,
  ],
  [
    'contradictory-parameters',
    'symmetric codes of an unsigned quantizer',
    NET,
    { activations: { method: 'lsq', symmetric: true } },
    /layer "a1": "symmetric" of activations method "lsq" is true.*"signed" true, but that is false/,
  ],
  [
    'bi-real-shortcut',
    'Bi-Real activations on the shortcut',
    [
      conv('c1'),
      norm('n1'),
      act('a1'),
      conv('c2'),
      norm('n2'),
      { id: 's', kind: 'add', inputs: ['a1', 'n2'] },
      act('a2'),
      ...END,
    ],
    { activations: { method: 'bi-real' } },
    /layer "a1": activation method "bi-real".*layer "s" adds its signs/,
  ],
  [
    'pad-value',
    'a border of −1 around ternary codes',
    [conv('c1'), norm('n1'), act('a1'), conv('c2', MINUS_ONE), norm('n2'), act('a2'), ...END],
    {},
    /layer "c2".*\(bnn, xnor-net, bi-real, bnn-plus\), but it reads the values of activation method "gxnor"; leave/,
  ],
  [
    'pad-value',
    'a border of −1 around one residual level, whose scale is trained',
    [conv('c1'), norm('n1'), act('a1'), conv('c2', MINUS_ONE), norm('n2'), act('a2'), ...END],
    { activations: { method: 'rebnet', levels: 1 } },
    /layer "c2".*the values of activation method "rebnet"/,
  ],
  [
    'pad-value',
    'a border of −1 around the samples',
    [conv('c1', MINUS_ONE), norm('n1'), act('a1'), ...END],
    { activations: SIGN },
    /layer "c1".*it reads "input", which is no activation/,
  ],
  [
    'pad-value',
    'a border of −1 around means of signs, depthwise',
    [
      conv('c1'),
      norm('n1'),
      act('a1'),
      { id: 'mean', kind: 'average-pool' },
      { id: 'd', kind: 'depthwise-conv2d', kernel: 3, ...MINUS_ONE },
      norm('n2'),
      act('a2'),
      ...END,
    ],
    { activations: SIGN },
    /layer "d".*it reads "mean", which is no activation/,
  ],
];

describe('combinations that are refused before anything is trained', () => {
  it.each(REFUSED)('%s: %s', (rule, _title, layers, methods, message) => {
    let caught: unknown;
    try {
      resolve(layers, methods);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(BitsmithError);
    expect(caught).toMatchObject({ code: 'invalid-input', details: { rule } });
    expect((caught as BitsmithError).message).toMatch(message);
  });

  it('has a case for every rule', () => {
    expect([...new Set(REFUSED.map(([rule]) => rule))].sort()).toEqual(REFUSALS.map(({ id }) => id).sort());
  });

  it.each(['resnet18', 'resnet20'])(
    'refuses Bi-Real activations in %s until the stream is real',
    (preset) => {
      const build = (stream: string) => buildPreset({ preset, stream }, [32, 32, 3], 10);
      const rules = {
        weights: WeightChoiceSchema.parse({ method: 'bi-real' }),
        activations: ActivationChoiceSchema.parse({ method: 'bi-real' }),
      };
      expect(() => resolveModel(build('quantized'), rules)).toThrow(
        /"bi-real" is defined for networks that add real/,
      );
      // A ReLU on the stream leaves nothing for a sign to see.
      expect(() => resolveModel(build('real'), rules)).toThrow(/"bi-real" gets only values in \[0, ∞\]/);
      expect(resolveModel(build('pre-activation'), rules).outputs).toBe(10);
    },
  );
});

describe('parameters that depend on others', () => {
  it.each(DEPENDENT_PARAMETERS.map((row) => [`${row.method}.${row.parameter}`, row] as const))(
    '%s exists, and so does what it needs',
    (_title, { method, side, parameter, needs, value }) => {
      const schema = METHODS.find(({ card }) => card.id === method)?.[side]?.parameters;
      expect(Object.keys(schema?.shape ?? {})).toEqual(expect.arrayContaining([parameter, needs]));
      expect(schema?.safeParse({ [needs]: value }).success).toBe(true);
    },
  );

  it('are accepted at their default, or together with what they need', () => {
    resolve(NET, { weights: { method: 'binary-connect', mode: 'stochastic', test: 'real' } });
    resolve(NET, { weights: { method: 'ttq', rule: 'sparsity', sparsity: 0.3 } });
    expect(() => resolve(NET, { weights: { method: 'ttq', sparsity: 0.3 } })).toThrow(/"rule" "sparsity"/);
  });
});
