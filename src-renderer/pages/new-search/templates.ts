import { METHODS } from '#shared/quant/registry.ts';
import { ACTIVATION_FAMILIES } from '#shared/quant/parts/activation-families.ts';
import { isFinalForm, planAt } from '#shared/train/moment.ts';
import type { TrainingPlan } from '#shared/train/plan.ts';
import { parseRunConfig } from '../../composables/checked-config.ts';
import { getIn, setIn, type JsonObject } from '#shared/base/json-document.ts';

/** A search to start from: what it adds to a run configuration. */
export interface SearchTemplate {
  id: string;
  title: string;
  sentence: string;
  icon: string;
  /** @param run configuration that every trial begins with */
  build(run: JsonObject): JsonObject;
}

function nameOf(run: JsonObject): string {
  return String(run.name ?? 'run').slice(0, 100);
}

/** Names and notes belong to the run that it was, and not to a hundred trials. */
function bare({ notes: _, tags: __, ...run }: JsonObject): JsonObject {
  return run;
}

/** How a trial will be trained; null for a configuration that is none. */
function planOf(run: JsonObject): TrainingPlan | null {
  try {
    return parseRunConfig(run).training;
  } catch {
    return null;
  }
}

/**
 * Epochs before a network has its last form may not win: where quantization or pruning sets in later, the last epoch counts.
 */
function objectiveOf(run: JsonObject): JsonObject {
  const plan = planOf(run);
  const isFinal = plan === null || isFinalForm(plan, planAt(plan, 1 - 1e-3));
  return isFinal ? {} : { objective: { select: 'last' } };
}

/** The number of the learning rate's schedule that says how large it is. */
function ratePath(run: JsonObject): string {
  const rate = getIn(run, ['training', 'learningRate']);
  const key = ['initial', 'peak', 'value'].find((field) => typeof getIn(rate, [field]) === 'number');
  return key ? `training.learningRate.${key}` : 'training.learningRate';
}

export const SEARCH_TEMPLATES: readonly SearchTemplate[] = [
  {
    id: 'rate',
    title: 'Learning rate and batch size',
    sentence: 'Many short trials, the better ones trained on: successive halving.',
    icon: 'i-lucide-chart-no-axes-column-decreasing',
    build: (run) => {
      const epochs = planOf(run)?.epochs ?? 10;
      const reduction = Math.min(3, epochs);
      const asha = { kind: 'asha', trials: 27, minEpochs: Math.max(1, Math.floor(epochs / 9)), reduction };
      return {
        name: `Learning rate of ${nameOf(run)}`,
        run: bare(run),
        space: {
          [ratePath(run)]: { min: 1e-4, max: 5e-2, scale: 'log' },
          'training.batchSize': { values: [50, 100, 200] },
        },
        algorithm: epochs > 1 ? asha : { kind: 'random', trials: 20 },
        ...objectiveOf(run),
      };
    },
  },
  {
    id: 'tot-net',
    title: 'Activation functions, as TOT-Net',
    sentence: 'Evolution over the pairs of functions below and above zero, before the ternarizer.',
    icon: 'i-lucide-dna',
    build: (run) => ({
      name: `Activation functions of ${nameOf(run)}`,
      run: setIn(bare(run), ['quantization', 'activations'], { method: 'tot-net' }),
      space: {
        'quantization.activations.left': { values: ACTIVATION_FAMILIES },
        'quantization.activations.right': { values: ACTIVATION_FAMILIES },
      },
      algorithm: { kind: 'evolutionary', population: 20, generations: 8 },
      ...objectiveOf(run),
    }),
  },
  {
    id: 'methods',
    title: 'Weight methods, each once',
    sentence: 'The same network with every method for its weights: a grid.',
    icon: 'i-lucide-grid-3x3',
    build: (run) => ({
      name: `Weight methods of ${nameOf(run)}`,
      run: bare(run),
      space: {
        'quantization.weights': {
          values: METHODS.filter(({ weights }) => weights).map(({ card }) => ({ method: card.id })),
        },
      },
      algorithm: { kind: 'grid' },
      ...objectiveOf(run),
    }),
  },
  {
    id: 'seeds',
    title: 'Repetitions',
    sentence: 'The same run with five seeds: how much is chance?',
    icon: 'i-lucide-dices',
    build: (run) => ({
      name: `Seeds of ${nameOf(run)}`,
      run: bare(run),
      space: { seed: { values: [1, 2, 3, 4, 5] } },
      algorithm: { kind: 'grid' },
      ...objectiveOf(run),
    }),
  },
];
