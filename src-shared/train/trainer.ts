import { BitsmithError } from '../base/errors.ts';
import { RandomStream } from '../base/random.ts';
import type { TF, Tensor } from '../base/tensorflow.ts';
import type { Augmentation } from '../dataset/augmentation.ts';
import { assembleBatch } from '../dataset/batch.ts';
import { epochOrder } from '../dataset/split.ts';
import type { Normalization, Samples } from '../dataset/types.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import { buildTrainedGraph } from '../model/trained.ts';
import { initialValues, networkVariables, type NetworkVariable } from '../model/variables.ts';
import type { MetricPoint } from '../run/record.ts';
import { checkTensors, type Checkpoint, type Position } from './checkpoint.ts';
import { LayerDiagnostics } from './diagnostics.ts';
import { createEvaluator } from './evaluate.ts';
import { evaluateSamples } from './evaluate-samples.ts';
import type { Command, TrainEvent } from './events.ts';
import { noiseShapes } from './noise.ts';
import { optimizerScalars, slotNames } from './optimizers/index.ts';
import type { TrainingPlan } from './plan.ts';
import { evaluateSchedule } from './schedule/evaluate.ts';
import { disposeReplaced, slotKey, trainingStep, type TrainingState } from './step.ts';

export interface TrainerInput {
  tf: TF;
  model: ResolvedModel;
  plan: TrainingPlan;
  seed: number;
  configHash: string;
  normalization: Normalization;
  augmentation: Augmentation;
  /** Training samples, of which `split.train` is trained on and `split.validation` held back. */
  samples: Samples;
  test: Samples;
  split: { train: Uint32Array; validation: Uint32Array; test: Uint32Array };
  /** Goes on from here; absent: from the start. */
  resume?: Checkpoint;
  /** The next command of a person, if any; asked between two steps. */
  command(): Command | null;
  /** Lets messages in and out; awaited between two steps. */
  breathe(): Promise<void>;
  /** Seconds, monotonic. */
  now(): number;
}

/**
 * Trains a network as a stream of events. No disk, no process: whoever drives it stores what it yields.
 *
 * The last, incomplete batch of an epoch is left out of training (the order changes every epoch), never of evaluation.
 *
 * @throws BitsmithError `job-failed` when the loss is no number any more, `invalid-input` when there are fewer training
 *   samples than one batch, `corrupt` when the checkpoint does not fit the network
 */
export class Trainer {
  readonly #in: TrainerInput;
  readonly #variables: NetworkVariable[];
  readonly #stepsPerEpoch: number;
  readonly #diagnostics: LayerDiagnostics;
  readonly #size: number;
  #state: TrainingState = {};
  #position: Position;
  #startedAt = 0;
  #elapsedBefore = 0;
  #stepsHere = 0;

