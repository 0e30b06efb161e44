import type { MethodChoice } from '../../quant/registry.ts';
import { METHODS } from '../../quant/registry.ts';
import type { Quantizes } from '../../quant/types.ts';

/** A parameter of a method that means nothing unless another one has a certain value. */
export interface DependentParameter {
  method: string;
  side: Quantizes;
  parameter: string;
  needs: string;
  value: string | boolean;
}

function row(
  method: string,
  side: Quantizes,
  parameter: string,
  needs: string,
  value: string | boolean,
): DependentParameter {
  return { method, side, parameter, needs, value };
}

export const DEPENDENT_PARAMETERS: readonly DependentParameter[] = [
  row('ttq', 'weights', 'factor', 'rule', 'max'),
  row('ttq', 'weights', 'sparsity', 'rule', 'sparsity'),
  row('multi-level-ternary', 'weights', 'meanFactor', 'threshold', 'mean'),
  row('multi-level-ternary', 'weights', 'maxFactor', 'threshold', 'max'),
  row('multi-level-ternary', 'weights', 'iterations', 'threshold', 'nearest'),
  row('xnor-net', 'weights', 'rescale', 'gradient', 'released'),
  row('binary-connect', 'weights', 'test', 'mode', 'stochastic'),
  row('bnn-plus', 'weights', 'sharpness', 'slope', 'sign-swish'),
  row('tbn', 'activations', 'order', 'variant', 'tbn-v2'),
  row('hwgq', 'activations', 'step', 'levels', 'uniform'),
  row('lsq', 'activations', 'symmetric', 'signed', true),
];

/** Why the parameters of a choice contradict each other; null where they do not. */
export function contradiction(choice: MethodChoice, side: Quantizes): string | null {
  const method = METHODS.find(({ card }) => card.id === choice.method);
  const defaults = method?.[side]?.parameters.safeParse({}).data ?? {};
  for (const { method: id, side: of, parameter, needs, value } of DEPENDENT_PARAMETERS) {
    if (id !== choice.method || of !== side) continue;
    const changed = choice[parameter] !== undefined && choice[parameter] !== defaults[parameter];
    const actual = choice[needs] ?? defaults[needs];
    if (changed && actual !== value) {
      return (
        `"${parameter}" of ${side} method "${id}" is ${JSON.stringify(choice[parameter])}, which means something only with ` +
        `"${needs}" ${JSON.stringify(value)}, but that is ${JSON.stringify(actual)}`
      );
    }
  }
  return null;
}
