// Speaks the job protocol for real run configurations and computes a known curve instead of training.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { HostMessage, JobMessage, TrainingJob } from '#main/jobs/protocol.ts';
import { accuracyOf, type Behaviour, type FakeRunConfig } from './fitness.ts';

const say = (message: JobMessage): void => void process.send?.(message);
let wish: 'pause' | 'stop' | null = null;

process.on('disconnect', () => process.exit(3));
process.on('message', (message: HostMessage) => {
  if (message.type === 'start') void train(message.job).then(() => process.disconnect());
  else if (message.type === 'pause' || message.type === 'stop') wish = message.type;
});

async function train(job: TrainingJob): Promise<void> {
  const config = job.config as FakeRunConfig;
  const behaviour = JSON.parse(config.notes || '{}') as Behaviour;
  const { epochs } = config.training;
  const from = job.checkpoint ? Number(JSON.parse(fs.readFileSync(job.checkpoint, 'utf8')).epoch) : 0;
  say({
    type: 'started',
    device: job.device ?? `device-${process.pid}`,
    deviceName: 'Fake',
    truthProbe: { passed: true, checks: [] },
    stepsTotal: epochs,
    fromStep: from,
  });
  for (let epoch = from + 1; epoch <= epochs; epoch++) {
    await new Promise((resolve) => setTimeout(resolve, behaviour.pace ?? 1));
    const value = accuracyOf(config, epoch);
    if (value === null) {
      say({ type: 'failed', error: { code: 'job-failed', message: `the loss diverged in epoch ${epoch}` } });
      return;
    }
    if (behaviour.crashes === 'once' && from === 0 && epoch === 2) process.kill(process.pid, 'SIGKILL');
    if (behaviour.crashes === 'always') process.kill(process.pid, 'SIGKILL');
    const point = { series: 'validation/accuracy', step: epoch, epoch, time: epoch / 10, value };
    say({
      type: 'progress',
      epochsDone: epoch,
      stepsDone: epoch,
      stepsTotal: epochs,
      stepsPerSecond: 10,
      etaSeconds: 1,
    });
    say({ type: 'metrics', points: [point] });
    checkpoint(job, epoch, 'epoch');
    if (epoch === epochs) break;
    if (wish || epoch === job.untilEpoch) {
      const stopped = wish === 'stop';
      checkpoint(job, epoch, stopped ? 'manual' : 'pause');
      say({ type: 'ended', status: stopped ? 'stopped' : 'paused', accuracy: null, loss: null });
      return;
    }
  }
  checkpoint(job, epochs, 'final');
  say({ type: 'ended', status: 'finished', accuracy: accuracyOf(config, epochs), loss: 0.1 });
}

function checkpoint(job: TrainingJob, epoch: number, kind: 'epoch' | 'pause' | 'manual' | 'final'): void {
  const id = `${kind}-${epoch}`;
  const text = JSON.stringify({ epoch });
  fs.writeFileSync(path.join(job.checkpointFolder, `${id}.safetensors`), text);
  say({
    type: 'checkpoint',
    record: {
      id,
      epoch,
      step: epoch,
      kind,
      sha256: createHash('sha256').update(text).digest('hex'),
      bytes: text.length,
      validationAccuracy: null,
      createdAt: new Date(0).toISOString(),
    },
  });
}
