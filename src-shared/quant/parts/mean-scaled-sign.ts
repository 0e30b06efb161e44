import type { TF, Tensor } from '../../base/tensorflow.ts';
import type { DeployedWeights, WeightShape } from '../types.ts';
import { groups, meanAbs, type Granularity } from './scales.ts';
import { sign, signTensor } from './sign.ts';

/** α·sgn(W) with α = mean |W| of each group, the best scale of a sign in the sense of least squares. */
export function meanScaledSign(
  tf: TF,
  w: Tensor,
  shape: WeightShape,
  granularity: Granularity,
  mask?: Tensor,
): Tensor {
  return tf.mul(meanAbs(tf, w, shape, granularity, mask), signTensor(tf, w));
}

/** The same from plain numbers. */
export function deployMeanScaledSign(
  latent: Float32Array,
  shape: WeightShape,
  granularity: Granularity,
  mask?: Float32Array,
): DeployedWeights {
  const scale = groups(shape, granularity, mask).map((members) => {
    let sum = 0;
    for (const i of members) sum += Math.abs(latent[i] ?? 0);
    return sum / Math.max(members.length, 1);
  });
  return { levels: [{ codes: Int8Array.from(latent, sign), scale: Float32Array.from(scale) }] };
}
