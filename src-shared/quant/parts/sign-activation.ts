import type { z } from 'zod';
import type { TF, Tensor } from '../../base/tensorflow.ts';
import { activationSide } from '../side.ts';
import type { ActivationSide, ParameterSchema } from '../types.ts';
import { sign, signTensor } from './sign.ts';
import { straightThrough } from './straight-through.ts';

/** What stands in for the derivative of sgn: as a plain function and as a tensor. */
export interface SignSlope<P> {
  value(x: number, parameters: P): number;
  tensor(tf: TF, x: Tensor, parameters: P): Tensor;
}

/** The binary activation sgn(x), sgn(0) = +1, with a surrogate derivative. */
export function signActivation<S extends ParameterSchema>(
  parameters: S,
  slope: SignSlope<z.output<S>>,
): ActivationSide {
  return activationSide({
    parameters,
    form: {
      quantize: (x, p, { tf }) =>
        straightThrough(
          tf,
          x,
          (value) => signTensor(tf, value),
          (value) => slope.tensor(tf, value, p),
        ),
      deploy: () => ({ thresholds: [0], inclusive: [true], codes: [-1, 1], scale: 1 }),
    },
    curve: { value: sign, slope: (x, p) => slope.value(x, p) },
  });
}
