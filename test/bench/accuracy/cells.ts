import { METHODS } from '#shared/quant/registry.ts';
import { naturalPair } from '#shared/quant/pairs.ts';
import { parseRunConfig, type RunConfig } from '#shared/run/config.ts';

/** One cell of the table of accuracies: a method trained from one seed. */
export interface Cell {
  method: string;
  seed: number;
  config: RunConfig;
}

export interface Budget {
  methods: readonly string[];
  seeds: number;
  epochs: number;
  model: string;
  dataset: string;
  device: string;
  /** Training samples that are used; absent: all. */
  limit?: number | undefined;
}

export const BENCH_TAG = 'bench:methods';
const COMMIT_TAG = 'commit:';

/** The runs behind a table: each method in its natural pair, from seeds 1, 2, …, all with the same recipe. */
export function cellsOf(budget: Budget, commit: string): Cell[] {
  return budget.methods.flatMap((method) =>
    Array.from({ length: budget.seeds }, (_, i) => ({
      method,
      seed: i + 1,
      config: configOf(budget, method, i + 1, commit),
    })),
  );
}

function configOf(budget: Budget, method: string, seed: number, commit: string): RunConfig {
  const { weights, activations } = naturalPair(method);
  return parseRunConfig({
    name: `${method}, seed ${seed}: accuracy on ${budget.dataset}`,
    tags: [BENCH_TAG, `${COMMIT_TAG}${commit}`],
    seed,
    dataset: {
      name: budget.dataset,
      validation: 0.05,
      ...(budget.limit === undefined ? {} : { limit: { train: budget.limit } }),
    },
    model: { preset: budget.model },
    quantization: { weights: { method: weights }, activations: { method: activations } },
    training: {
      epochs: budget.epochs,
      batchSize: 100,
      optimizer: { kind: 'adam' },
      learningRate: { kind: 'cosine', initial: 0.005, final: 0.00005 },
    },
    device: budget.device,
  });
}

/** The commit that a run was started from, as its tags say. */
export function commitOf(tags: readonly string[]): string {
  return tags.find((tag) => tag.startsWith(COMMIT_TAG))?.slice(COMMIT_TAG.length) ?? 'unknown';
}

/** All methods, in the order of the registry. */
export function allMethods(): string[] {
  return METHODS.map(({ card }) => card.id);
}