  constructor(input: TrainerInput) {
    this.#in = input;
    this.#variables = networkVariables(input.model);
    this.#size = input.samples.shape.reduce((product, extent) => product * extent, 1);
    this.#stepsPerEpoch = Math.floor(input.split.train.length / input.plan.batchSize);
    if (this.#stepsPerEpoch === 0) {
      throw new BitsmithError(
        'invalid-input',
        `"training.batchSize" is ${input.plan.batchSize}, but there are only ${input.split.train.length} training samples`,
      );
    }
    this.#diagnostics = new LayerDiagnostics(input.model);
    this.#position = {
      epoch: 0,
      stepInEpoch: 0,
      step: 0,
      seed: input.seed,
      lossSum: 0,
      correctSum: 0,
      elapsed: 0,
      bestValidationAccuracy: null,
    };
  }

  get stepsTotal(): number {
    return this.#stepsPerEpoch * this.#in.plan.epochs;
  }

  /** Puts the variables on the back end: initial values, or those of the checkpoint. */
  prepare(): void {
    const { tf, resume, seed, plan } = this.#in;
    const shapes = new Map<string, readonly number[]>();
    for (const variable of this.#variables) {
      shapes.set(variable.name, variable.shape);
      if (!variable.trainable) continue;
      for (const slot of slotNames(plan.optimizer)) shapes.set(slotKey(slot, variable.name), variable.shape);
    }
    if (resume) {
      checkTensors(resume, shapes, 'the checkpoint');
      this.#position = { ...resume.position };
      this.#elapsedBefore = resume.position.elapsed;
    }
    const initial = initialValues(this.#in.model, seed);
    for (const [name, shape] of shapes) {
      const fresh = initial[name] ?? new Float32Array(shape.reduce((p, n) => p * n, 1));
      const stored = resume?.tensors.get(name)?.data;
      const data = stored instanceof Float32Array ? stored : fresh;
      this.#state[name] = tf.keep(tf.tensor(data, [...shape], 'float32'));
    }
  }

  /** Frees everything on the back end. */
  dispose(): void {
    for (const tensor of Object.values(this.#state)) tensor.dispose();
    this.#state = {};
  }

  /** Measures the seconds per step of this very model: `steps` steps from the start whose results are thrown away. */
  async measure(steps: number): Promise<number> {
    const { plan, split } = this.#in;
    const indices = split.train.subarray(0, plan.batchSize);
    const run = async () => {
      const result = this.#step(indices, 0);
      await result.loss.data();
      disposeReplaced(result.state, this.#state);
      result.loss.dispose();
      result.correct.dispose();
    };
    await run();
    const start = this.#in.now();
    for (let i = 0; i < steps; i++) await run();
    return (this.#in.now() - start) / steps;
  }

  async *run(): AsyncGenerator<TrainEvent> {
    const { plan } = this.#in;
    this.#startedAt = this.#in.now();
    // At an epoch's boundary the state is that of the epoch's end; within an epoch the codes of its start are gone.
    if (this.#position.stepInEpoch === 0) this.#diagnostics.remember(await this.#values());
    while (this.#position.epoch < plan.epochs) {
      const interrupted = yield* this.#epoch();
      if (interrupted) {
        yield await this.#checkpoint(interrupted === 'pause' ? 'pause' : 'manual', null);
        yield {
          type: 'ended',
          status: interrupted === 'pause' ? 'paused' : 'stopped',
          accuracy: null,
          loss: null,
        };
        return;
      }
      yield* this.#epochEnd();
    }
    const { test, split } = this.#in;
    const result = await this.evaluate(test, split.test);
    yield {
      type: 'metrics',
      points: this.#points({ 'test/loss': result.loss, 'test/accuracy': result.accuracy }),
    };
    yield await this.#checkpoint('final', null);
    yield { type: 'ended', status: 'finished', accuracy: result.accuracy, loss: result.loss };
  }

  /** Steps of the current epoch from where it stands; returns the command that interrupted it, if one did. */
  async *#epoch(): AsyncGenerator<TrainEvent, 'pause' | 'stop' | null> {
    const { plan, split, seed } = this.#in;
    const order = epochOrder(seed, this.#position.epoch, split.train.length);
    const pending: { loss: Tensor; correct: Tensor }[] = [];
    while (this.#position.stepInEpoch < this.#stepsPerEpoch) {
      const from = this.#position.stepInEpoch * plan.batchSize;
      const indices = order.subarray(from, from + plan.batchSize).map((i) => split.train[i] ?? 0);
      const result = this.#step(indices, this.#position.epoch);
      disposeReplaced(this.#state, result.state);
      this.#state = result.state;
      pending.push({ loss: result.loss, correct: result.correct });
      this.#position.stepInEpoch++;
      this.#position.step++;
      this.#stepsHere++;
      const command = this.#in.command();
      const endOfEpoch = this.#position.stepInEpoch === this.#stepsPerEpoch;
      if (pending.length >= plan.metricsEvery || endOfEpoch || command) {
        yield { type: 'metrics', points: await this.#flush(pending) };
        yield this.#progress();
      }
      if (command === 'checkpoint') yield await this.#checkpoint('manual', null);
      else if (command) return command;
      await this.#in.breathe();
    }
    return null;
  }

  async *#epochEnd(): AsyncGenerator<TrainEvent> {
    const { plan, samples, split } = this.#in;
    const trained = this.#stepsPerEpoch * plan.batchSize;
    const { lossSum, correctSum } = this.#position;
    Object.assign(this.#position, {
      epoch: this.#position.epoch + 1,
      stepInEpoch: 0,
      lossSum: 0,
      correctSum: 0,
    });
    const scalars: Record<string, number> = {
      'epoch/train/loss': lossSum / this.#stepsPerEpoch,
      'epoch/train/accuracy': correctSum / trained,
    };
    let validationAccuracy: number | null = null;
    if (split.validation.length > 0) {
      const result = await this.evaluate(samples, split.validation);
      validationAccuracy = result.accuracy;
      scalars['validation/loss'] = result.loss;
      scalars['validation/accuracy'] = result.accuracy;
    }
    const values = await this.#values();
    const { series, histograms } = this.#diagnostics.measure(values, this.#position);
    yield { type: 'metrics', points: this.#points({ ...scalars, ...series }) };
    yield { type: 'histograms', rows: histograms };
    yield this.#progress();
    const best = this.#position.bestValidationAccuracy;
    const improved = validationAccuracy !== null && (best === null || validationAccuracy > best);
    if (improved) this.#position.bestValidationAccuracy = validationAccuracy;
    const due = this.#position.epoch % plan.checkpointEvery === 0;
    if (improved || due) yield await this.#checkpoint(improved ? 'best' : 'epoch', validationAccuracy);
    await this.#in.breathe();
  }

  #step(indices: Uint32Array, epoch: number) {
    const { tf, model, plan, normalization, augmentation, samples, seed } = this.#in;
    const batch = indices.length;
    const pixels = new Float32Array(batch * this.#size);
    const labels = new Int32Array(batch);
    assembleBatch(samples, indices, normalization, augmentation, seed, epoch, pixels, labels);
    const moment = this.#position.epoch + this.#position.stepInEpoch / this.#stepsPerEpoch;
    const rate = evaluateSchedule(plan.learningRate, moment, plan.epochs);
    const scalars = optimizerScalars(plan.optimizer, rate, this.#position.step);
    const input = {
      x: tf.tensor(pixels, [batch, ...samples.shape], 'float32'),
      targets: oneHot(tf, labels, model.outputs),
      scalars: Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])),
      noise: this.#noise(batch),
    };
    const result = trainingStep(
      tf,
      { model, variables: this.#variables, loss: plan.loss, optimizer: plan.optimizer },
      input,
      this.#state,
    );
    tf.dispose([input.x, input.targets, input.scalars, input.noise]);
    return result;
  }

  /** Uniform noise for the layers and weight methods that ask for it, keyed by (seed, name, step). */
  #noise(batch: number): Record<string, Tensor> {
    const { tf, model, seed } = this.#in;
    const noise: Record<string, Tensor> = {};
    for (const [name, shape] of noiseShapes(model, batch)) {
      const random = new RandomStream(seed, `noise:${name}`, this.#position.step);
      const count = shape.reduce((product, extent) => product * extent, 1);
      const values = Float32Array.from({ length: count }, () => random.nextUniform());
      noise[name] = tf.tensor(values, shape, 'float32');
    }
    return noise;
  }

  /** Reads the pending step metrics in one go and adds them to the epoch's sums. */
  async #flush(pending: { loss: Tensor; correct: Tensor }[]): Promise<MetricPoint[]> {
    const { tf, plan } = this.#in;
    const losses = tf.stack(pending.map(({ loss }) => loss));
    const corrects = tf.stack(pending.map(({ correct }) => correct));
    const loss = Float32Array.from(await losses.data());
    const correct = Float32Array.from(await corrects.data());
    tf.dispose([losses, corrects, pending]);
    const steps = pending.splice(0).length;
    const lossTotal = loss.reduce((sum, value) => sum + value, 0);
    const correctTotal = correct.reduce((sum, value) => sum + value, 0);
    if (!Number.isFinite(lossTotal)) {
      throw new BitsmithError(
        'job-failed',
        `the loss is no finite number any more at step ${this.#position.step}; lower "training.learningRate"`,
      );
    }
    this.#position.lossSum += lossTotal;
    this.#position.correctSum += correctTotal;
    const moment = this.#position.epoch + (this.#position.stepInEpoch - 1) / this.#stepsPerEpoch;
    return this.#points({
      'train/loss': lossTotal / steps,
      'train/accuracy': correctTotal / (steps * plan.batchSize),
      'learning-rate': evaluateSchedule(plan.learningRate, moment, plan.epochs),
      'steps-per-second': this.#stepsPerSecond() ?? 0,
    });
  }

  /** Loss and accuracy in deployment form over the samples at `indices`. */
  async evaluate(samples: Samples, indices: Uint32Array): Promise<{ loss: number; accuracy: number }> {
    const { tf, model, plan, normalization } = this.#in;
    const evaluator = createEvaluator(tf, buildTrainedGraph(model, await this.#values(), normalization));
    try {
      return await evaluateSamples({
        tf,
        evaluator,
        samples,
        indices,
        normalization,
        loss: plan.loss,
        batchSize: Math.max(plan.batchSize, 100),
        breathe: this.#in.breathe,
      });
    } finally {
      evaluator.dispose();
    }
  }

  /** Variables (not slots) as plain numbers. */
  async #values(): Promise<Record<string, Float32Array>> {
    const entries = this.#variables.map(async ({ name }) => [name, await this.#read(name)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async #read(name: string): Promise<Float32Array> {
    const tensor = this.#state[name];
    if (!tensor) throw new RangeError(`the training state lacks ${name}`);
    return Float32Array.from(await tensor.data());
  }

  async #checkpoint(
    kind: 'epoch' | 'pause' | 'manual' | 'best' | 'final',
    validationAccuracy: number | null,
  ): Promise<TrainEvent> {
    const tensors: Checkpoint['tensors'] = new Map();
    for (const [name, tensor] of Object.entries(this.#state)) {
      tensors.set(name, { shape: tensor.shape, data: await this.#read(name) });
    }
    const position = { ...this.#position, elapsed: this.#elapsed() };
    return {
      type: 'checkpoint',
      kind,
      checkpoint: { position, configHash: this.#in.configHash, tensors },
      validationAccuracy,
    };
  }

  #points(values: Record<string, number>): MetricPoint[] {
    const { step } = this.#position;
    const epoch = step / this.#stepsPerEpoch;
    const time = this.#elapsed();
    return Object.entries(values).map(([series, value]) => ({ series, step, epoch, time, value }));
  }

  #progress(): TrainEvent {
    const rate = this.#stepsPerSecond();
    const left = this.stepsTotal - this.#position.step;
    return {
      type: 'progress',
      epochsDone: this.#position.epoch,
      stepsDone: this.#position.step,
      stepsTotal: this.stepsTotal,
      stepsPerSecond: rate,
      etaSeconds: rate ? left / rate : null,
      tensors: this.#in.tf.memory().numTensors,
    };
  }

  #elapsed(): number {
    return this.#elapsedBefore + (this.#in.now() - this.#startedAt);
  }

  #stepsPerSecond(): number | null {
    const seconds = this.#in.now() - this.#startedAt;
    return this.#stepsHere > 0 && seconds > 0 ? this.#stepsHere / seconds : null;
  }
}

function oneHot(tf: TF, labels: Int32Array, classes: number): Tensor {
  const values = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    values[i * classes + label] = 1;
  });
  return tf.tensor(values, [labels.length, classes], 'float32');
}
