import type { JsonObject } from '../../base/json-document.ts';

/** What a whole training plan is set to: everything that changes over time, and nothing else of it. */
export interface PlanPreset {
  id: string;
  title: string;
  /** What it is for. */
  sentence: string;
  /** The fields of `training` that it sets; `epochs` is about how long the run is to be. */
  build(epochs: number): JsonObject;
}

/** The fields of a training plan that a preset sets or takes out. */
export const PLAN_FIELDS = [
  'epochs',
  'learningRate',
  'regularization',
  'weightQuantization',
  'activationQuantization',
  'freeze',
  'pruning',
  'phases',
] as const;

/** Whole epochs in these proportions, at least one each. */
function shares(epochs: number, parts: readonly number[]): number[] {
  return parts.map((part) => Math.max(1, Math.round(epochs * part)));
}

const cosine = (initial: number, final = 1e-5) => ({ kind: 'cosine', initial, final });

/** Plans to start from. A new one: one entry here. */
export const PLAN_PRESETS: readonly PlanPreset[] = [
  {
    id: 'quantized-from-the-start',
    title: 'Quantized from the start',
    sentence: 'One cosine, quantized from the first step on. What most methods of the literature do.',
    build: (epochs) => ({ epochs, learningRate: cosine(0.005) }),
  },
  {
    id: 'four-phases',
    title: 'Full precision → quantize → prune → fine-tune',
    sentence:
      'Learn first, quantize gradually, prune along the cubic schedule, then settle with everything frozen.',
    build(epochs) {
      const [full = 1, quantize = 1, prune = 1, tune = 1] = shares(epochs, [0.3, 0.3, 0.25, 0.15]);
      const share = { kind: 'linear', initial: 0, final: 1, end: quantize / 2 };
      return {
        pruning: { sparsity: 0 },
        phases: [
          {
            name: 'full precision',
            epochs: full,
            learningRate: cosine(0.01, 0.001),
            weightQuantization: 0,
            activationQuantization: 0,
          },
          {
            name: 'quantize',
            epochs: quantize,
            learningRate: cosine(0.005, 0.0005),
            weightQuantization: share,
            activationQuantization: share,
          },
          {
            name: 'prune',
            epochs: prune,
            learningRate: cosine(0.002, 0.0002),
            sparsity: { kind: 'polynomial', initial: 0, final: 0.6, power: 3, end: prune * 0.8 },
          },
          {
            name: 'fine-tune',
            epochs: tune,
            learningRate: cosine(0.0005),
            sparsity: 0.6,
            freeze: { batchNorm: true, quantizer: true },
          },
        ],
      };
    },
  },
  {
    id: 'two-stages',
    title: 'Activations first, then weights',
    sentence:
      'Two stages, as binary networks are often trained: binary activations learn with real weights first.',
    build(epochs) {
      const [first = 1, second = 1] = shares(epochs, [0.5, 0.5]);
      return {
        phases: [
          { name: 'activations', epochs: first, learningRate: cosine(0.005), weightQuantization: 0 },
          { name: 'weights', epochs: second, learningRate: cosine(0.002) },
        ],
      };
    },
  },
  {
    id: 'incremental',
    title: 'Incremental quantization',
    sentence:
      'Weights in four portions (.3, .6, .8, 1), each retrained with a learning rate that starts anew: INQ.',
    build(epochs) {
      const length = Math.max(1, Math.round(epochs / 4));
      return {
        phases: [0.3, 0.6, 0.8, 1].map((portion) => ({
          name: `${portion * 100} %`,
          epochs: length,
          learningRate: { kind: 'exponential', initial: 0.003, final: 0.0003 },
          weightQuantization: portion,
        })),
      };
    },
  },
  {
    id: 'sparse',
    title: 'Sparse from early on',
    sentence: 'Pruned to 80 % along the cubic schedule until 60 % of the time, under one cosine.',
    build: (epochs) => ({
      epochs,
      learningRate: cosine(0.005),
      pruning: {
        sparsity: {
          kind: 'polynomial',
          initial: 0,
          final: 0.8,
          power: 3,
          begin: epochs / 10,
          end: epochs * 0.6,
        },
      },
    }),
  },
  {
    id: 'rounds',
    title: 'Prune and retrain in rounds',
    sentence: 'Level by level until the validation accuracy suffers; the last good level is kept.',
    build: (epochs) => ({
      learningRate: 0.001,
      pruning: {
        rounds: {
          levels: [0.5, 0.7, 0.8, 0.9],
          epochs: Math.max(1, Math.round(epochs / 4)),
          tolerance: 0.005,
        },
      },
    }),
  },
];
