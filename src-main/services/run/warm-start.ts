import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import { networkVariables } from '#shared/model/variables.ts';
import { parseRunConfig, resolveRun, type RunConfig } from '#shared/run/config.ts';
import { continuationProblems, continuedCheckpoint, type ContinuedRun } from '#shared/run/continuation.ts';
import type { CheckpointRecord } from '#shared/run/record.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  variableValues,
  type Checkpoint,
} from '#shared/train/checkpoint.ts';
import { checkpointFile, runFolder, type DataFolder } from '#main/platform/data-folder.ts';
import { guardFiles, sha256, writeFileAtomic } from '#main/platform/files.ts';
import { resolveRunId, type Store } from '#main/store/index.ts';
import { readDatasetInfo } from '../dataset/index.ts';
import { STARTING_FILE } from './checkpoint-files.ts';

/** Another run's numbers that a new run starts from. */
export interface WarmStart {
  run: string;
  checkpoint: string;
  /** As a checkpoint file: its variables as float32 tensors; where the run goes on exactly, all of its state. */
  bytes: Uint8Array;
  /** A line for the new run's journal. */
  message: string;
}

/** A run's network with the numbers of one of its checkpoints. */
export interface RunWeights {
  run: string;
  config: RunConfig;
  model: ResolvedModel;
  record: CheckpointRecord;
  checkpoint: Checkpoint;
  /** Every variable of the network by name, discrete ones as the numbers that they stand for. */
  values: Record<string, Float32Array>;
}

/**
 * The starting values that a configuration's `initialize` names: of that checkpoint, else the run's final one, else its
 * newest that is sound. They are copied, so that the new run does not depend on the old one's files.
 *
 * @returns null where the configuration names none
 * @throws BitsmithError `not-found` for the run or checkpoint, `corrupt` where no file is sound, `invalid-input` where
 *   the numbers do not fit the new network
 */
export function readWarmStart(store: Store, config: RunConfig, model: ResolvedModel): WarmStart | null {
  if (!config.initialize) return null;
  const source = readRunWeights(store, config.initialize.run, config.initialize.checkpoint);
  if (config.initialize.state === 'training') return wholeState(source, { config, model });
  if (source.model.outputs !== model.outputs) {
    throw new BitsmithError(
      'invalid-input',
      `"initialize": run ${source.run} tells ${source.model.outputs} classes apart, but data set ` +
        `"${config.dataset.name}" has ${model.outputs}`,
    );
  }
  const { taken, missing } = fittingValues(source, model);
  const rest = missing.length > 0 ? `; begins anew: ${missing.join(', ')}` : '';
  return {
    run: source.run,
    checkpoint: source.record.id,
    bytes: encodeStart(source, taken),
    message: `starts from checkpoint ${source.record.id} of run ${source.run}${rest}`,
  };
}

/** Variables as the file that a new run starts from. @param values by name, with their shapes */
export function encodeStart(
  source: Pick<RunWeights, 'checkpoint'>,
  values: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>,
): Uint8Array {
  const { position, configHash } = source.checkpoint;
  return encodeCheckpoint({ position, configHash, tensors: new Map(values) });
}

/** All of a run's state at a checkpoint, from which another goes on as it would have done itself. */
function wholeState(source: RunWeights, own: ContinuedRun): WarmStart {
  const { run, record, checkpoint } = source;
  refuseContinuation({ ...source, epoch: record.epoch }, own);
  return {
    run,
    checkpoint: record.id,
    bytes: encodeCheckpoint(continuedCheckpoint(checkpoint)),
    message:
      `goes on exactly from checkpoint ${record.id} of run ${run}: weights, optimizer, ` +
      `epoch ${checkpoint.position.epoch}, step ${checkpoint.position.step}`,
  };
}

/** @throws BitsmithError `invalid-input` naming the first field that must be as it was */
function refuseContinuation(source: Parameters<typeof continuationProblems>[0], own: ContinuedRun): void {
  const [first, ...more] = continuationProblems(source, own);
  if (first) throw new BitsmithError('invalid-input', first.text, { issues: [first, ...more] });
}

/** Checks what can be checked without reading a file. @throws BitsmithError as `readWarmStart` */
export function checkWarmStart(store: Store, config: RunConfig, model: ResolvedModel): void {
  if (!config.initialize) return;
  const run = resolveRunId(store.runs, config.initialize.run);
  const [record] = candidates(store, run, config.initialize.checkpoint);
  if (config.initialize.state !== 'training' || !record) return;
  refuseContinuation({ run, epoch: record.epoch, ...resolvedRun(store, run) }, { config, model });
}

function resolvedRun(store: Store, run: string): ContinuedRun {
  const config = parseRunConfig(store.runs.config(run), `the configuration of run ${run}`);
  return { config, model: resolveRun(config, readDatasetInfo(store.folder.root, config.dataset.name)) };
}

