import type { TF, Tensor } from '../../base/tensorflow.ts';
import { uniformCodes, uniformOf } from '../../quant/parts/uniform.ts';
import type { Staircase } from '../../quant/types.ts';

/** Where a staircase has more thresholds than this, rounding costs less than a comparison with each of them. */
const FEW_THRESHOLDS = 3;

/** The codes of a staircase of one term: by rounding where it is evenly spaced, else threshold by threshold. */
export function staircaseCodes(tf: TF, staircase: Staircase, y: Tensor): Tensor {
  const uniform = staircase.thresholds.length > FEW_THRESHOLDS ? uniformOf(staircase) : null;
  if (uniform) return uniformCodes(tf, y, uniform.step, uniform.low, uniform.high);
  return steps(tf, staircase, staircase.codes, y);
}

/** A number of each step: that of the first plus the rise at each threshold that is passed. */
export function steps(
  tf: TF,
  { thresholds, inclusive }: Pick<Staircase, 'thresholds' | 'inclusive'>,
  numbers: readonly number[],
  y: Tensor,
): Tensor {
  let value: Tensor = tf.fill(y.shape, numbers[0] ?? 0);
  thresholds.forEach((threshold, i) => {
    const rise = (numbers[i + 1] ?? 0) - (numbers[i] ?? 0);
    if (rise === 0) return;
    const passed = inclusive[i] ? tf.sub(1, tf.step(tf.sub(threshold, y))) : tf.step(tf.sub(y, threshold));
    value = tf.add(value, rise === 1 ? passed : tf.mul(passed, rise));
  });
  return value;
}

/** The real value of a staircase. */
export function staircaseTensor(tf: TF, staircase: Staircase, y: Tensor): Tensor {
  if (staircase.more) return staircaseByThresholds(tf, staircase, y);
  return tf.mul(staircaseCodes(tf, staircase, y), staircase.scale);
}

/** The same, threshold by threshold, whatever the staircase. */
export function staircaseByThresholds(tf: TF, staircase: Staircase, y: Tensor): Tensor {
  const terms = [staircase, ...(staircase.more ?? [])].map(({ codes, scale }) => {
    const value = steps(tf, staircase, codes, y);
    return scale === 1 ? value : tf.mul(value, scale);
  });
  return terms.reduce((sum, term) => tf.add(sum, term));
}
