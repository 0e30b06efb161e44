import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { openMask } from '../../parts/open-mask.ts';
import { staircaseOf } from '../../parts/staircases.ts';
import { ternaryCode, ternaryTensor } from '../../parts/ternary.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, Staircase, VariableSpec } from '../../types.ts';

const parameters = z.strictObject({
  levels: z.int().min(1).max(4).default(2).describe('M: residual ternary levels with a trained scale each'),
  initial: z
    .enum(['normal', 'rebnet'])
    .default('normal')
    .describe(
      'start of the scales: best for standard normal inputs, or (M − l + 1)/(1 + … + M) as in ReBNet',
    ),
  clip: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe('a level passes the gradient where its residual lies in (−clip, clip)'),
});
type Parameters = z.output<typeof parameters>;

/** Scales g_l that are their own mean kept residual for standard normal inputs and thresholds g_l/2. */
const NORMAL_SCALES = [1.224, 0.4884, 0.2196, 0.1233];

/** Where the scale of a level starts. */
export function initialScales({ levels, initial }: Pick<Parameters, 'levels' | 'initial'>): number[] {
  return Array.from({ length: levels }, (_, l) =>
    initial === 'normal' ? (NORMAL_SCALES[l] ?? 0) : (levels - l) / ((levels * (levels + 1)) / 2),
  );
}

/** Codes of all levels, the residuals taken in float32 as in the tensor form. */
function levelCodes(x: number, scales: readonly number[]): number[] {
  let residual = x;
  return scales.map((scale) => {
    const code = ternaryCode(residual, scale / 2);
    residual = Math.fround(residual - scale * code);
    return code;
  });
}

/** The codes' sum and the slope 1 − Π_l (1 − g_l · s_l), s_l = 1[|residual| < clip]. */
function evaluate(x: number, scales: readonly number[], clip: number): { value: number; slope: number } {
  let residual = x;
  let left = 1;
  const value = levelCodes(x, scales).reduce((sum, code, l) => {
    const scale = scales[l] ?? 0;
    if (Math.abs(residual) < clip) left *= 1 - scale;
    residual = Math.fround(residual - scale * code);
    return sum + scale * code;
  }, 0);
  return { value, slope: 1 - left };
}

function quantize(x: Tensor, p: Parameters, context: MethodContext): Tensor {
  const { tf } = context;
  const gammas = initialScales(p).map((_, l) => {
    const gamma = context.variables[`gamma${l + 1}`];
    if (!gamma) throw new RangeError(`multi-level-ternary lacks gamma${l + 1}`);
    return gamma;
  });
  return customGradient(
    tf,
    [x, ...gammas],
    (input, ...scales) => {
      let residual = input as Tensor;
      const codes: Tensor[] = [];
      const masks: Tensor[] = [];
      const parts = scales.map((gamma) => {
        const scale = tf.abs(gamma);
        const code = ternaryTensor(tf, residual, tf.mul(scale, 0.5));
        masks.push(openMask(tf, residual, p.clip));
        codes.push(code);
        const part = tf.mul(code, scale);
        residual = tf.sub(residual, part);
        return part;
      });
      return {
        value: parts.reduce((sum, part) => tf.add(sum, part)),
        saved: [...codes, ...masks, ...scales],
      };
    },
    (dy, saved) => {
      const count = saved.length / 3;
      let left: Tensor | null = null;
      const gradients: Tensor[] = [];
      for (let l = count - 1; l >= 0; l--) {
        const [code, mask, gamma] = [saved[l], saved[count + l], saved[2 * count + l]] as [
          Tensor,
          Tensor,
          Tensor,
        ];
        const through: Tensor = left ? tf.mul(code, left) : code;
        gradients.unshift(tf.mul(tf.sum(tf.mul(dy, through)), tf.sign(gamma)));
        const kept: Tensor = tf.sub(1, tf.mul(mask, tf.abs(gamma)));
        left = left ? tf.mul(left, kept) : kept;
      }
      return [tf.mul(dy, tf.sub(1, left as Tensor)), ...gradients];
    },
  );
}

/** A staircase of M terms; the codes of a level go up and down along it. */
function deploy(p: Parameters, variables: Record<string, Float32Array>): Staircase {
  const scales = initialScales(p).map((start, l) =>
    Math.abs(Math.fround(variables[`gamma${l + 1}`]?.[0] ?? start)),
  );
  let offsets = [0];
  const breaks: number[] = [];
  for (const scale of scales) {
    breaks.push(...offsets.flatMap((offset) => [offset - scale / 2, offset + scale / 2]));
    offsets = offsets.flatMap((offset) => [offset - scale, offset, offset + scale]);
  }
  return staircaseOf((x) => levelCodes(x, scales), [...new Set(breaks)], scales);
}

function gamma(l: number, value: number): VariableSpec {
  return {
    name: `gamma${l + 1}`,
    shape: [],
    trainable: true,
    decay: false,
    initial: { kind: 'constant', value },
  };
}

export const multiLevelActivations = activationSide({
  parameters,
  form: {
    bits: (p: Parameters) => 2 * p.levels,
    variables: (p: Parameters) => initialScales(p).map((value, l) => gamma(l, value)),
    quantize,
    deploy,
  },
  curve: {
    value: (x: number, p: Parameters) => evaluate(x, initialScales(p).map(Math.fround), p.clip).value,
    slope: (x: number, p: Parameters) => evaluate(x, initialScales(p).map(Math.fround), p.clip).slope,
  },
});
