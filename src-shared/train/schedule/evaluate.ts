import type { Schedule } from './schema.ts';

/**
 * The value of a schedule at a moment. Pure: the trainer and the window call the same function.
 *
 * @param epoch moment in epochs, fractional, 0 … epochs
 * @param epochs length of the run in epochs
 */
export function evaluateSchedule(schedule: Schedule, epoch: number, epochs: number): number {
  const progress = Math.min(1, Math.max(0, epoch / epochs));
  if (schedule.kind === 'one-cycle') return oneCycle(schedule, progress);
  const value = base(schedule, epoch, progress);
  const { warmup } = schedule;
  if (!warmup || epoch >= warmup.epochs) return value;
  const target = base(schedule, warmup.epochs, Math.min(1, warmup.epochs / epochs));
  return target * (warmup.from + (1 - warmup.from) * (epoch / warmup.epochs));
}

function base(schedule: Exclude<Schedule, { kind: 'one-cycle' }>, epoch: number, progress: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.value;
    case 'step':
      return schedule.initial * schedule.factor ** schedule.epochs.filter((at) => epoch >= at).length;
    case 'exponential':
      return schedule.initial * (schedule.final / schedule.initial) ** progress;
    case 'cosine':
      return cosine(schedule.initial, schedule.final, progress);
  }
}

function oneCycle(schedule: Extract<Schedule, { kind: 'one-cycle' }>, progress: number): number {
  const { peak, warmup } = schedule;
  return progress < warmup
    ? cosine(peak / schedule.initialDivisor, peak, progress / warmup)
    : cosine(peak, peak / schedule.finalDivisor, (progress - warmup) / (1 - warmup));
}

function cosine(from: number, to: number, progress: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2;
}
