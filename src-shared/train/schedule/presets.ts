import type { Schedule } from './schema.ts';

/** A schedule in common use, made for a run of a given length. */
export interface SchedulePreset {
  id: string;
  title: string;
  /** What it is for. */
  sentence: string;
  /** The quantity that it is meant for. */
  quantity: 'learningRate' | 'regularization' | 'quantization' | 'sparsity';
  build(epochs: number): Schedule;
}

const third = (epochs: number, thirds: number) => Math.max(1e-3, (epochs * thirds) / 3);

/** Schedules to start from, in the window and in recipes. A new one: one entry here. */
export const SCHEDULE_PRESETS: readonly SchedulePreset[] = [
  {
    id: 'cosine',
    title: 'Cosine',
    sentence: 'Falls smoothly to almost nothing; the safe choice.',
    quantity: 'learningRate',
    build: () => ({ kind: 'cosine', initial: 0.005, final: 1e-5, begin: 0 }),
  },
  {
    id: 'warm-up-cosine',
    title: 'Warm-up and cosine',
    sentence: 'A linear start over a tenth of the time, then cosine.',
    quantity: 'learningRate',
    build: (epochs) => ({
      kind: 'cosine',
      initial: 0.01,
      final: 1e-5,
      begin: 0,
      warmup: { epochs: epochs / 10, from: 0.1 },
    }),
  },
  {
    id: 'steps',
    title: 'Two steps',
    sentence: 'A tenth at each third of the time, as residual networks are trained.',
    quantity: 'learningRate',
    build: (epochs) => ({
      kind: 'step',
      initial: 0.1,
      factor: 0.1,
      epochs: [third(epochs, 1), third(epochs, 2)],
    }),
  },
  {
    id: 'exponential',
    title: 'Exponential',
    sentence: 'The same share each epoch, as BinaryConnect, BNN and GXNOR-Net are trained.',
    quantity: 'learningRate',
    build: () => ({ kind: 'exponential', initial: 0.003, final: 3e-7, begin: 0 }),
  },
  {
    id: 'one-cycle',
    title: 'One cycle',
    sentence: 'Up to the peak, then down to almost nothing; for short budgets.',
    quantity: 'learningRate',
    build: () => ({ kind: 'one-cycle', peak: 0.01, initialDivisor: 25, finalDivisor: 1e4, warmup: 0.3 }),
  },
  {
    id: 'linear-to-zero',
    title: 'Linear',
    sentence: 'Straight down, as Bi-Real Net and HWGQ are trained.',
    quantity: 'learningRate',
    build: () => ({ kind: 'linear', initial: 0.001, final: 1e-7, begin: 0 }),
  },
  {
    id: 'constant-rate',
    title: 'Constant',
    sentence: 'The same all the time: to see what a network does without any decay.',
    quantity: 'learningRate',
    build: () => ({ kind: 'constant', value: 0.001 }),
  },
  {
    id: 'three-steps',
    title: 'Steps late in the run',
    sentence: 'A fifth at 30, 60 and 80 % of the time.',
    quantity: 'learningRate',
    build: (epochs) => ({
      kind: 'step',
      initial: 0.05,
      factor: 0.2,
      epochs: [epochs * 0.3, epochs * 0.6, epochs * 0.8],
    }),
  },
  {
    id: 'warm-restarts',
    title: 'Cosine with a restart',
    sentence: 'Two cosines, the second over twice the time: it may leave a poor minimum.',
    quantity: 'learningRate',
    build: (epochs) => ({
      kind: 'sequence',
      parts: [
        { epochs: third(epochs, 1), schedule: { kind: 'cosine', initial: 0.005, final: 1e-5, begin: 0 } },
        { schedule: { kind: 'cosine', initial: 0.005, final: 1e-5, begin: 0 } },
      ],
    }),
  },
  {
    id: 'full-regularization',
    title: 'Constant',
    sentence: 'At full strength from the first step on.',
    quantity: 'regularization',
    build: () => ({ kind: 'constant', value: 1 }),
  },
  {
    id: 'regularization-late',
    title: 'Late rise',
    sentence: 'None in the first half, then up to four times: first learn, then settle on the levels.',
    quantity: 'regularization',
    build: (epochs) => ({ kind: 'linear', initial: 0, final: 4, begin: epochs / 2 }),
  },
  {
    id: 'regularization-warm-up',
    title: 'Warm-up',
    sentence: 'The regularization sets in over the first fifth of the time.',
    quantity: 'regularization',
    build: (epochs) => ({ kind: 'linear', initial: 0, final: 1, begin: 0, end: epochs / 5 }),
  },
  {
    id: 'quantized',
    title: 'From the first step',
    sentence: 'Quantized all the time.',
    quantity: 'quantization',
    build: () => ({ kind: 'constant', value: 1 }),
  },
  {
    id: 'full-precision',
    title: 'Full precision',
    sentence: 'Not quantized at all; for a first phase.',
    quantity: 'quantization',
    build: () => ({ kind: 'constant', value: 0 }),
  },
  {
    id: 'quantize-at-half',
    title: 'Quantize after a start in full precision',
    sentence: 'Full precision for the first third, then quantized at once.',
    quantity: 'quantization',
    build: (epochs) => ({
      kind: 'piecewise',
      points: [
        [0, 0],
        [third(epochs, 1), 1],
      ],
      interpolation: 'hold',
    }),
  },
  {
    id: 'quantize-gradually',
    title: 'Quantize gradually',
    sentence: 'From full precision to quantized along a straight line over the second third.',
    quantity: 'quantization',
    build: (epochs) => ({
      kind: 'linear',
      initial: 0,
      final: 1,
      begin: third(epochs, 1),
      end: third(epochs, 2),
    }),
  },
  {
    id: 'incremental',
    title: 'Four portions',
    sentence: 'Portions .3, .6, .8 and 1 of the weights, as incremental network quantization does.',
    quantity: 'quantization',
    build: (epochs) => ({
      kind: 'piecewise',
      points: [0.3, 0.6, 0.8, 1].map((portion, i) => [(i * epochs) / 4, portion]),
      interpolation: 'hold',
    }),
  },
  {
    id: 'zhu-gupta',
    title: 'Cubic',
    sentence:
      'The pruning schedule of Zhu and Gupta: fast at first, slower towards its end at 60 % of the time.',
    quantity: 'sparsity',
    build: (epochs) => ({
      kind: 'polynomial',
      initial: 0,
      final: 0.8,
      power: 3,
      begin: epochs / 10,
      end: epochs * 0.6,
    }),
  },
  {
    id: 'linear-sparsity',
    title: 'Linear',
    sentence: 'The same share more in the same time, until two thirds.',
    quantity: 'sparsity',
    build: (epochs) => ({ kind: 'linear', initial: 0, final: 0.8, begin: 0, end: third(epochs, 2) }),
  },
  {
    id: 'steps-of-sparsity',
    title: 'Three levels',
    sentence: 'Half, then 70 and 80 %, each retrained for a quarter of the time.',
    quantity: 'sparsity',
    build: (epochs) => ({
      kind: 'piecewise',
      points: [0, 0.5, 0.7, 0.8].map((share, i) => [(i * epochs) / 4, share]),
      interpolation: 'hold',
    }),
  },
  {
    id: 'constant-sparsity',
    title: 'Constant',
    sentence: 'The whole sparsity from the first step on.',
    quantity: 'sparsity',
    build: () => ({ kind: 'constant', value: 0.5 }),
  },
];
