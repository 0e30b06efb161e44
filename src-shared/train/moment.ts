import type { Phase, TrainingPlan } from './plan.ts';
import { evaluateSchedule } from './schedule/evaluate.ts';
import type { Schedule } from './schedule/schema.ts';

/** The value of everything that changes over time, at one moment of a run. */
export interface Moment {
  learningRate: number;
  regularization: number;
  weightQuantization: number;
  activationQuantization: number;
  /** Share of masked weights of layers without a schedule of their own. */
  sparsity: number;
  freezeBatchNorm: boolean;
  freezeQuantizer: boolean;
  /** Name of the phase, or null where the plan has none. */
  phase: string | null;
}

/**
 * Evaluates a training plan. Pure: the trainer, the window and the documentation call this one function.
 *
 * @param epoch moment in epochs since the start, fractional, 0 … plan.epochs
 */
export function planAt(plan: TrainingPlan, epoch: number): Moment {
  const { phase, begin } = phaseAt(plan, epoch);
  const value = (own: Schedule | undefined, common: Schedule) =>
    own && phase
      ? evaluateSchedule(own, epoch - begin, phase.epochs)
      : evaluateSchedule(common, epoch, plan.epochs);
  const frozenFrom = (from: number | undefined) => from !== undefined && epoch >= from;
  return {
    learningRate: value(phase?.learningRate, plan.learningRate),
    regularization: value(phase?.regularization, plan.regularization),
    weightQuantization: value(phase?.weightQuantization, plan.weightQuantization),
    activationQuantization: value(phase?.activationQuantization, plan.activationQuantization),
    sparsity: sparsityAt(plan, epoch),
    freezeBatchNorm: phase?.freeze?.batchNorm ?? frozenFrom(plan.freeze.batchNorm),
    freezeQuantizer: phase?.freeze?.quantizer ?? frozenFrom(plan.freeze.quantizer),
    phase: phase?.name ?? null,
  };
}

/**
 * Share of masked weights at a moment.
 *
 * @param layer a layer's id, for its own schedule where it has one; absent: the common value
 */
export function sparsityAt(plan: TrainingPlan, epoch: number, layer?: string): number {
  const { pruning } = plan;
  if (!pruning) return 0;
  const own = layer === undefined ? undefined : pruning.layers[layer];
  if (own) return evaluateSchedule(own, epoch, plan.epochs);
  if (pruning.rounds) {
    const { levels, epochs } = pruning.rounds;
    return levels[Math.min(levels.length - 1, Math.floor(epoch / epochs))] ?? 0;
  }
  const { phase, begin } = phaseAt(plan, epoch);
  if (phase?.sparsity) return evaluateSchedule(phase.sparsity, epoch - begin, phase.epochs);
  return pruning.sparsity ? evaluateSchedule(pruning.sparsity, epoch, plan.epochs) : 0;
}

function phaseAt(plan: TrainingPlan, epoch: number): { phase: Phase | null; begin: number } {
  const phases = plan.phases ?? [];
  let begin = 0;
  for (const phase of phases.slice(0, -1)) {
    if (epoch < begin + phase.epochs) return { phase, begin };
    begin += phase.epochs;
  }
  return { phase: phases.at(-1) ?? null, begin };
}

/**
 * Which of the changing numbers a plan makes use of at all. The others do not enter the step, whose kernels are the
 * same from the first step to the last.
 */
export interface PlanUses {
  weightBlend: boolean;
  activationBlend: boolean;
  freezeBatchNorm: boolean;
  freezeQuantizer: boolean;
  regularization: boolean;
}

export function planUses(plan: TrainingPlan): PlanUses {
  const phases = plan.phases ?? [];
  const changes = (quantity: 'weightQuantization' | 'activationQuantization' | 'regularization') =>
    [plan[quantity], ...phases.map((phase) => phase[quantity])].some((s) => s !== undefined && !isOne(s));
  const freezes = (what: 'batchNorm' | 'quantizer') =>
    plan.freeze[what] !== undefined || phases.some(({ freeze }) => freeze?.[what]);
  return {
    weightBlend: changes('weightQuantization'),
    activationBlend: changes('activationQuantization'),
    regularization: changes('regularization'),
    freezeBatchNorm: freezes('batchNorm'),
    freezeQuantizer: freezes('quantizer'),
  };
}

/** Whether the network has its last form at this moment: quantized for good, and as sparse as the plan makes it. */
export function isFinalForm(plan: TrainingPlan, moment: Moment): boolean {
  if (moment.weightQuantization < 1 || moment.activationQuantization < 1) return false;
  return plan.pruning?.rounds !== undefined || moment.sparsity >= sparsityAt(plan, plan.epochs);
}

/** The metric series of the schedules: the learning rate, and what else the plan lets change. */
export function scheduleSeries(plan: TrainingPlan, uses: PlanUses, moment: Moment): Record<string, number> {
  return {
    'learning-rate': moment.learningRate,
    ...(uses.weightBlend ? { 'schedule/weight-quantization': moment.weightQuantization } : {}),
    ...(uses.activationBlend ? { 'schedule/activation-quantization': moment.activationQuantization } : {}),
    ...(uses.regularization ? { 'schedule/regularization': moment.regularization } : {}),
    ...(plan.pruning ? { 'schedule/sparsity': moment.sparsity } : {}),
  };
}

function isOne(schedule: Schedule): boolean {
  return schedule.kind === 'constant' && schedule.value === 1 && !schedule.warmup;
}
