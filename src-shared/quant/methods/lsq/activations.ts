import { z } from 'zod';
import { meanMagnitude } from '../../parts/first-batch.ts';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { SMALLEST_STEP, uniformCode, uniformStaircase } from '../../parts/uniform.ts';
import { activationSide } from '../../side.ts';
import { initialStep, insideSlope, learnedStep, type CodeRange } from './learned-step.ts';

const parameters = z.strictObject({
  bits: z.int().min(2).max(8).default(4).describe('bits per activation'),
  signed: z
    .boolean()
    .default(false)
    .describe('codes below and above zero; otherwise negative inputs become 0, as after a ReLU'),
  symmetric: z.boolean().default(false).describe('when signed: as many levels below zero as above'),
  start: z
    .enum(['first-batch', 'constant'])
    .default('first-batch')
    .describe('mean |x| for the first step: that of the first batch, or `meanMagnitude`'),
  meanMagnitude: z
    .number()
    .positive()
    .max(1000)
    .default(0.8)
    .describe(
      'start `constant`: mean |x| from which the first step is computed, 2·mean/√(highest code); 0.8 fits a batch norm',
    ),
  gradientScale: z
    .boolean()
    .default(true)
    .describe('multiply the gradient of the step by 1/√(features · highest code)'),
  stepRate: z
    .number()
    .positive()
    .max(10)
    .default(0.1)
    .describe('learning rate of the step as a multiple of the run’s'),
});
type Parameters = z.output<typeof parameters>;

export function activationCodes(p: Pick<Parameters, 'bits' | 'signed' | 'symmetric'>): CodeRange {
  if (!p.signed) return { low: 0, high: 2 ** p.bits - 1 };
  const high = 2 ** (p.bits - 1) - 1;
  return { low: p.symmetric ? -high : -high - 1, high };
}

function firstStep(p: Parameters): number {
  return initialStep(p.meanMagnitude, activationCodes(p).high);
}

/** The first step from a batch; where it is all zero, the step stays as it is. */
function calibrate(inputs: Float32Array, p: Parameters): Record<string, Float32Array> {
  const mean = meanMagnitude(p.signed ? inputs : inputs.map((x) => Math.max(x, 0)));
  if (p.start === 'constant' || mean === 0) return {};
  return { step: Float32Array.of(initialStep(mean, activationCodes(p).high)) };
}

export const activations = activationSide({
  parameters,
  form: {
    bits: (p: Parameters) => p.bits,
    variables: (p: Parameters) => [
      {
        name: 'step',
        shape: [],
        trainable: true,
        decay: false,
        rate: p.stepRate,
        initial: { kind: 'constant', value: firstStep(p) },
      },
    ],
    calibrate,
    quantize: (x, p: Parameters, { tf, variables }) => {
      const step = variableOf(variables, 'step');
      const codes = activationCodes(p);
      const features = x.size / Math.max(x.shape[0] ?? 1, 1);
      const gradientScale = p.gradientScale ? 1 / Math.sqrt(features * codes.high) : 1;
      const axes = x.shape.map((_, axis) => axis);
      return learnedStep(tf, x, step, codes, axes, gradientScale);
    },
    deploy: (p: Parameters, variables) => {
      const { low, high } = activationCodes(p);
      return uniformStaircase(Math.max(numbersOf(variables, 'step')[0] ?? 0, SMALLEST_STEP), low, high);
    },
  },
  curve: {
    value: (x: number, p: Parameters) => {
      const { low, high } = activationCodes(p);
      return uniformCode(x, firstStep(p), low, high) * firstStep(p);
    },
    slope: (x: number, p: Parameters) => insideSlope(x, firstStep(p), activationCodes(p)),
  },
});
