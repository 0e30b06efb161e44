import { ActivationChoiceSchema, METHODS, type MethodChoice } from '../../quant/registry.ts';
import type { WeightShape } from '../../quant/types.ts';
import { layerKindOf } from '../layers/registry.ts';
import { activationBefore, paddedConvolutions, quoted, sourcesOf } from './graph.ts';
import { contradiction } from './parameters.ts';
import { initialStaircase, isSign, stepsWithin, valueRanges } from './ranges.ts';
import type { Combination, CombinationRule, Finding } from './types.ts';

/** A quantizer all of whose possible inputs give one code: nothing gets through it, in either direction. */
const constantActivation: CombinationRule = {
  id: 'constant-activation',
  find: (model) => {
    const ranges = valueRanges(model);
    return model.layers.flatMap((layer): Finding[] => {
      const staircase = layer.activation && initialStaircase(layer.activation);
      const range = ranges.get(layer.inputs[0] ?? '');
      if (!layer.activation || !staircase || !range) return [];
      if (stepsWithin(staircase, range).length > 1) return [];
      const before = sourcesOf(model, layer, ['add']).flatMap(({ activation }) => activation?.method ?? []);
      const limits = `[${shown(range.low)}, ${shown(range.high)}]`;
      return [
        {
          layer: layer.spec.id,
          reason:
            `its activation method "${layer.activation.method}" gets only values in ${limits} from ${quoted(before)}, ` +
            'so its output would never change; put a batch norm between them or choose another method for one of them',
        },
      ];
    });
  },
};

function shown(limit: number): string {
  return Number.isFinite(limit) ? String(Number(limit.toPrecision(4))) : limit > 0 ? '∞' : '−∞';
}

/** Several layers with weights and nothing but linear functions between them are one linear layer. */
const noActivation: CombinationRule = {
  id: 'no-activation',
  find: ({ layers }) => {
    const weighted = layers.filter(({ weights }) => weights);
    const last = weighted.at(-1);
    const bends = layers.some(
      ({ spec, activation }) =>
        (activation && activation.function !== 'identity') || spec.kind === 'max-pool',
    );
    if (!last || weighted.length < 2 || bends) return [];
    const methods = quoted(weighted.flatMap(({ weights }) => weights?.method ?? []));
    return [
      {
        layer: last.spec.id,
        reason:
          `the network has ${weighted.length} layers with weights (${methods}) and no activation layer that does ` +
          'anything, so it computes what one linear layer can; put activation layers between them',
      },
    ];
  },
};

/** Logits of a few levels leave most classes in a tie. */
const quantizedOutput: CombinationRule = {
  id: 'quantized-output',
  find: ({ layers }) => {
    const last = layers.at(-1);
    if (!last?.activation || last.outputBits >= 32) return [];
    return [
      {
        layer: last.spec.id,
        reason:
          `it is the network's output, and activation method "${last.activation.method}" would leave ` +
          `${last.outputBits} bits of each logit; end with a dense layer or a batch norm`,
      },
    ];
  },
};

/** What a method fits to the weights of a layer needs at least as many weights. */
const LEAST_WEIGHTS: Record<string, (choice: MethodChoice, shape: WeightShape) => string | null> = {
  'lq-nets': ({ bits }, { fanIn }) =>
    Number(bits) > fanIn
      ? `fits ${String(bits)} basis vectors to the weights of each filter, ${fanIn}`
      : null,
  'abc-net': ({ bases, granularity }, { fanIn, shape }) => {
    const count = granularity === 'filter' ? fanIn : shape.reduce((product, size) => product * size, 1);
    return Number(bases) > count ? `fits ${String(bases)} scales to ${count} weights` : null;
  },
  tga: (_choice, { shape }) =>
    shape.every((size) => size === 1)
      ? 'needs the standard deviation of the weights, of which there is 1'
      : null,
};

const tooFewWeights: CombinationRule = {
  id: 'too-few-weights',
  alone: true,
  find: ({ layers }) =>
    layers.flatMap((layer): Finding[] => {
      const shape = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
      const problem = shape && layer.weights && LEAST_WEIGHTS[layer.weights.method]?.(layer.weights, shape);
      if (!problem) return [];
      const reason = `weight method "${layer.weights?.method ?? ''}" ${problem}; choose another one for this layer`;
      return [{ layer: layer.spec.id, reason }];
    }),
};

const contradictoryParameters: CombinationRule = {
  id: 'contradictory-parameters',
  alone: true,
  find: ({ layers }) =>
    layers.flatMap(({ spec, weights, activation }): Finding[] => {
      const reason =
        (weights && contradiction(weights, 'weights')) ??
        (activation && contradiction(activation, 'activations'));
      return reason ? [{ layer: spec.id, reason }] : [];
    }),
};

/** Bi-Real Net is the real shortcut around every binary convolution; with signs on the shortcut it is another network. */
const biRealShortcut: CombinationRule = {
  id: 'bi-real-shortcut',
  find: (model) =>
    shortcutActivations(model).flatMap(({ add, activation, method }): Finding[] =>
      method === 'bi-real'
        ? [
            {
              layer: activation,
              reason:
                `activation method "bi-real" is defined for networks that add real values, but layer "${add}" adds its ` +
                'signs; let the shortcut start before the activation (preset "bi-real-18", or "stream": ' +
                '"pre-activation" of the residual presets) or use "bnn"',
            },
          ]
        : [],
    ),
};

/** −1 around a map of other values than −1 and +1 is no code of theirs. */
const padValue: CombinationRule = {
  id: 'pad-value',
  find: (model) =>
    paddedConvolutions(model).flatMap(({ layer, padValue: value }): Finding[] => {
      const choice = activationBefore(model, layer)?.activation;
      if (value === 'zero' || (choice && isSign(choice))) return [];
      const reads = choice
        ? `the values of activation method "${choice.method}"`
        : `"${layer.inputs[0] ?? ''}", which is no activation`;
      return [
        {
          layer: layer.spec.id,
          reason:
            `its "padValue" is "minus-one", which needs an input of nothing but −1 and +1 (${signMethods()}), but it reads ` +
            `${reads}; leave "padValue" out, or put such an activation in front of it`,
        },
      ];
    }),
};

/** The activation methods that `minus-one` may follow, with their default parameters. */
function signMethods(): string {
  const choices = METHODS.filter(({ activations }) => activations).map(({ card }) =>
    ActivationChoiceSchema.parse({ method: card.id }),
  );
  return choices
    .filter(isSign)
    .map(({ method }) => method)
    .join(', ');
}

/** The activation layers whose values an addition gets, directly or by a shortcut. */
export function shortcutActivations(
  model: Combination,
): { add: string; activation: string; method: string; bits: number }[] {
  return model.layers
    .filter(({ spec }) => spec.kind === 'add')
    .flatMap((add) =>
      sourcesOf(model, add).flatMap(({ spec, activation, outputBits }) =>
        activation
          ? [{ add: add.spec.id, activation: spec.id, method: activation.method, bits: outputBits }]
          : [],
      ),
    );
}

export const REFUSALS: readonly CombinationRule[] = [
  contradictoryParameters,
  tooFewWeights,
  constantActivation,
  biRealShortcut,
  noActivation,
  quantizedOutput,
  padValue,
];
