import { BitsmithError } from '#shared/base/errors.ts';
import type { NormalizationKind } from '#shared/dataset/normalization.ts';
import type { DatasetSplit } from '#shared/dataset/split.ts';
import {
  DatasetChoiceSchema,
  parseWith,
  RunConfigSchema,
  type DatasetChoice,
} from '../../composables/checked-config.ts';

/** What a person types about the data of a run; texts stay texts until they are numbers. */
export interface ChoiceDraft {
  validation: unknown;
  seed: unknown;
  limit: unknown;
  normalization: NormalizationKind;
  pad: unknown;
  flip: boolean;
}

export const FIRST_DRAFT: ChoiceDraft = {
  validation: 0.1,
  seed: 1,
  limit: undefined,
  normalization: 'centered',
  pad: 2,
  flip: false,
};

export interface CheckedChoice {
  choice: DatasetChoice;
  seed: number;
}

/** The choice as a run's configuration would hold it, checked by the same schema, or what is wrong at which field. */
export function checkChoice(
  name: string,
  draft: ChoiceDraft,
): { checked: CheckedChoice | null; problems: ReadonlyMap<string, string> } {
  const problems = new Map<string, string>();
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      for (const { path, text } of issuesOf(error)) if (!problems.has(path)) problems.set(path, text);
      return null;
    }
  };
  const choice = attempt(() =>
    parseWith(
      DatasetChoiceSchema,
      {
        name,
        validation: draft.validation,
        normalization: draft.normalization,
        augmentation: { pad: draft.pad, flip: draft.flip },
        ...(draft.limit === undefined ? {} : { limit: { train: draft.limit } }),
      },
      'the choice',
    ),
  );
  const seed = attempt(() =>
    parseWith(RunConfigSchema.pick({ seed: true }), { seed: draft.seed }, 'the seed'),
  );
  return { checked: choice && seed ? { choice, seed: seed.seed } : null, problems };
}

function issuesOf(error: unknown): { path: string; text: string }[] {
  const issues = error instanceof BitsmithError ? error.details?.issues : undefined;
  if (Array.isArray(issues)) return issues as { path: string; text: string }[];
  return [{ path: 'other', text: error instanceof Error ? error.message : String(error) }];
}

export interface SplitRow {
  name: string;
  train: number;
  validation: number;
}

/** How the classes of the training part are divided. */
export function splitRows(
  labels: Uint8Array,
  split: Pick<DatasetSplit, 'train' | 'validation'>,
  classes: readonly string[],
): SplitRow[] {
  const counts = (indices: Uint32Array) => {
    const each = new Uint32Array(256);
    for (const index of indices) each[labels[index] ?? 0]!++;
    return each;
  };
  const [train, validation] = [counts(split.train), counts(split.validation)];
  return classes.map((name, label) => ({
    name,
    train: train[label] ?? 0,
    validation: validation[label] ?? 0,
  }));
}
