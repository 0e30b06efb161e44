import type { ResolvedModel } from '../model/resolve.ts';
import type { Checkpoint } from '../train/checkpoint.ts';
import { slotNames } from '../train/optimizers/index.ts';
import type { RunConfig } from './config.ts';

/** A configuration with its network resolved on its data set. */
export interface ContinuedRun {
  config: RunConfig;
  model: ResolvedModel;
}

/** Something that keeps a run from going on exactly where another one stood. */
export interface ContinuationProblem {
  /** Field of the new configuration. */
  path: string;
  text: string;
}

/**
 * What must be as it was for a run to go on with all of another one's state: weights, the optimizer's moments, epoch and
 * step, and with them the order of the data and the noise. Schedules, epochs, loss and augmentation may differ.
 *
 * @param source the run that it goes on from, and the epochs that its checkpoint has completed
 */
export function continuationProblems(
  source: ContinuedRun & { run: string; epoch: number },
  own: ContinuedRun,
): ContinuationProblem[] {
  const problems: ContinuationProblem[] = [];
  const refuse = (path: string, what: string) =>
    problems.push({
      path,
      text: `"initialize" goes on with the whole state of run ${source.run}, so ${what}; or take its weights only`,
    });
  const [before, now] = [source.config, own.config];

  for (const { path, of } of ALIKE) {
    const [old, next] = [of(before), of(now)].map(show);
    if (old !== next) refuse(path, `"${path}" must stay ${old}, and is ${next}`);
  }
  const slots = ({ training }: RunConfig) => slotNames(training.optimizer).join(', ') || 'none';
  if (before.training.optimizer.kind === now.training.optimizer.kind && slots(before) !== slots(now)) {
    refuse('training.optimizer', `its optimizer must keep the same moments: ${slots(before)}`);
  }
  if (before.training.pruning?.rounds || now.training.pruning?.rounds) {
    refuse('training.pruning', 'neither run may prune in rounds');
  }
  const layer = differingLayer(source.model, own.model);
  if (layer !== null) refuse('model', `the network must be the same: it differs at layer "${layer}"`);
  if (now.training.epochs <= source.epoch) {
    refuse(
      'training.epochs',
      `"training.epochs" must be above the ${source.epoch} that are done, and is ${now.training.epochs}`,
    );
  }
  return problems;
}

/** Fields that decide which sample is seen when, and in which numbers. */
const ALIKE: readonly { path: string; of(config: RunConfig): unknown }[] = [
  { path: 'seed', of: ({ seed }) => seed },
  { path: 'dataset.name', of: ({ dataset }) => dataset.name },
  { path: 'dataset.validation', of: ({ dataset }) => dataset.validation },
  { path: 'dataset.normalization', of: ({ dataset }) => dataset.normalization },
  { path: 'dataset.limit', of: ({ dataset }) => dataset.limit },
  { path: 'training.batchSize', of: ({ training }) => training.batchSize },
  { path: 'training.optimizer.kind', of: ({ training }) => training.optimizer.kind },
];

function show(value: unknown): string {
  return value === undefined ? 'left out' : canonical(value);
}

/** The first layer that is not the same in both; null where all are. */
function differingLayer(before: ResolvedModel, now: ResolvedModel): string | null {
  const length = Math.max(before.layers.length, now.layers.length);
  for (let i = 0; i < length; i++) {
    const [old, next] = [before.layers[i], now.layers[i]];
    if (canonical(old) !== canonical(next)) return (next ?? old)?.spec.id ?? '';
  }
  return null;
}

/** JSON with sorted names: the order of fields is no difference. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}

/** A checkpoint as the state that another run goes on from: its best accuracy is still to be found. */
export function continuedCheckpoint(checkpoint: Checkpoint): Checkpoint {
  return { ...checkpoint, position: { ...checkpoint.position, bestValidationAccuracy: null } };
}
