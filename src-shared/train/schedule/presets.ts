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
    id: 'regularization-warm-up',
    title: 'Warm-up',
    sentence: 'The regularization sets in over the first fifth of the time.',
    quantity: 'regularization',
    build: (epochs) => ({ kind: 'linear', initial: 0, final: 1, begin: 0, end: epochs / 5 }),
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
    id: 'constant-sparsity',
    title: 'Constant',
    sentence: 'The whole sparsity from the first step on.',
    quantity: 'sparsity',
    build: () => ({ kind: 'constant', value: 0.5 }),
  },
];
