import type { Schedule } from '../schema.ts';

/** A schedule with all its times stretched from a run of one length to that of another. */
export function fitSchedule(schedule: Schedule, from: number, to: number): Schedule {
  const at = (epoch: number) => Number(((epoch * to) / from).toPrecision(6));
  const warmup =
    'warmup' in schedule && schedule.kind !== 'one-cycle' && schedule.warmup
      ? { warmup: { ...schedule.warmup, epochs: at(schedule.warmup.epochs) } }
      : {};
  switch (schedule.kind) {
    case 'constant':
      return { ...schedule, ...warmup };
    case 'one-cycle':
      return schedule;
    case 'step':
      return { ...schedule, epochs: schedule.epochs.map(at), ...warmup };
    case 'piecewise':
      return { ...schedule, points: schedule.points.map(([epoch, value]) => [at(epoch), value]), ...warmup };
    case 'sequence':
      return {
        ...schedule,
        parts: schedule.parts.map(({ epochs, schedule: part }) => ({
          ...(epochs === undefined ? {} : { epochs: at(epochs) }),
          schedule: fitSchedule(part, from, to),
        })),
      };
    case 'product':
      return { ...schedule, factors: schedule.factors.map((factor) => fitSchedule(factor, from, to)) };
    default: {
      const end = schedule.end === undefined ? {} : { end: at(schedule.end) };
      return { ...schedule, begin: at(schedule.begin), ...end, ...warmup };
    }
  }
}