/** @throws BitsmithError as `readWarmStart` */
export function readRunWeights(store: Store, given: string, checkpoint?: string): RunWeights {
  const run = resolveRunId(store.runs, given);
  const { config, model } = resolvedRun(store, run);
  const { record, bytes, file } = soundCheckpoint(store, run, checkpoint);
  const decoded = decodeCheckpoint(bytes, file);
  const values = networkVariables(model).map((variable) => {
    const value = variableValues(decoded, variable);
    if (!value)
      throw new BitsmithError('corrupt', `${file}: lacks the tensor "${variable.name}" of run ${run}`);
    return [variable.name, value] as const;
  });
  return { run, config, model, record, checkpoint: decoded, values: Object.fromEntries(values) };
}

/** Records in the order in which they are tried: the named one, or the final one and then the newest first. */
function candidates(store: Store, run: string, checkpoint?: string): CheckpointRecord[] {
  const records = store.checkpoints.list(run).reverse();
  if (records.length === 0)
    throw new BitsmithError('not-found', `run ${run} has no checkpoint to start from`, { run });
  if (checkpoint === undefined) {
    return [
      ...records.filter(({ kind }) => kind === 'final'),
      ...records.filter(({ kind }) => kind !== 'final'),
    ];
  }
  const named = records.filter(({ id }) => id === checkpoint);
  if (named.length > 0) return named;
  throw new BitsmithError(
    'not-found',
    `run ${run} has no checkpoint "${checkpoint}"; it has: ${records.map(({ id }) => id).join(', ')}`,
    { run, checkpoint },
  );
}

/** The first candidate whose file has the recorded SHA-256, read once. */
function soundCheckpoint(store: Store, run: string, checkpoint?: string) {
  const damage: string[] = [];
  for (const record of candidates(store, run, checkpoint)) {
    const file = checkpointFile(store.folder, run, record.id);
    if (!fs.existsSync(file)) {
      damage.push(`${file} is missing`);
      continue;
    }
    const bytes = guardFiles(`cannot read the checkpoint ${file}`, () => fs.readFileSync(file));
    if (sha256(bytes) === record.sha256) return { record, bytes, file };
    damage.push(`${file} does not have the SHA-256 that was recorded`);
  }
  throw new BitsmithError('corrupt', `run ${run} cannot be started from: ${damage.join('; ')}`, { run });
}

/**
 * The source's variables that the new network has too. Kernels are masked where the new network has no masks. What only
 * the new network has keeps its own initial values: another method's scales, a new layer.
 *
 * @throws BitsmithError `invalid-input` for a kernel of another shape, or where no kernel fits at all
 */
function fittingValues(source: RunWeights, model: ResolvedModel) {
  const old = new Map(networkVariables(source.model).map((variable) => [variable.name, variable]));
  const own = networkVariables(model);
  const masked = new Set(own.filter(({ role }) => role === 'mask').map(({ layer }) => layer));
  const taken = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const missing: string[] = [];
  for (const { name, shape, role, layer } of own) {
    const found = old.get(name);
    const value = source.values[name];
    if (!found || !value) {
      if (role === 'kernel') missing.push(name);
    } else if (found.shape.join() === shape.join()) {
      const mask = role === 'kernel' && !masked.has(layer) ? source.values[`${layer}/mask`] : undefined;
      taken.set(name, { shape, data: mask ? value.map((w, i) => (mask[i] === 0 ? 0 : w)) : value });
    } else if (role === 'kernel' || role === 'layer') {
      throw new BitsmithError(
        'invalid-input',
        `"initialize": variable "${name}" of run ${source.run} has shape [${found.shape.join(', ')}], but this network ` +
          `needs [${shape.join(', ')}]; change the layer, or rename it so that it begins anew`,
      );
    }
  }
  if (!own.some(({ name, role }) => role === 'kernel' && taken.has(name))) {
    throw new BitsmithError(
      'invalid-input',
      `"initialize": run ${source.run} has no layer with weights that this network has too (${missing.join(', ')})`,
    );
  }
  return { taken, missing };
}

/** Puts the starting values into a new run's folder. The file's name tells its content. */
export function writeStartingFile(folder: DataFolder, run: string, { bytes }: WarmStart): void {
  const name = `initial-${sha256(bytes).slice(0, 16)}.safetensors`;
  writeFileAtomic(path.join(runFolder(folder, run), name), bytes);
}

/** The file with a run's own starting values; null where it has none. */
export function startingFile(folder: DataFolder, run: string): string | null {
  const at = runFolder(folder, run);
  const name = fs.existsSync(at) ? fs.readdirSync(at).find((each) => STARTING_FILE.test(each)) : undefined;
  return name === undefined ? null : path.join(at, name);
}
