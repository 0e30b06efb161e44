import type { TF, Tensor } from '../base/tensorflow.ts';
import { floatActivation } from './methods/full-precision/index.ts';
import { activationMethod, type MethodChoice } from './registry.ts';

/** Far below every threshold. */
const FAR = -1e3;

/**
 * The function in floating point that an activation method quantizes, for training in full precision before it: the
 * method's own where it is none (`full-precision`), a ReLU where its lowest value is 0, else a hard tanh.
 */
export function relaxedName(choice: MethodChoice): string {
  if (typeof choice.function === 'string' && choice.method === 'full-precision') return choice.function;
  return activationMethod(choice).curve.value(FAR, choice) < 0 ? 'hard-tanh' : 'relu';
}

export function relaxedActivation(tf: TF, choice: MethodChoice, x: Tensor): Tensor {
  return floatActivation(tf, relaxedName(choice), x);
}
