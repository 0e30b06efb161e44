import type { TrainingPlan } from '#shared/train/plan.ts';
import type { Schedule } from '#shared/train/schedule/schema.ts';

/** A training plan in `epochs` epochs, its schedules and phases in proportion. Each phase gets one epoch at least. */
export function compress(plan: TrainingPlan, epochs: number): Record<string, unknown> {
  const { phases, freeze, pruning, ...rest } = plan;
  const share = epochs / plan.epochs;
  const quantities = [
    'learningRate',
    'regularization',
    'weightQuantization',
    'activationQuantization',
  ] as const;
  const scaled = Object.fromEntries(quantities.map((name) => [name, compressSchedule(plan[name], share)]));
  const phased = phases?.map((phase) => {
    const own = quantities.flatMap((name) => {
      const schedule = phase[name];
      return schedule ? [[name, compressSchedule(schedule, 1 / phase.epochs)] as const] : [];
    });
    return { ...phase, ...Object.fromEntries(own), epochs: 1 };
  });
  return {
    ...rest,
    ...scaled,
    epochs: phased ? phased.length : epochs,
    freeze: Object.fromEntries(Object.entries(freeze).map(([what, epoch]) => [what, epoch * share])),
    ...(phased ? { phases: phased } : {}),
    ...(pruning?.sparsity
      ? {
          pruning: {
            ...pruning,
            sparsity: compressSchedule(pruning.sparsity, share),
            everySteps: 10,
            ...(pruning.refreshUntil === undefined ? {} : { refreshUntil: pruning.refreshUntil * share }),
          },
        }
      : {}),
  };
}

/** The same course in `share` of the time. */
export function compressSchedule(schedule: Schedule, share: number): Schedule {
  const warmup =
    'warmup' in schedule && typeof schedule.warmup === 'object'
      ? { warmup: { ...schedule.warmup, epochs: schedule.warmup.epochs * share } }
      : {};
  switch (schedule.kind) {
    case 'constant':
      return { ...schedule, ...warmup };
    case 'one-cycle':
      return schedule;
    case 'step':
      return { ...schedule, ...warmup, epochs: schedule.epochs.map((epoch) => epoch * share) };
    case 'piecewise':
      return {
        ...schedule,
        ...warmup,
        points: schedule.points.map(([epoch, value]) => [epoch * share, value]),
      };
    case 'sequence':
      return {
        ...schedule,
        parts: schedule.parts.map(({ epochs, schedule: part }) => ({
          ...(epochs === undefined ? {} : { epochs: epochs * share }),
          schedule: compressSchedule(part, share),
        })),
      };
    case 'product':
      return { ...schedule, factors: schedule.factors.map((factor) => compressSchedule(factor, share)) };
    default:
      return {
        ...schedule,
        ...warmup,
        begin: schedule.begin * share,
        ...(schedule.end === undefined ? {} : { end: schedule.end * share }),
      };
  }
}
