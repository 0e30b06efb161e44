import { evaluateSchedule } from '../evaluate.ts';
import type { Schedule } from '../schema.ts';
import { convertSchedule, type Quantity } from './convert.ts';
import { GAP, partsOf } from './handles.ts';

/**
 * A schedule with one more point, on its curve: a point of a piecewise curve, a step of a staircase; other kinds become
 * piecewise first, in the same form.
 */
export function addPoint(schedule: Schedule, epochs: number, at: number, quantity: Quantity): Schedule {
  switch (schedule.kind) {
    case 'piecewise': {
      const { points } = schedule;
      if (points.some(([epoch]) => Math.abs(epoch - at) < GAP)) return schedule;
      const value = Number(evaluateSchedule({ ...schedule, warmup: undefined }, at, epochs).toPrecision(6));
      const added = [...points, [at, value] as [number, number]].toSorted((a, b) => a[0] - b[0]);
      return { ...schedule, points: added };
    }
    case 'step': {
      const { epochs: times, factor } = schedule;
      if (at <= 0 || times.some((epoch) => Math.abs(epoch - at) < GAP)) return schedule;
      const index = times.filter((epoch) => epoch < at).length;
      return {
        ...schedule,
        epochs: times.toSpliced(index, 0, at),
        factor:
          typeof factor === 'number'
            ? factor
            : factor.toSpliced(index, 0, factor[Math.max(0, index - 1)] ?? 0.1),
      };
    }
    case 'sequence': {
      const parts = partsOf(schedule, epochs);
      const index = parts.findIndex(({ begin, length, last }) => last || at < begin + length);
      const place = parts[index];
      if (!place) return schedule;
      return {
        ...schedule,
        parts: schedule.parts.map((part, i) =>
          i === index
            ? { ...part, schedule: addPoint(part.schedule, place.length, at - place.begin, quantity) }
            : part,
        ),
      };
    }
    default:
      return addPoint(convertSchedule(schedule, 'piecewise', epochs, quantity), epochs, at, quantity);
  }
}

/** A schedule without the point, step, warm-up or border of a handle; the same one where it cannot go. */
export function removePoint(schedule: Schedule, id: string): Schedule {
  const slash = id.indexOf('/');
  const index = Number((slash < 0 ? id : id.slice(0, slash)).split('.')[1]);
  const rest = id.slice(slash + 1);
  switch (schedule.kind) {
    case 'one-cycle':
      return schedule;
    case 'product':
      return {
        ...schedule,
        factors: schedule.factors.map((factor, i) => (i === index ? removePoint(factor, rest) : factor)),
      };
    case 'sequence': {
      if (slash >= 0) {
        const parts = schedule.parts.map((part, i) =>
          i === index ? { ...part, schedule: removePoint(part.schedule, rest) } : part,
        );
        return { ...schedule, parts };
      }
      // The part before the border takes the time of the one after it.
      const [before, after] = [schedule.parts[index], schedule.parts[index + 1]];
      if (!before || !after) return schedule;
      const epochs = after.epochs === undefined ? undefined : (before.epochs ?? 0) + after.epochs;
      return { ...schedule, parts: schedule.parts.toSpliced(index, 2, { ...before, epochs }) };
    }
    default:
      if (id === 'warmup-end') return { ...schedule, warmup: undefined };
  }
  if (schedule.kind === 'piecewise' && schedule.points.length > 1 && id.startsWith('points.')) {
    return { ...schedule, points: schedule.points.toSpliced(index, 1) };
  }
  if (schedule.kind === 'step' && id.startsWith('epochs.')) {
    const { epochs, factor, initial, warmup } = schedule;
    if (epochs.length === 1) return { kind: 'constant', value: initial, ...(warmup ? { warmup } : {}) };
    return {
      ...schedule,
      epochs: epochs.toSpliced(index, 1),
      factor: typeof factor === 'number' ? factor : factor.toSpliced(index, 1),
    };
  }
  return schedule;
}
