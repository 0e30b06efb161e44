import type { Interpolation, Schedule } from './schema.ts';

/**
 * The value of a schedule at a moment. Pure: the trainer and the window call the same function.
 *
 * @param epoch moment in epochs, fractional, 0 … epochs
 * @param epochs length of the run, or of the phase that the schedule belongs to, in epochs
 */
export function evaluateSchedule(schedule: Schedule, epoch: number, epochs: number): number {
  switch (schedule.kind) {
    case 'one-cycle':
      return oneCycle(schedule, clamp(epoch / epochs));
    case 'sequence':
      return sequence(schedule.parts, epoch, epochs);
    case 'product':
      return schedule.factors.reduce(
        (product, factor) => product * evaluateSchedule(factor, epoch, epochs),
        1,
      );
    default: {
      const { warmup } = schedule;
      if (!warmup || epoch >= warmup.epochs) return base(schedule, epoch, epochs);
      const target = base(schedule, warmup.epochs, epochs);
      return target * (warmup.from + (1 - warmup.from) * (epoch / warmup.epochs));
    }
  }
}

type Plain = Exclude<Schedule, { kind: 'one-cycle' | 'sequence' | 'product' }>;

function base(schedule: Plain, epoch: number, epochs: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.value;
    case 'step': {
      const { factor, initial } = schedule;
      const passed = schedule.epochs.filter((at) => epoch >= at).length;
      if (typeof factor === 'number') return initial * factor ** passed;
      return factor.slice(0, passed).reduce((value, each) => value * each, initial);
    }
    case 'piecewise':
      return piecewise(schedule.points, schedule.interpolation, epoch);
    default: {
      const { initial, final, begin, end = epochs } = schedule;
      const progress = end > begin ? clamp((epoch - begin) / (end - begin)) : epoch < begin ? 0 : 1;
      if (schedule.kind === 'polynomial') return final + (initial - final) * (1 - progress) ** schedule.power;
      return between(initial, final, progress, schedule.kind);
    }
  }
}

/** `from` at 0, `to` at 1, exactly so at both ends. */
function between(from: number, to: number, progress: number, how: Interpolation): number {
  if (progress >= 1) return to;
  if (progress <= 0) return from;
  switch (how) {
    case 'hold':
      return from;
    case 'linear':
      return from + (to - from) * progress;
    case 'exponential':
      return from * (to / from) ** progress;
    case 'cosine':
      return to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2;
  }
}

function oneCycle(schedule: Extract<Schedule, { kind: 'one-cycle' }>, progress: number): number {
  const { peak, warmup } = schedule;
  return progress < warmup
    ? between(peak / schedule.initialDivisor, peak, progress / warmup, 'cosine')
    : between(peak, peak / schedule.finalDivisor, (progress - warmup) / (1 - warmup), 'cosine');
}

function piecewise(
  points: readonly (readonly [number, number])[],
  how: Interpolation,
  epoch: number,
): number {
  const next = points.findIndex(([at]) => at > epoch);
  const [lastAt, last] = points[next < 0 ? points.length - 1 : Math.max(0, next - 1)] ?? [0, 0];
  const [nextAt, following] = points[next] ?? [0, 0];
  return next <= 0 ? last : between(last, following, (epoch - lastAt) / (nextAt - lastAt), how);
}

function sequence(
  parts: readonly { epochs?: number | undefined; schedule: Schedule }[],
  epoch: number,
  epochs: number,
): number {
  let begin = 0;
  for (const [index, { epochs: length, schedule }] of parts.entries()) {
    const last = index === parts.length - 1;
    const own = length ?? Math.max(0, epochs - begin);
    if (last || epoch < begin + own) return evaluateSchedule(schedule, Math.max(0, epoch - begin), own);
    begin += own;
  }
  return 0;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
