import { BitsmithError } from '../base/errors.ts';
import { epochOrder } from '../dataset/split.ts';
import { networkVariables, type NetworkVariable } from '../model/variables.ts';
import { BEST_SERIES, type MetricPoint } from '../run/record.ts';
import {
  calibrated,
  hasStages,
  masksDue,
  newMasks,
  newStages,
  quantizationBegins,
  quantizersFromKernels,
  type NewValues,
} from './between-steps.ts';
import type { Position } from './checkpoint.ts';
import { LayerDiagnostics } from './diagnostics.ts';
import type { TrainEvent } from './events.ts';
import { measureNetwork, measureTrainingForm, isDynamic } from './measure.ts';
import { MemoryWatch } from './memory-watch.ts';
import { isFinalForm, planAt, planUses, scheduleSeries, type PlanUses } from './moment.ts';
import { observeActivations } from './observe.ts';
import { readMetrics, type PendingMetrics } from './pending-metrics.ts';
import { Pace } from './pace.ts';
import { judgeRound, roundEnds } from './rounds.ts';
import { checkpointTensors, createState, keepGood, placed, plainValues, restoreGood } from './state.ts';
import { stepInput } from './step-input.ts';
import { disposeReplaced, trainingStep, type TrainingState } from './step.ts';
import { stepsPerEpoch, type TrainerInput } from './trainer-input.ts';

/**
 * Trains a network as a stream of events. No disk, no process: whoever drives it stores what it yields.
 *
 * The last, incomplete batch of an epoch is left out of training (the order changes every epoch), never of evaluation.
 *
 * @throws BitsmithError `job-failed` when the loss is no number any more, `invalid-input` when there are fewer training
 *   samples than one batch or nothing to judge pruning rounds by, `corrupt` when the checkpoint does not fit the network
 */
export class Trainer {
  readonly #in: TrainerInput;
  readonly #variables: NetworkVariable[];
  readonly #stepsPerEpoch: number;
  readonly #diagnostics: LayerDiagnostics;
  readonly #uses: PlanUses;
  #state: TrainingState = {};
  #position: Position;
  #startedAt = 0;
  #elapsedBefore = 0;
  readonly #pace: Pace;
  readonly #memory: MemoryWatch;

