// Speaks the job protocol and computes nothing. `config` says how it behaves.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { BEST_SERIES } from '#shared/run/record.ts';
import type { HostMessage, JobMessage, TrainingJob } from '#main/jobs/protocol.ts';

/** How the fake behaves; a training configuration in the place of a real one. */
export interface FakeConfig {
  /** Epochs to go through, ten steps each. */
  epochs: number;
  /** Milliseconds per step. */
  pace?: number;
  /** At this step, in the process that began from step 0: */
  at?: number;
  then?: 'kill' | 'throw' | 'exit' | 'hang' | 'fail' | 'nan';
  /** Ends without leaving, as a driver that hangs on its way out does. */
  linger?: boolean;
  /** Says nothing to `pause` and `stop`. */
  deaf?: boolean;
}

const STEPS_PER_EPOCH = 10;
const say = (message: JobMessage): void => void process.send?.(message);
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
let wish: 'pause' | 'stop' | null = null;
let checkpointWanted = false;

process.on('disconnect', () => process.exit(3));
process.on('message', (message: HostMessage) => {
  if (message.type === 'start') void train(message.job).then(leave);
  else if (message.type === 'checkpoint') checkpointWanted = true;
  else if (message.type === 'pause' || message.type === 'stop') wish = message.type;
});

async function train(job: TrainingJob): Promise<boolean> {
  const config = job.config as FakeConfig;
  const total = config.epochs * STEPS_PER_EPOCH;
  const fromStep = job.checkpoint ? Number(JSON.parse(fs.readFileSync(job.checkpoint, 'utf8')).step) : 0;
  const started = {
    type: 'started',
    device: job.device ?? 'fake',
    deviceName: 'Fake',
    stepsTotal: total,
    fromStep,
  } as const;
  say({ ...started, truthProbe: { passed: true, checks: [] } });
  process.stdout.write(`fake child of ${job.run}\n`);

  for (let step = fromStep + 1; step <= total; step++) {
    await sleep(config.pace ?? 2);
    if (step === config.at && fromStep === 0 && (await misbehave(config, step))) return false;
    const epoch = step / STEPS_PER_EPOCH;
    const point = (series: string, value: number) => ({ series, step, epoch, time: step / 100, value });
    say({ type: 'metrics', points: [point('train/loss', 1 / step), point('learning-rate', 0.1)] });
    say({
      type: 'progress',
      epochsDone: Math.floor(epoch),
      stepsDone: step,
      stepsTotal: total,
      stepsPerSecond: 50,
      etaSeconds: 1,
    });
    if (Number.isInteger(epoch)) {
      const accuracy = ['validation/accuracy', BEST_SERIES].map((series) => point(series, epoch / 10));
      say({ type: 'metrics', points: accuracy });
      say({
        type: 'histograms',
        rows: [{ layer: 'conv1', epoch, step, edges: [0, 1], counts: [step], codes: { '1': 1 } }],
      });
      checkpoint(job, step, 'epoch');
    }
    if (checkpointWanted) {
      checkpointWanted = false;
      checkpoint(job, step, 'manual');
    }
    if (wish && !config.deaf) {
      if (!Number.isInteger(epoch)) checkpoint(job, step, 'pause');
      say({ type: 'ended', status: wish === 'pause' ? 'paused' : 'stopped', accuracy: null, loss: null });
      return !config.linger;
    }
  }
  checkpoint(job, total, 'final');
  say({ type: 'ended', status: 'finished', accuracy: 0.975, loss: 0.1 });
  return !config.linger;
}

/** @returns true when training must not go on */
async function misbehave({ then }: FakeConfig, step: number): Promise<boolean> {
  if (then === 'kill') process.kill(process.pid, 'SIGKILL');
  if (then === 'throw')
    setImmediate(() => {
      throw new RangeError(`no memory for step ${step}`);
    });
  if (then === 'exit') process.exit(7);
  if (then === 'fail')
    say({ type: 'failed', error: { code: 'corrupt', message: 'the data set is damaged' } });
  if (then === 'nan') {
    for (const value of [NaN, Infinity])
      say({ type: 'metrics', points: [{ series: 'train/loss', step, epoch: 0, time: 0, value }] });
    return false;
  }
  if (then === 'hang' || then === 'kill' || then === 'throw') await sleep(3_600_000);
  return then === 'fail' ? (leave(true), true) : false;
}

function checkpoint(job: TrainingJob, step: number, kind: 'epoch' | 'pause' | 'manual' | 'final'): void {
  const id = `${kind}-${step}`;
  const text = JSON.stringify({ step });
  fs.writeFileSync(path.join(job.checkpointFolder, `${id}.safetensors`), text);
  const epoch = step / STEPS_PER_EPOCH;
  const sha256 = createHash('sha256').update(text).digest('hex');
  const validationAccuracy = Number.isInteger(epoch) ? epoch / 10 : null;
  const createdAt = new Date(0).toISOString();
  say({
    type: 'checkpoint',
    record: { id, epoch, step, kind, sha256, bytes: text.length, validationAccuracy, createdAt },
  });
}

function leave(really: boolean): void {
  if (really) process.disconnect();
  if (really) process.exitCode = 0;
  else setInterval(() => undefined, 1000);
}
