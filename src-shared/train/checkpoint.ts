import { z } from 'zod';
import { BitsmithError } from '../base/errors.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../base/safetensors.ts';
import { parseWith } from '../base/schema.ts';
import { fromStateIndices } from './packing.ts';

/**
 * Where a run stands. Together with the tensors it is all that a resumed run needs to repeat an uninterrupted one:
 * randomness and data order are functions of (seed, epoch, step), so their positions are these counters.
 */
export const PositionSchema = z.strictObject({
  /** Epochs completed. */
  epoch: z.int().nonnegative(),
  /** Steps completed within the current epoch. */
  stepInEpoch: z.int().nonnegative(),
  /** Steps completed in all: schedule step, optimizer step and noise counter. */
  step: z.int().nonnegative(),
  seed: z.int().nonnegative(),
  /** Sums of the current epoch's training loss and right answers so far. */
  lossSum: z.number(),
  correctSum: z.number(),
  /** Seconds of computation so far. */
  elapsed: z.number().nonnegative(),
  bestValidationAccuracy: z.number().nullable(),
  /** Where iterative pruning stands; null where the plan has no rounds. */
  rounds: z
    .strictObject({
      /** Validation accuracy before the first round. */
      baseline: z.number(),
      /** Rounds that kept the accuracy, and the accuracy after the last of them. */
      passed: z.int().nonnegative(),
      accuracy: z.number(),
      /** The tolerance was exceeded: the state is the last good one. */
      ended: z.boolean(),
    })
    .nullable()
    .default(null),
});
export type Position = z.output<typeof PositionSchema>;

export interface Checkpoint {
  position: Position;
  /** Hash of the configuration that it belongs to. */
  configHash: string;
  /** Variables (`conv1/kernel`) and optimizer slots (`m:conv1/kernel`). */
  tensors: Map<string, NamedTensor>;
}

const FORMAT = 'bitsmith-checkpoint-1';

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  return encodeSafetensors({
    metadata: {
      format: FORMAT,
      configHash: checkpoint.configHash,
      position: JSON.stringify(checkpoint.position),
    },
    tensors: checkpoint.tensors,
  });
}

/** @throws BitsmithError `corrupt` when it is no checkpoint of ours, naming the file and what is wrong */
export function decodeCheckpoint(bytes: Uint8Array, what: string): Checkpoint {
  const { metadata, tensors } = decodeSafetensors(bytes, what);
  if (metadata.format !== FORMAT) {
    throw new BitsmithError(
      'corrupt',
      `${what}: is no checkpoint of Bitsmith (format "${metadata.format ?? ''}")`,
    );
  }
  let position: unknown;
  try {
    position = JSON.parse(metadata.position ?? '');
  } catch {
    throw new BitsmithError('corrupt', `${what}: its position is not JSON`);
  }
  return {
    position: parseWith(PositionSchema, position, `${what}: position`),
    configHash: metadata.configHash ?? '',
    tensors,
  };
}

/** A variable's values in a checkpoint, discrete ones from the numbers of their states. */
export function variableValues(
  checkpoint: Pick<Checkpoint, 'tensors'>,
  variable: { name: string; states?: number },
): Float32Array | null {
  const data = checkpoint.tensors.get(variable.name)?.data;
  if (!data) return null;
  if (data instanceof Float32Array) return data;
  return variable.states ? fromStateIndices(data, variable.states) : Float32Array.from(data);
}

/**
 * Checks that a checkpoint holds exactly the tensors that a network and its optimizer need.
 *
 * @throws BitsmithError `corrupt` naming the first tensor that is missing, unknown or of another shape
 */
export function checkTensors(
  checkpoint: Checkpoint,
  expected: ReadonlyMap<string, readonly number[]>,
  what: string,
): void {
  for (const [name, shape] of expected) {
    const found = checkpoint.tensors.get(name);
    if (!found) throw new BitsmithError('corrupt', `${what}: lacks the tensor "${name}" of this network`);
    if (found.shape.join() !== shape.join()) {
      throw new BitsmithError(
        'corrupt',
        `${what}: tensor "${name}" has shape [${found.shape.join(', ')}], but this network needs [${shape.join(', ')}]`,
      );
    }
  }
  const unknown = [...checkpoint.tensors.keys()].find((name) => !expected.has(name));
  if (unknown)
    throw new BitsmithError('corrupt', `${what}: holds the tensor "${unknown}", which this network has not`);
}
