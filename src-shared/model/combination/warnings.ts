import { activationMethod, weightMethod } from '../../quant/registry.ts';
import type { ResolvedLayer } from '../types.ts';
import { activationBefore, paddedConvolutions, quoted, sourcesOf } from './graph.ts';
import { initialStaircase, isSign } from './ranges.ts';
import { shortcutActivations } from './refusals.ts';
import type { CombinationRule, Finding } from './types.ts';

/** Methods whose levels are fixed for inputs of unit variance. */
const FIXED_LEVELS = ['hwgq', 'gxnor', 'dorefa'];

function eachActivation(
  layers: readonly ResolvedLayer[],
  reason: (layer: ResolvedLayer, method: string) => string | null,
): Finding[] {
  return layers.flatMap((layer) => {
    const text = layer.activation ? reason(layer, layer.activation.method) : null;
    return text ? [{ layer: layer.spec.id, reason: text }] : [];
  });
}

const floatingPoint: CombinationRule = {
  id: 'floating-point',
  find: ({ layers }) =>
    layers.flatMap(({ spec, weights, activation }) => {
      const float = [
        ...(weights?.method === 'full-precision' ? ['weights'] : []),
        ...(activation?.method === 'full-precision' ? ['activations'] : []),
      ];
      return float.map((side) => ({
        layer: spec.id,
        reason: `its ${side} are "full-precision": it trains, but cannot be exported as integers`,
      }));
    }),
};

const batchStatistics: CombinationRule = {
  id: 'batch-statistics',
  find: ({ layers }) =>
    eachActivation(layers, ({ activation }, method) =>
      activation && activationMethod(activation).form.dynamic && activation.statistics !== 'running'
        ? `activation method "${method}" trains with statistics of the samples at hand, which firmware cannot take; it is ` +
          'evaluated and deployed with their running averages'
        : null,
    ),
};

const wideCodes: CombinationRule = {
  id: 'wide-codes',
  find: ({ layers }) =>
    eachActivation(layers, ({ activation }, method) => {
      const codes = (activation && initialStaircase(activation)?.codes) ?? [];
      const [low, high] = [Math.min(0, ...codes), Math.max(0, ...codes)];
      return low < -128 || high > 127
        ? `activation method "${method}" has codes from ${low} to ${high}, which a signed byte does not hold: it trains, but ` +
            'cannot be exported'
        : null;
    }),
};

/** ReBNet’s own networks pool after the activation; it is left alone. */
const signBeforeMaximum: CombinationRule = {
  id: 'sign-before-maximum',
  find: (model) =>
    model.layers
      .filter(({ spec }) => spec.kind === 'max-pool')
      .flatMap((pool) =>
        sourcesOf(model, pool).flatMap(({ activation, outputBits }): Finding[] =>
          activation && outputBits === 1 && activation.method !== 'rebnet'
            ? [
                {
                  layer: pool.spec.id,
                  reason:
                    `it takes the maximum of the signs of activation method "${activation.method}", nearly all of which are ` +
                    '+1 then; BNN and XNOR-Net pool before the activation',
                },
              ]
            : [],
        ),
      ),
};

const signShortcut: CombinationRule = {
  id: 'sign-shortcut',
  find: (model) =>
    shortcutActivations(model).flatMap(({ add, activation, method, bits }): Finding[] =>
      bits === 1
        ? [
            {
              layer: activation,
              reason:
                `layer "${add}" adds the signs of activation method "${method}"; the papers of binary residual networks ` +
                'add the values before the sign',
            },
          ]
        : [],
    ),
};

const withoutNorm: CombinationRule = {
  id: 'without-norm',
  find: (model) =>
    eachActivation(model.layers, (layer, method) => {
      const sums = sourcesOf(model, layer, ['add']).filter(({ weights }) => weights);
      return FIXED_LEVELS.includes(method) && sums.length > 0
        ? `the levels of activation method "${method}" are made for inputs of unit variance, but layer ` +
            `${quoted(sums.map(({ spec }) => spec.id))} feeds it without a batch norm`
        : null;
    }),
};

/** One finding for the whole network: what helps one layer helps all of them. */
const zeroPaddedSigns: CombinationRule = {
  id: 'zero-padded-signs',
  find: (model) => {
    const found = paddedConvolutions(model).flatMap(({ layer, padValue }) => {
      const choice = activationBefore(model, layer)?.activation;
      const narrow = layer.weights && weightMethod(layer.weights).bits <= 2;
      return padValue === 'zero' && narrow && choice && isSign(choice) ? [{ layer, choice }] : [];
    });
    const [first] = found;
    if (!first) return [];
    const layers = found.length === 1 ? '' : ` in ${found.length} layers`;
    return [
      {
        layer: first.layer.spec.id,
        reason:
          `zero padding of the −1 and +1 of activation method "${first.choice.method}" makes a third value at the border, ` +
          `which costs the firmware speed${layers}; "padValue": "minus-one" keeps them binary`,
      },
    ];
  },
};

export const WARNINGS: readonly CombinationRule[] = [
  floatingPoint,
  batchStatistics,
  wideCodes,
  signBeforeMaximum,
  signShortcut,
  withoutNorm,
  zeroPaddedSigns,
];
