import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { normalizationOf } from '#shared/dataset/normalization.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '#shared/train/checkpoint.ts';
import type { TrainEvent } from '#shared/train/events.ts';
import { Trainer } from '#shared/train/trainer.ts';
import { chooseDevice } from '../../backends/devices.ts';
import { tf } from '../../backends/tfjs.ts';
import { guardFiles, sha256, writeFileAtomic } from '../../platform/files.ts';
import { loadSamples, readDatasetInfo } from '../../services/dataset/index.ts';
import { configHash } from '../../services/run/config-hash.ts';
import type { TrainingJob } from '../protocol.ts';
import type { HostChannel } from './port.ts';

/** Trains as the job says and reports to the host. @throws BitsmithError whatever stopped it */
export async function trainJob(job: TrainingJob, host: HostChannel): Promise<void> {
  const config = parseRunConfig(job.config);
  const info = readDatasetInfo(job.dataFolder, config.dataset.name);
  const model = resolveRun(config, info);
  const own = job.checkpoint ? readCheckpoint(job.checkpoint) : undefined;
  const hash = configHash(config);
  if (own && own.configHash !== hash) {
    throw new BitsmithError(
      'corrupt',
      `${job.checkpoint ?? ''}: belongs to another configuration (${own.configHash.slice(0, 12)}…)`,
    );
  }
  const start = readStart(job, config.initialize?.run);
  const goesOn = config.initialize?.state === 'training';
  const resume = own ?? (goesOn && start ? start : undefined);
  const initial = goesOn ? null : start;
  const trainer = new Trainer({
    tf,
    model,
    plan: config.training,
    seed: config.seed,
    configHash: hash,
    normalization: normalizationOf(config.dataset.normalization, info),
    augmentation: config.dataset.augmentation,
    samples: loadSamples(job.dataFolder, info, 'train'),
    test: loadSamples(job.dataFolder, info, 'test'),
    split: splitDataset(info, config.dataset, config.seed),
    ...(resume ? { resume } : {}),
    ...(initial ? { initial } : {}),
    ...(job.untilEpoch === null ? {} : { untilEpoch: job.untilEpoch }),
    command: () => host.commands.shift() ?? null,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    now: () => performance.now() / 1000,
    memory: () => process.memoryUsage.rss(),
  });
  const device = await chooseDevice(job.device ?? config.device, async () => {
    trainer.prepare();
    try {
      return await trainer.measure(3);
    } finally {
      trainer.dispose();
    }
  });
  trainer.prepare();
  host.send({
    type: 'started',
    device: device.id,
    deviceName: device.name ?? device.title,
    truthProbe: device.truthProbe ?? { passed: false, checks: [] },
    stepsTotal: trainer.stepsTotal,
    fromStep: resume?.position.step ?? 0,
  });
  for await (const event of trainer.run()) report(event, job, host);
  trainer.dispose();
}

function report(event: TrainEvent, job: TrainingJob, host: HostChannel): void {
  switch (event.type) {
    case 'checkpoint':
      host.send({ type: 'checkpoint', record: writeCheckpoint(event, job) });
      return;
    case 'progress': {
      const { tensors: _, ...progress } = event;
      host.send(progress);
      return;
    }
    default:
      host.send(event);
  }
}

/** The file is complete and flushed before the host hears of it. */
function writeCheckpoint(event: Extract<TrainEvent, { type: 'checkpoint' }>, job: TrainingJob) {
  const bytes = encodeCheckpoint(event.checkpoint);
  const hash = sha256(bytes);
  const { epoch, step } = event.checkpoint.position;
  const id = `${String(step).padStart(8, '0')}-${event.kind}-${hash.slice(0, 8)}`;
  writeFileAtomic(path.join(job.checkpointFolder, `${id}.safetensors`), bytes);
  return {
    id,
    epoch,
    step,
    kind: event.kind,
    sha256: hash,
    bytes: bytes.length,
    validationAccuracy: event.validationAccuracy,
    createdAt: new Date().toISOString(),
  };
}

/** What a run that begins with another one's numbers was given, whose file is named by its content. */
function readStart({ initial, run }: TrainingJob, from: string | undefined): Checkpoint | null {
  if (from === undefined) return null;
  if (initial === null) {
    throw new BitsmithError(
      'corrupt',
      `run ${run} lacks the file with the weights of run ${from} that it starts from`,
    );
  }
  const bytes = guardFiles(`cannot read the starting weights ${initial}`, () => fs.readFileSync(initial));
  if (!path.basename(initial).includes(sha256(bytes).slice(0, 16))) {
    throw new BitsmithError(
      'corrupt',
      `${initial}: its content is not what was written when the run was created`,
    );
  }
  return decodeCheckpoint(bytes, initial);
}

/** @throws BitsmithError `not-found` or `corrupt`, naming the file */
export function readCheckpoint(file: string): Checkpoint {
  return decodeCheckpoint(
    guardFiles(`cannot read the checkpoint ${file}`, () => fs.readFileSync(file)),
    file,
  );
}
