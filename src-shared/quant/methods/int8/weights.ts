import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { GRANULARITIES, filterOf, groups, statisticAxes } from '../../parts/scales.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { SMALLEST_STEP, uniformCode, uniformCodes } from '../../parts/uniform.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, MethodContext, WeightShape } from '../../types.ts';

const parameters = z.strictObject({
  granularity: z.enum(GRANULARITIES).default('filter').describe('one scale per layer or per filter'),
});
type Parameters = z.output<typeof parameters>;

const HIGH = 127;

function quantize(latent: Tensor, shape: WeightShape, p: Parameters, { tf }: MethodContext): Tensor {
  return straightThrough(tf, latent, (w) => {
    const largest = tf.max(tf.abs(w), statisticAxes(shape, p.granularity), true);
    const step = tf.maximum(tf.mul(largest, 1 / HIGH), SMALLEST_STEP);
    return tf.mul(uniformCodes(tf, w, step, -HIGH, HIGH), step);
  });
}

function deploy(latent: Float32Array, shape: WeightShape, p: Parameters): DeployedWeights {
  const scale = Float32Array.from(groups(shape, p.granularity), (members) => {
    const largest = members.reduce((max, i) => Math.max(max, Math.abs(latent[i] ?? 0)), 0);
    return Math.max(Math.fround(largest * Math.fround(1 / HIGH)), SMALLEST_STEP);
  });
  const codes = Int8Array.from(latent, (w, i) => {
    const step = scale[p.granularity === 'layer' ? 0 : filterOf(shape, i)] ?? SMALLEST_STEP;
    return uniformCode(w, step, -HIGH, HIGH);
  });
  return { levels: [{ codes, scale }] };
}

export const weights = weightSide({
  parameters,
  form: { quantize, deploy },
  curve: {
    drawn: 'for a layer whose largest magnitude is 1',
    value: (x: number) => uniformCode(x, Math.fround(1 / HIGH), -HIGH, HIGH) / HIGH,
    slope: () => 1,
  },
});
