import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { WINDOWS, windowTensor, windowValue } from '../../parts/windows.ts';
import { activationSide } from '../../side.ts';
import type { Method, MethodContext } from '../../types.ts';

const parameters = z.strictObject({
  threshold: z
    .number()
    .positive()
    .max(10)
    .default(0.5)
    .describe('r: |x| above it becomes ±1, at or below it 0'),
  window: z.enum(WINDOWS).default('rectangular').describe('shape of the derivative around each threshold'),
  halfWidth: z.number().positive().max(10).default(0.5).describe('a: half width of that window'),
});
type Parameters = z.output<typeof parameters>;

function value(x: number, p: Parameters): number {
  return x > p.threshold ? 1 : x < -p.threshold ? -1 : 0;
}

function slope(x: number, p: Parameters): number {
  return windowValue(p.window, Math.abs(x) - p.threshold, p.halfWidth);
}

function quantize(x: Tensor, p: Parameters, { tf }: MethodContext): Tensor {
  return straightThrough(
    tf,
    x,
    (v) => tf.sub(tf.step(tf.sub(v, p.threshold)), tf.step(tf.sub(tf.neg(v), p.threshold))),
    (v) => windowTensor(tf, p.window, tf.sub(tf.abs(v), p.threshold), p.halfWidth),
  );
}

/**
 * The ternary activation of GXNOR-Net (Deng, Jiao, Pei, Wu, Li, Neural Networks 100, 2018, arXiv 1705.09283): a
 * three-valued step whose derivative is a window of unit area around each threshold.
 */
export const gxnor: Method = {
  card: {
    id: 'gxnor',
    title: 'GXNOR-Net activation',
    sentence: 'Ternary activations {−1, 0, +1} whose derivative is a window around each threshold.',
    quantizes: ['activations'],
    bits: { activations: 2 },
    forward: ['φ_r(x) = +1 if x > r; 0 if |x| ≤ r; −1 if x < −r'],
    gradient: [
      'rectangular: dφ/dx = 1/(2a) for r − a ≤ |x| ≤ r + a, else 0',
      'triangular: dφ/dx = (a − ||x| − r|)/a² for ||x| − r| ≤ a, else 0',
    ],
    paper: {
      title:
        'GXNOR-Net: Training deep neural networks with ternary weights and activations without full-precision memory under a unified discretization framework',
      authors: 'L. Deng, P. Jiao, J. Pei, Z. Wu, G. Li',
      year: 2018,
      venue: 'Neural Networks 100',
      url: 'https://arxiv.org/abs/1705.09283',
    },
    departures: [
      'The threshold is r = 0.5 by default; the authors’ code has the effective values r = 1, a = 0.5.',
      'Where windows of both thresholds overlap (a > r), the nearer one counts: the slope is a function of |x|.',
    ],
  },
  activations: activationSide({
    parameters,
    form: {
      quantize,
      deploy: (p: Parameters) => ({
        // −r is passed at x ≥ −r (x < −r is −1), +r only at x > r
        thresholds: [-Math.fround(p.threshold), Math.fround(p.threshold)],
        inclusive: [true, false],
        codes: [-1, 0, 1],
        scale: 1,
      }),
    },
    curve: { value, slope },
  }),
};
