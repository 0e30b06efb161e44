import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { activationSide, weightSide } from '../../side.ts';
import type { Method } from '../../types.ts';

const ACTIVATIONS = {
  relu: {
    value: (x: number) => Math.max(0, x),
    slope: (x: number) => (x > 0 ? 1 : 0),
    tensor: (tf: TF, x: Tensor) => tf.relu(x),
  },
  identity: { value: (x: number) => x, slope: () => 1, tensor: (tf: TF, x: Tensor) => tf.clone(x) },
  tanh: {
    value: (x: number) => Math.tanh(x),
    slope: (x: number) => 1 - Math.tanh(x) ** 2,
    tensor: (tf: TF, x: Tensor) => tf.tanh(x),
  },
  'hard-tanh': {
    value: (x: number) => Math.min(1, Math.max(-1, x)),
    slope: (x: number) => (Math.abs(x) <= 1 ? 1 : 0),
    tensor: (tf: TF, x: Tensor) => tf.clipByValue(x, -1, 1),
  },
};
const NAMES = ['relu', 'identity', 'tanh', 'hard-tanh'] as const;

const activationParameters = z.strictObject({
  function: z.enum(NAMES).default('relu').describe('the activation function'),
});
type ActivationParameters = z.output<typeof activationParameters>;

/** Float activation functions by name, for the trainer and for evaluation. */
export function floatActivation(tf: TF, name: string, x: Tensor): Tensor {
  const known = NAMES.find((candidate) => candidate === name);
  if (!known) throw new RangeError(`no float activation named ${name}`);
  return ACTIVATIONS[known].tensor(tf, x);
}

/** The yardstick: float32 weights and activations. Trains and compares, but cannot be deployed as integers. */
export const fullPrecision: Method = {
  card: {
    id: 'full-precision',
    title: 'Full precision',
    sentence: 'Leaves weights or activations in 32-bit floating point: the yardstick for every other method.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 32, activations: 32 },
    forward: ['W_q = W', 'x_q = f(x), f one of relu, identity, tanh, hard-tanh'],
    gradient: ['dL/dW = dL/dW_q', "dL/dx = dL/dx_q · f'(x)"],
    departures: [],
  },
  weights: weightSide({
    parameters: z.strictObject({}),
    form: {
      quantize: (latent, _shape, _parameters, { tf }) => tf.clone(latent),
      deploy: (latent) => ({ levels: [], float: latent.slice() }),
    },
    curve: { value: (x) => x, slope: () => 1 },
  }),
  activations: activationSide({
    parameters: activationParameters,
    form: {
      quantize: (x: Tensor, parameters: ActivationParameters, { tf }) =>
        ACTIVATIONS[parameters.function].tensor(tf, x),
      deploy: () => null,
    },
    curve: {
      value: (x: number, p: ActivationParameters) => ACTIVATIONS[p.function].value(x),
      slope: (x: number, p: ActivationParameters) => ACTIVATIONS[p.function].slope(x),
    },
  }),
};
