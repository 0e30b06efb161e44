import { hash32, RandomStream } from '#shared/base/random.ts';
import type { CheckpointRecord, RunEvent, RunSummary, Series } from '#shared/run/record.ts';
import type { RunConfigInput } from '#shared/run/config.ts';
import type { RunStatus } from '#shared/run/status.ts';
import { seriesUpTo, type FakeCurve } from './fake-curves.ts';

export interface FakeRun {
  summary: RunSummary;
  config: Record<string, unknown>;
  curve: FakeCurve;
  events: RunEvent[];
  checkpoints: CheckpointRecord[];
  sequence: number;
  /** Filled at the first look: ten thousand runs must not cost ten thousand curves. */
  series: Map<string, Series> | undefined;
}

const SETS = [
  { dataset: 'mnist', models: ['lenet-5', 'gxnor-mnist', 'mlp-3'], best: 0.992 },
  { dataset: 'fashion-mnist', models: ['lenet-5', 'vgg-small'], best: 0.931 },
  { dataset: 'cifar-10', models: ['vgg-small'], best: 0.904 },
] as const;
const METHODS = [
  { weights: 'twn', activations: 'gxnor', loss: 0.004 },
  { weights: 'bnn', activations: 'bnn', loss: 0.012 },
  { weights: 'twn', activations: 'full-precision', loss: 0.001 },
  { weights: 'full-precision', activations: 'full-precision', loss: 0 },
] as const;
const DEVICES = [
  { id: 'tensorflow', name: 'NVIDIA H200' },
  { id: 'webgpu', name: 'NVIDIA H200 (Vulkan)' },
  { id: 'wasm', name: '8 × Intel Xeon Platinum 8481C' },
] as const;

export const FAKE_EPOCH_STEPS = 200;

/** The moment at which the fake data ends: screenshots and tests do not change with the calendar. */
export const FAKE_NOW = Date.parse('2026-03-14T09:26:00.000Z');

const PRESETS: Record<string, string> = { 'lenet-5': 'lenet5', 'mlp-3': 'mlp3' };

/** A configuration that the real host would take. */
export function fakeConfig(
  seed: number,
  dataset: string,
  model: string,
  method: (typeof METHODS)[number],
): RunConfigInput & Record<string, unknown> {
  const rate = seed % 3 === 0 ? 0.002 : 0.001;
  return {
    version: 1,
    name: `${dataset} ${model} ${method.weights}`,
    dataset: { name: dataset, validation: 0.1 },
    model: { preset: PRESETS[model] ?? model },
    quantization: {
      weights: { method: method.weights },
      activations: { method: method.activations },
    },
    training: {
      epochs: 12,
      batchSize: 128,
      optimizer: { kind: 'adam' },
      learningRate:
        seed % 2 === 0
          ? { kind: 'cosine', initial: rate }
          : { kind: 'step', initial: rate, epochs: [4, 8], factor: 0.1 },
      ...planOf(seed),
    },
    seed,
    device: 'auto',
  };
}

/** Some runs are trained by a plan with more to it. */
function planOf(seed: number): RunConfigInput['training'] {
  if (seed % 6 === 1) {
    return {
      weightQuantization: { kind: 'linear', initial: 0, final: 1, begin: 2, end: 6 },
      pruning: {
        sparsity: { kind: 'polynomial', initial: 0, final: 0.8, begin: 1, end: 8 },
        granularity: 'channel',
      },
      freeze: { batchNorm: 10 },
    };
  }
  if (seed % 6 !== 2) return {};
  return {
    phases: [
      { name: 'full precision', epochs: 3, weightQuantization: 0, activationQuantization: 0 },
      { name: 'quantize', epochs: 5, weightQuantization: { kind: 'linear', initial: 0, final: 1 } },
      { name: 'fine-tune', epochs: 4, learningRate: 0.0001, freeze: { batchNorm: true } },
    ],
  };
}

/**
 * Run number `index` of an endless, always equal collection; 0 is the newest.
 *
 * @param points of every series of a finished run; absent: as a small training would log them
 */