  constructor(input: TrainerInput) {
    const { model, plan } = input;
    this.#in = input;
    this.#variables = networkVariables(model);
    this.#uses = planUses(plan);
    this.#stepsPerEpoch = stepsPerEpoch(input);
    this.#diagnostics = new LayerDiagnostics(model);
    this.#pace = new Pace(this.#stepsPerEpoch);
    this.#memory = new MemoryWatch(input.tf, input.memory);
    this.#position = {
      epoch: 0,
      stepInEpoch: 0,
      step: 0,
      seed: input.seed,
      lossSum: 0,
      correctSum: 0,
      elapsed: 0,
      bestValidationAccuracy: null,
      rounds: null,
    };
  }

  get stepsTotal(): number {
    return this.#stepsPerEpoch * this.#in.plan.epochs;
  }

  /** Puts the variables on the back end: initial values, another run's, or those of the checkpoint. */
  prepare(): void {
    const { tf, resume, initial, seed } = this.#in;
    this.#state = createState(tf, this.#layout, seed, resume, initial);
    if (!resume) return;
    this.#position = { ...resume.position };
    this.#elapsedBefore = resume.position.elapsed;
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
      const result = this.#step(indices);
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
    const { plan, untilEpoch } = this.#in;
    this.#startedAt = this.#in.now();
    if (this.#position.step === 0 && !this.#position.rounds) yield* this.#measureStart();
    while (this.#position.epoch < plan.epochs && !this.#position.rounds?.ended) {
      if (this.#position.stepInEpoch === 0) {
        this.#pace.epochBegins(this.#in.now());
        await this.#epochStart();
      }
      const command = yield* this.#epoch();
      if (!command) {
        yield* this.#epochEnd();
        this.#pace.epochEnds(this.#in.now());
      }
      const due = this.#position.epoch >= (untilEpoch ?? Infinity) && this.#position.epoch < plan.epochs;
      if (command || (due && !this.#position.rounds?.ended)) {
        const paused = command !== 'stop';
        yield await this.#checkpoint(paused ? 'pause' : 'manual', null);
        yield { type: 'ended', status: paused ? 'paused' : 'stopped', accuracy: null, loss: null };
        return;
      }
    }
    yield* this.#finish();
  }

  async *#finish(): AsyncGenerator<TrainEvent> {
    const { test, split, model, plan } = this.#in;
    if (hasStages(model)) this.#put(newStages(model, await this.#values(), 1));
    const chosen = { samples: test, indices: split.test };
    const result = await measureNetwork(this.#source, this.#state, planAt(plan, plan.epochs), chosen);
    const points: Record<string, number> = { 'test/loss': result.loss, 'test/accuracy': result.accuracy };
    if (isDynamic(model)) {
      const trained = await measureTrainingForm(this.#source, this.#state, chosen);
      points['test/accuracy-training-form'] = trained.accuracy;
      const difference = ((result.accuracy - trained.accuracy) * 100).toFixed(2);
      yield {
        type: 'log',
        level: 'info',
        message:
          `test accuracy with the statistics of each sample ${(trained.accuracy * 100).toFixed(2)} %, with the frozen ` +
          `ones of deployment ${(result.accuracy * 100).toFixed(2)} %: ${difference} points`,
      };
    }
    yield { type: 'metrics', points: this.#points(points) };
    yield await this.#checkpoint('final', null);
    yield { type: 'ended', status: 'finished', accuracy: result.accuracy, loss: result.loss };
  }

  /** What changes at an epoch's boundary without a gradient. */
  async #epochStart(): Promise<void> {
    const { model, plan } = this.#in;
    const { epoch } = this.#position;
    const begins = (quantity: 'weightQuantization' | 'activationQuantization') =>
      quantizationBegins(plan, quantity, epoch, this.#stepsPerEpoch);
    if (epoch > 0 && begins('weightQuantization')) {
      this.#put(quantizersFromKernels(model, await this.#values(), this.#in.seed));
    }
    if (hasStages(model)) this.#put(newStages(model, await this.#values(), epoch / plan.epochs));
    if (begins('activationQuantization')) await this.#calibrate();
    // At an epoch's boundary the state is that of the epoch's end; within an epoch the codes of its start are gone.
    this.#diagnostics.remember(await this.#values());
  }

  /** Steps of the current epoch from where it stands; returns the command that interrupted it, if one did. */
  async *#epoch(): AsyncGenerator<TrainEvent, 'pause' | 'stop' | null> {
    const { plan, split, seed } = this.#in;
    const order = epochOrder(seed, this.#position.epoch, split.train.length);
    const pending: PendingMetrics[] = [];
    this.#pace.goesOn(this.#in.now());
    while (this.#position.stepInEpoch < this.#stepsPerEpoch) {
      if (masksDue(plan, this.#position, this.#stepsPerEpoch)) await this.#refreshMasks();
      const from = this.#position.stepInEpoch * plan.batchSize;
      const result = this.#step(this.#chosen(order.subarray(from, from + plan.batchSize)));
      disposeReplaced(this.#state, result.state);
      this.#state = result.state;
      pending.push({ loss: result.loss, correct: result.correct });
      this.#position.stepInEpoch++;
      this.#position.step++;
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
    const moment = planAt(plan, (this.#position.step - 1) / this.#stepsPerEpoch);
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
      const chosen = { samples, indices: split.validation };
      const result = await measureNetwork(this.#source, this.#state, moment, chosen);
      validationAccuracy = result.accuracy;
      scalars['validation/loss'] = result.loss;
      scalars['validation/accuracy'] = result.accuracy;
    }
    const values = await this.#values();
    const { series, histograms } = this.#diagnostics.measure(values, this.#position);
    yield { type: 'metrics', points: this.#points({ ...scalars, ...series }) };
    yield { type: 'histograms', rows: histograms };
    yield this.#progress();
    if (validationAccuracy !== null) yield* this.#judge(validationAccuracy);
    const best = this.#position.bestValidationAccuracy;
    const improved =
      validationAccuracy !== null &&
      isFinalForm(plan, moment) &&
      !this.#position.rounds?.ended &&
      (best === null || validationAccuracy > best);
    if (improved && validationAccuracy !== null) {
      this.#position.bestValidationAccuracy = validationAccuracy;
      yield { type: 'metrics', points: this.#points({ [BEST_SERIES]: validationAccuracy }) };
    }
    const due = this.#position.epoch % plan.checkpointEvery === 0;
    if (improved || due) yield await this.#checkpoint(improved ? 'best' : 'epoch', validationAccuracy);
    await this.#in.breathe();
  }

  /** What a start from another run's weights is worth: the accuracy that pruning rounds are judged by. */
  async *#measureStart(): AsyncGenerator<TrainEvent> {
    const { tf, plan, samples, split, initial } = this.#in;
    const rounds = plan.pruning?.rounds;
    if (split.validation.length === 0 || (!initial && !rounds)) return;
    const chosen = { samples, indices: split.validation };
    const { accuracy } = await measureNetwork(this.#source, this.#state, planAt(plan, 0), chosen);
    const message = `validation accuracy ${(accuracy * 100).toFixed(2)} % at the start`;
    yield { type: 'log', level: 'info', message };
    if (!rounds) return;
    this.#position.rounds = { baseline: accuracy, passed: 0, accuracy, ended: false };
    keepGood(tf, this.#variables, this.#state);
  }

  /** At the end of a pruning round: goes on from it, or back to the last good one. */
  async *#judge(accuracy: number): AsyncGenerator<TrainEvent> {
    const { rounds } = this.#in.plan.pruning ?? {};
    const round = roundEnds(rounds, this.#position.epoch);
    if (!rounds || !this.#position.rounds || round === null) return;
    const { standing, message } = judgeRound(rounds, this.#position.rounds, round, accuracy);
    this.#position.rounds = standing;
    if (standing.ended) restoreGood(this.#in.tf, this.#variables, this.#state);
    else keepGood(this.#in.tf, this.#variables, this.#state);
    yield { type: 'log', level: 'info', message };
    const passed = standing.passed === 0 ? 0 : (rounds.levels[standing.passed - 1] ?? 0);
    yield { type: 'metrics', points: this.#points({ 'pruning/good-sparsity': passed }) };
  }

  async #refreshMasks(): Promise<void> {
    const { model, plan } = this.#in;
    if (!plan.pruning) return;
    const moment = this.#position.step / this.#stepsPerEpoch;
    this.#put(newMasks(model, { ...plan, pruning: plan.pruning }, await this.#values(), moment));
  }

  /** Activation methods that ask for it take their steps from the first batch. */
  async #calibrate(): Promise<void> {
    const { tf, model, plan, split, seed, initial } = this.#in;
    const order = epochOrder(seed, this.#position.epoch, split.train.length);
    const input = this.#stepInput(this.#chosen(order.subarray(0, plan.batchSize)));
    const { pruning } = plan;
    const source = { model, variables: this.#variables, state: this.#state, input, pruning };
    const observed = await observeActivations(tf, source);
    tf.dispose([input.x, input.targets, input.scalars, input.noise]);
    this.#put(calibrated(model, observed, new Set(initial?.tensors.keys())));
  }

  /** Puts plain values in the place of variables. */
  #put(values: NewValues): void {
    const { tf } = this.#in;
    for (const [name, value] of Object.entries(values)) {
      const variable = this.#variables.find((each) => each.name === name);
      if (!variable) throw new RangeError(`the network has no variable ${name}`);
      this.#state[name]?.dispose();
      this.#state[name] = placed(tf, variable, value);
    }
  }

  /** Indices of training samples from positions in an epoch's order. */
  #chosen(positions: Uint32Array): Uint32Array {
    return positions.map((i) => this.#in.split.train[i] ?? 0);
  }

  #stepInput(indices: Uint32Array) {
    const moment = planAt(this.#in.plan, this.#position.step / this.#stepsPerEpoch);
    return stepInput({ ...this.#in, uses: this.#uses }, indices, this.#position, moment);
  }

  #step(indices: Uint32Array) {
    const { tf, model, plan } = this.#in;
    const { loss, optimizer, pruning } = plan;
    const input = this.#stepInput(indices);
    const definition = { model, variables: this.#variables, loss, optimizer, pruning };
    const result = trainingStep(tf, definition, input, this.#state);
    tf.dispose([input.x, input.targets, input.scalars, input.noise]);
    return result;
  }

  /** Reads the pending step metrics in one go and adds them to the epoch's sums. */
  async #flush(pending: PendingMetrics[]): Promise<MetricPoint[]> {
    const { tf, plan } = this.#in;
    const { steps, loss, correct } = await readMetrics(tf, pending);
    this.#pace.mark(steps, this.#in.now());
    if (!Number.isFinite(loss)) {
      throw new BitsmithError(
        'job-failed',
        `the loss is no finite number any more at step ${this.#position.step}; lower "training.learningRate"`,
      );
    }
    this.#position.lossSum += loss;
    this.#position.correctSum += correct;
    const moment = planAt(plan, (this.#position.step - 1) / this.#stepsPerEpoch);
    return this.#points({
      'train/loss': loss / steps,
      'train/accuracy': correct / (steps * plan.batchSize),
      ...scheduleSeries(plan, this.#uses, moment),
      'steps-per-second': this.#pace.stepsPerSecond() ?? 0,
      ...this.#memory.look(this.#in.now()),
    });
  }

  /** Variables (not slots) as plain numbers. */
  #values(): Promise<Record<string, Float32Array>> {
    return plainValues(this.#in.tf, this.#variables, this.#state);
  }

  get #layout() {
    const { model, plan } = this.#in;
    const fallback = plan.pruning?.rounds !== undefined;
    return { model, variables: this.#variables, optimizer: plan.optimizer, fallback };
  }

  get #source() {
    return { ...this.#in, variables: this.#variables };
  }

  async #checkpoint(
    kind: 'epoch' | 'pause' | 'manual' | 'best' | 'final',
    validationAccuracy: number | null,
  ): Promise<TrainEvent> {
    const tensors = await checkpointTensors(this.#in.tf, this.#layout, this.#state);
    const position = { ...this.#position, elapsed: this.#elapsed() };
    const checkpoint = { position, configHash: this.#in.configHash, tensors };
    return { type: 'checkpoint', kind, checkpoint, validationAccuracy };
  }

  #points(values: Record<string, number>): MetricPoint[] {
    const { step } = this.#position;
    const epoch = step / this.#stepsPerEpoch;
    const time = this.#elapsed();
    return Object.entries(values).map(([series, value]) => ({ series, step, epoch, time, value }));
  }

  #progress(): TrainEvent {
    const left = this.stepsTotal - this.#position.step;
    return {
      type: 'progress',
      epochsDone: this.#position.epoch,
      stepsDone: this.#position.step,
      stepsTotal: this.stepsTotal,
      stepsPerSecond: this.#pace.stepsPerSecond(),
      etaSeconds: this.#pace.secondsFor(left),
      tensors: this.#in.tf.memory().numTensors,
    };
  }

  #elapsed(): number {
    return this.#elapsedBefore + (this.#in.now() - this.#startedAt);
  }
}
