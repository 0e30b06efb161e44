import type { z } from 'zod';
import type {
  ActivationForm,
  ActivationSide,
  ParameterSchema,
  ScalarCurve,
  WeightForm,
  WeightSide,
} from './types.ts';

/**
 * Ties the form and the curve of a side to its parameter schema. The registry then holds methods of all parameter types
 * in one list; whoever calls a form passes parameters that this very schema has checked.
 */
export function weightSide<S extends ParameterSchema>(side: {
  parameters: S;
  form: WeightForm<z.output<S>>;
  curve: ScalarCurve<z.output<S>>;
}): WeightSide {
  return side as unknown as WeightSide;
}

export function activationSide<S extends ParameterSchema>(side: {
  parameters: S;
  form: ActivationForm<z.output<S>>;
  curve: ScalarCurve<z.output<S>>;
}): ActivationSide {
  return side as unknown as ActivationSide;
}
