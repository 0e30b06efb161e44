import { z } from 'zod';
import type { RandomStream } from '../../../base/random.ts';
import type { Tensor } from '../../../base/tensorflow.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, MethodContext, WeightShape } from '../../types.ts';
import {
  movedTensor,
  nearestCode,
  nearestState,
  nearestStateTensor,
  spaceOf,
  stateBits,
  stateCount,
} from './states.ts';

const parameters = z.strictObject({
  order: z
    .int()
    .min(0)
    .max(7)
    .default(1)
    .describe('N: the weights have 2^N + 1 states; 1 is ternary, 0 is binary {−1, +1}'),
  states: z
    .union([z.literal('auto'), z.int().min(2).max(129)])
    .default('auto')
    .describe('any other number of equally spaced states in [−1, 1]; auto: as `order` says'),
  steepness: z
    .number()
    .positive()
    .max(100)
    .default(3)
    .describe('m: probability of a further step is tanh(m · |rest of the change| / step)'),
  initialRange: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe('weights start at the state next to a number drawn from [−range, range]'),
});
type Parameters = z.output<typeof parameters>;

function initialize(
  kernel: Float32Array,
  _shape: WeightShape,
  p: Parameters,
  random: RandomStream,
): Record<string, Float32Array> {
  const drawn = () => Math.fround(p.initialRange * (2 * random.nextUniform() - 1));
  return { kernel: kernel.map(() => nearestState(drawn(), stateCount(p))) };
}

function settle(
  proposed: Tensor,
  before: Tensor,
  _shape: WeightShape,
  p: Parameters,
  { tf, noise }: MethodContext,
): Tensor {
  if (!noise) throw new RangeError('gxnor lacks the noise of the step');
  return movedTensor(tf, before, proposed, noise, stateCount(p), p.steepness);
}

function deploy(latent: Float32Array, _shape: WeightShape, p: Parameters): DeployedWeights {
  return {
    levels: [
      {
        codes: Int8Array.from(latent, (w) => nearestCode(w, stateCount(p))),
        scale: Float32Array.of(spaceOf(stateCount(p)).unit),
      },
    ],
  };
}

export const gxnorWeights = weightSide({
  parameters,
  form: {
    bits: (p: Parameters) => stateBits(stateCount(p)),
    states: stateCount,
    initialize,
    noise: () => true,
    quantize: (latent: Tensor, _shape: WeightShape, p: Parameters, { tf }: MethodContext) =>
      straightThrough(tf, latent, (w) => nearestStateTensor(tf, w, stateCount(p))),
    settle,
    deploy,
  },
  curve: { value: (x: number, p: Parameters) => nearestState(x, stateCount(p)), slope: () => 1 },
});
