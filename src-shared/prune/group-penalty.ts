import type { TF, Tensor } from '../base/tensorflow.ts';
import { customGradient } from '../quant/parts/custom-gradient.ts';
import type { WeightShape } from '../quant/types.ts';
import type { Pruning } from './config.ts';
import { structuredUnits, type Units } from './units.ts';

/** Below it a norm counts as zero. */
const TINY = 1e-12;

/**
 * Weight-penalty clipping with a self-adapting threshold (Yang, He, Fan, AAAI 2020): a scalar
 *   λ · Σ_g min(‖w_g‖₂, ρ · mean_g ‖w_g‖₂)
 * over the groups (or channels) of one kernel. It pulls weak groups to zero and leaves strong ones alone. Gradient
 * λ · w/‖w_g‖₂ where ‖w_g‖₂ ≤ ρ · mean and ‖w_g‖₂ > 0, else 0; the mean is a constant to it.
 *
 * @param latent kernel of `shape.shape`
 * @throws RangeError where `pruning` has no penalty
 */
export function groupPenalty(tf: TF, latent: Tensor, shape: WeightShape, pruning: Pruning): Tensor {
  const { penalty } = pruning;
  if (!penalty) throw new RangeError('the pruning has no penalty');
  const units = structuredUnits(shape, pruning);
  return customGradient(
    tf,
    [latent],
    (kernel) => {
      const grouped = toGroups(tf, kernel as Tensor, units);
      const norms = tf.sqrt(tf.sum(tf.square(grouped), [0, 2], true));
      const cap = tf.mul(tf.mean(norms), penalty.clip);
      const value = tf.mul(tf.sum(tf.minimum(norms, cap)), penalty.strength);
      const pulled = tf.sub(1, tf.step(tf.sub(norms, cap)));
      const slope = tf.mul(tf.div(grouped, tf.maximum(norms, TINY)), tf.mul(pulled, penalty.strength));
      return { value, saved: [fromGroups(tf, slope, shape, units)] };
    },
    (dy, [slope]) => [tf.mul(slope as Tensor, dy)],
  );
}

/** [positions, groups, inputs of a group, filters]; a short last group is filled with zeros. */
function toGroups(tf: TF, kernel: Tensor, units: Units): Tensor {
  const { positions, inputs, filters, unitInputs, perFilter } = units;
  const missing = perFilter * unitInputs - inputs;
  const rows = tf.reshape(kernel, [positions, inputs, filters]);
  const full = missing > 0 ? tf.pad(rows, [[0, 0], [0, missing], [0, 0]]) : rows; // prettier-ignore
  return tf.reshape(full, [positions, perFilter, unitInputs, filters]);
}

function fromGroups(tf: TF, grouped: Tensor, shape: WeightShape, units: Units): Tensor {
  const { positions, inputs, filters, unitInputs, perFilter } = units;
  const full = tf.reshape(grouped, [positions, perFilter * unitInputs, filters]);
  return tf.reshape(tf.slice(full, [0, 0, 0], [positions, inputs, filters]), [...shape.shape]);
}