export function fakeRun(index: number, now = FAKE_NOW, points?: number): FakeRun {
  const random = new RandomStream(index + 1, 'fake-run');
  const set = SETS[index % 7 < 4 ? 0 : index % 7 < 6 ? 1 : 2] ?? SETS[0];
  const method = METHODS[random.nextBelow(METHODS.length)] ?? METHODS[0];
  const device = DEVICES[random.nextBelow(DEVICES.length)] ?? DEVICES[0];
  const model = set.models[random.nextBelow(set.models.length)] ?? set.models[0];
  const status = statusOf(index, random);
  const epochs = 12;
  const epochsDone = status === 'finished' ? epochs : status === 'queued' ? 0 : 3 + random.nextBelow(6);
  const created = now - 120_000 - index * 5_400_000 - random.nextBelow(3_600_000);
  const plateau = set.best - method.loss - 0.004 * random.nextUniform();
  const id = `r${hash32(`run ${index}`).toString(16).padStart(8, '0')}`;
  const config = fakeConfig(index, set.dataset, model, method);
  const finished = status === 'finished';
  const epochSteps = points === undefined ? FAKE_EPOCH_STEPS : Math.ceil(points / epochs);
  const stepsTotal = epochs * epochSteps;
  const stepsDone =
    status === 'running' ? Math.floor((epochsDone + 0.45) * epochSteps) : epochsDone * epochSteps;
  const at = (seconds: number) => new Date(created + seconds * 1000).toISOString();
  const summary: RunSummary = {
    id,
    name: `${set.dataset} ${model} ${method.weights}${index % 5 === 0 ? ' (seed sweep)' : ''}`,
    status,
    reason: reasonOf(status),
    kind: 'train',
    parent: null,
    createdAt: at(0),
    startedAt: status === 'queued' ? null : at(2),
    endedAt: status === 'queued' || status === 'running' ? null : at(2 + stepsDone / 38),
    dataset: set.dataset,
    model,
    weightMethods: [method.weights],
    activationMethods: [method.activations],
    device: status === 'queued' ? null : device.id,
    deviceName: status === 'queued' ? null : device.name,
    epochs,
    epochsDone,
    stepsDone,
    stepsTotal,
    accuracy: finished ? plateau : null,
    loss: finished ? 0.09 + (1 - plateau) * 2 : null,
    bestValidationAccuracy: epochsDone > 0 ? plateau - (finished ? 0.001 : 0.02) : null,
    stepsPerSecond: status === 'running' ? 38.2 : null,
    etaSeconds: status === 'running' ? (stepsTotal - stepsDone) / 38.2 : null,
    tags: index % 4 === 1 ? ['paper', 'm4'] : index % 6 === 2 ? ['baseline'] : [],
    notes: index === 1 ? 'First run below 16 KB of flash.' : '',
    configHash: hash32(JSON.stringify(config)).toString(16),
    archived: false,
  };
  const curve = {
    seed: index + 1,
    plateau,
    stepsPerEpoch: epochSteps,
    epochs,
    dense: points !== undefined,
  };
  return {
    summary,
    config,
    curve,
    events: eventsOf(summary, at),
    checkpoints: Array.from({ length: epochsDone }, (_, e) => fakeCheckpoint(summary, curve, e + 1, at)),
    sequence: stepsDone,
    series: undefined,
  };
}

export function seriesOf(run: FakeRun): Map<string, Series> {
  run.series ??= seriesUpTo(run.curve, run.summary.stepsDone, run.curve.dense ? 1 : 2);
  return run.series;
}

export function fakeCheckpoint(
  summary: RunSummary,
  curve: FakeCurve,
  epoch: number,
  at: (seconds: number) => string,
): CheckpointRecord {
  const sha = hash32(`${summary.id} ${epoch}`).toString(16).padStart(8, '0');
  return {
    id: `${summary.id}-${String(epoch).padStart(4, '0')}`,
    run: summary.id,
    epoch,
    step: epoch * curve.stepsPerEpoch,
    kind: epoch === summary.epochs ? 'final' : 'epoch',
    sha256: sha.repeat(8),
    bytes: 742_318,
    validationAccuracy: curve.plateau - 0.3 * Math.exp(-epoch),
    createdAt: at(2 + (epoch * curve.stepsPerEpoch) / 38),
  };
}

function statusOf(index: number, random: RandomStream): RunStatus {
  if (index === 0) return 'running';
  if (index === 3) return 'paused';
  if (index === 5) return 'crashed';
  const draw = random.nextUniform();
  return draw < 0.86 ? 'finished' : draw < 0.92 ? 'stopped' : draw < 0.97 ? 'failed' : 'crashed';
}

function reasonOf(status: RunStatus): string | null {
  if (status === 'crashed')
    return 'the training process ended with signal SIGKILL; resume goes on from epoch 7';
  if (status === 'failed') return 'the loss became NaN at step 1,204';
  if (status === 'stopped') return 'stopped by hand';
  return null;
}

function eventsOf(summary: RunSummary, at: (seconds: number) => string): RunEvent[] {
  const events: RunEvent[] = [{ at: at(0), level: 'info', message: 'created' }];
  if (summary.deviceName) {
    events.push({
      at: at(1),
      level: 'info',
      message: `truth probe passed on ${summary.deviceName}: 14 of 14 checks`,
    });
  }
  for (let epoch = 1; epoch <= summary.epochsDone; epoch++) {
    events.push({
      at: at((epoch * 200) / 38),
      level: 'info',
      message: `epoch ${epoch} of ${summary.epochs} done`,
    });
  }
  if (summary.status === 'stopped' || summary.status === 'failed' || summary.status === 'crashed') {
    events.push({
      at: at(400),
      level: summary.status === 'stopped' ? 'warning' : 'error',
      message: summary.reason ?? '',
    });
  }
  return events;
}
