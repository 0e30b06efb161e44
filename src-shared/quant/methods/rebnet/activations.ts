import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { binaryTermStaircase } from '../../parts/binary-terms.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { meanMagnitude } from '../../parts/first-batch.ts';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { openMask } from '../../parts/open-mask.ts';
import { sign, signTensor } from '../../parts/sign.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, Staircase } from '../../types.ts';
import { initialGamma, nestedSteps, residuals } from './levels.ts';

const parameters = z.strictObject({
  levels: z.int().min(1).max(4).default(2).describe('M: residual binary levels, one bit each'),
  start: z
    .enum(['series', 'first-batch'])
    .default('series')
    .describe(
      'scales start as the series (M − l + 1)/(1 + … + M), or as mean residuals of the first batch, clipped to [−1, 1], that add up to 1',
    ),
  scaleGradient: z
    .enum(['through', 'plain'])
    .default('through')
    .describe(
      'gradient of a scale through the residuals of the levels after it, as in the authors’ code, or without them',
    ),
});
type Parameters = z.output<typeof parameters>;

function names({ levels }: Parameters): string[] {
  return Array.from({ length: levels }, (_, l) => `gamma${l + 1}`);
}

function startScales({ levels }: Parameters): number[] {
  return Array.from({ length: levels }, (_, l) => Math.fround(initialGamma(l + 1, levels)));
}

/**
 * out = Σ_l g_l·b_l with g_l = |γ_l|, b_l = sgn(r_l), r_{l+1} = r_l − g_l·b_l. Backward, the bit of a level is
 * differentiated as clip(r_l, −1, 1) and the residual is not detached, so that with t_l = 1 − g_l·1[|r_l| < 1]
 * d out/dx = 1 − Π_l t_l and d out/dγ_l = sgn(γ_l)·b_l·Π_{j>l} t_j.
 */
function quantize(x: Tensor, p: Parameters, { tf, variables }: MethodContext): Tensor {
  const gammas = names(p).map((name) => variableOf(variables, name));
  return customGradient(
    tf,
    [x, ...gammas],
    (input, ...scales) => {
      let residual = input as Tensor;
      const terms = scales.map((gamma) => {
        const term = tf.mul(tf.abs(gamma), signTensor(tf, residual));
        residual = tf.sub(residual, term);
        return term;
      });
      const value = terms.reduce((sum, term) => tf.add(sum, term));
      return { value, saved: [input as Tensor, ...scales] };
    },
    (dy, [input, ...scales]) => {
      let residual = input as Tensor;
      const levels = scales.map((gamma) => {
        const scale = tf.abs(gamma);
        const bit = signTensor(tf, residual);
        const kept = tf.sub(1, tf.mul(scale, openMask(tf, residual, 1)));
        residual = tf.sub(residual, tf.mul(scale, bit));
        return { gamma, bit, kept };
      });
      let incoming = dy;
      const toGammas = levels
        .reverse()
        .map(({ gamma, bit, kept }) => {
          const reaching = p.scaleGradient === 'through' ? incoming : dy;
          const slope = tf.mul(tf.sum(tf.mul(reaching, bit)), signTensor(tf, gamma));
          incoming = tf.mul(incoming, kept);
          return tf.reshape(slope, gamma.shape);
        })
        .reverse();
      return [tf.sub(dy, incoming), ...toGammas];
    },
  );
}

/** g_l = mean |r_l| with r_1 = clip(x, −1, 1), r_{l+1} = r_l − g_l·sgn(r_l), then divided by their sum. */
function calibrate(inputs: Float32Array, p: Parameters): Record<string, Float32Array> {
  if (p.start === 'series') return {};
  const residual = inputs.map((x) => Math.min(1, Math.max(-1, x)));
  const means = names(p).map(() => {
    const mean = meanMagnitude(residual);
    residual.forEach((r, i) => (residual[i] = r - mean * sign(r)));
    return mean;
  });
  const total = means.reduce((sum, mean) => sum + mean, 0);
  if (total === 0) return {};
  return Object.fromEntries(names(p).map((name, l) => [name, Float32Array.of((means[l] ?? 0) / total)]));
}

function deploy(p: Parameters, variables: Record<string, Float32Array>): Staircase {
  const scales = names(p).map((name) => Math.abs(numbersOf(variables, name)[0] ?? 0));
  const { thresholds, bits } = nestedSteps(scales);
  return binaryTermStaircase(
    thresholds,
    scales.map((factor, l) => ({ factor, bits: bits.map((step) => step[l] ?? 1) })),
  );
}

export const rebnetActivations = activationSide({
  parameters,
  form: {
    bits: ({ levels }: Parameters) => levels,
    variables: (p: Parameters) =>
      names(p).map((name, l) => ({
        name,
        shape: [1],
        trainable: true,
        decay: false,
        initial: { kind: 'constant', value: initialGamma(l + 1, p.levels) },
      })),
    calibrate,
    quantize,
    deploy,
  },
  curve: {
    drawn: 'with the initial scales',
    value: (x, p: Parameters) => {
      const scales = startScales(p);
      return residuals(x, scales).reduce((sum, r, l) => sum + (scales[l] ?? 0) * sign(r), 0);
    },
    slope: (x, p: Parameters) => {
      const scales = startScales(p);
      return (
        1 - residuals(x, scales).reduce((t, r, l) => t * (Math.abs(r) < 1 ? 1 - (scales[l] ?? 0) : 1), 1)
      );
    },
  },
});
