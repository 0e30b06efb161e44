import { z } from 'zod';
import { againstKernel, groupCount, numbersOf, variableOf } from '../../parts/group-variable.ts';
import { remaining } from '../../parts/masks.ts';
import { GRANULARITIES, filterOf, groups, statisticAxes } from '../../parts/scales.ts';
import { SMALLEST_STEP, uniformCode } from '../../parts/uniform.ts';
import { weightSide } from '../../side.ts';
import type { WeightShape } from '../../types.ts';
import { initialStep, insideSlope, learnedStep, type CodeRange } from './learned-step.ts';

const parameters = z.strictObject({
  bits: z.int().min(2).max(8).default(4).describe('bits per weight'),
  symmetric: z
    .boolean()
    .default(false)
    .describe('as many levels below zero as above; with 2 bits: ternary weights with a learned threshold'),
  granularity: z.enum(GRANULARITIES).default('layer').describe('one trained step per layer or per filter'),
  gradientScale: z
    .boolean()
    .default(true)
    .describe('multiply the gradient of the step by 1/√(weights per step · highest code)'),
  stepRate: z
    .number()
    .positive()
    .max(10)
    .default(0.1)
    .describe('learning rate of the steps as a multiple of the run’s'),
});
type Parameters = z.output<typeof parameters>;

/** Codes of b-bit weights. −128 is left out: codes lie in ±127. */
export function weightCodes({ bits, symmetric }: Pick<Parameters, 'bits' | 'symmetric'>): CodeRange {
  const high = 2 ** (bits - 1) - 1;
  return { low: symmetric ? -high : Math.max(-high - 1, -127), high };
}

function perStep(shape: WeightShape, p: Parameters): number {
  return shape.fanIn * (p.granularity === 'layer' ? shape.filters : 1);
}

export const weights = weightSide({
  parameters,
  form: {
    bits: (p: Parameters) => p.bits,
    variables: (shape, p: Parameters) => [
      {
        name: 'step',
        shape: [groupCount(shape, p.granularity)],
        trainable: true,
        decay: false,
        rate: p.stepRate,
        initial: { kind: 'constant', value: 1 },
      },
    ],
    initialize: (kernel, shape, p: Parameters) => {
      const { high } = weightCodes(p);
      const steps = groups(shape, p.granularity).map((members) => {
        const total = members.reduce((sum, i) => sum + Math.abs(kernel[i] ?? 0), 0);
        return initialStep(total / members.length, high);
      });
      return { step: Float32Array.from(steps) };
    },
    quantize: (latent, shape, p: Parameters, { tf, variables }) => {
      const step = againstKernel(tf, variableOf(variables, 'step'), shape);
      const codes = weightCodes(p);
      const axes = statisticAxes(shape, p.granularity);
      const { mask } = variables;
      const gradientScale = !p.gradientScale
        ? 1
        : mask
          ? () => tf.rsqrt(tf.mul(remaining(tf, mask, axes), codes.high))
          : 1 / Math.sqrt(perStep(shape, p) * codes.high);
      return learnedStep(tf, latent, step, codes, axes, gradientScale);
    },
    deploy: (latent, shape, p: Parameters, variables) => {
      const { low, high } = weightCodes(p);
      const scale = Float32Array.from(numbersOf(variables, 'step'), (step) => Math.max(step, SMALLEST_STEP));
      const codes = Int8Array.from(latent, (w, i) => {
        const step = scale[p.granularity === 'layer' ? 0 : filterOf(shape, i)] ?? SMALLEST_STEP;
        return uniformCode(w, step, low, high);
      });
      return { levels: [{ codes, scale }] };
    },
  },
  curve: {
    drawn: 'in units of the step',
    value: (x: number, p: Parameters) => uniformCode(x, 1, weightCodes(p).low, weightCodes(p).high),
    slope: (x: number, p: Parameters) => insideSlope(x, 1, weightCodes(p)),
  },
});
