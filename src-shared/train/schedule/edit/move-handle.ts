import { evaluateSchedule } from '../evaluate.ts';
import type { Schedule } from '../schema.ts';
import { handlesOf, othersAt, partsOf } from './handles.ts';

/** What a value of the quantity may be. */
export interface ValueRange {
  min: number;
  max: number;
}

/**
 * A schedule with one handle moved; what the move asks beyond the allowed is brought back to it.
 *
 * @param id of a handle that `handlesOf` gives for this schedule
 * @param to in the schedule's own time; what is left out stays
 */
export function moveHandle(
  schedule: Schedule,
  epochs: number,
  id: string,
  to: { epoch?: number | undefined; value?: number | undefined },
  range: ValueRange,
): Schedule {
  const handle = handlesOf(schedule, epochs).find((one) => one.id === id);
  if (!handle) return schedule;
  let moved = schedule;
  if (to.epoch !== undefined && handle.time) {
    moved = setTime(moved, epochs, id, clean(clamp(to.epoch, ...handle.time)), range);
  }
  if (to.value !== undefined && handle.height) {
    moved = setValue(moved, epochs, id, clean(clamp(to.value, range.min, range.max)), range);
  }
  return moved;
}

function setTime(schedule: Schedule, epochs: number, id: string, epoch: number, range: ValueRange): Schedule {
  const nested = inner(id);
  switch (schedule.kind) {
    case 'one-cycle':
      return { ...schedule, warmup: clean(epoch / epochs) };
    case 'sequence': {
      const index = nested?.index ?? Number(id.split('.')[1]);
      const place = partsOf(schedule, epochs)[index];
      if (!place) return schedule;
      const parts = schedule.parts.map((part, i) => {
        if (i !== index) return part;
        if (!nested) return { ...part, epochs: clean(epoch - place.begin) };
        const to = { epoch: epoch - place.begin };
        return { ...part, schedule: moveHandle(part.schedule, place.length, nested.id, to, range) };
      });
      return { ...schedule, parts };
    }
    case 'product':
      return inFactor(schedule, nested, (factor, rest) => moveHandle(factor, epochs, rest, { epoch }, range));
    default:
      if (id === 'warmup-end' && schedule.warmup) {
        return { ...schedule, warmup: { ...schedule.warmup, epochs: epoch } };
      }
      break;
  }
  switch (schedule.kind) {
    case 'constant':
      return schedule;
    case 'step':
      return { ...schedule, epochs: schedule.epochs.with(Number(id.split('.')[1]), epoch) };
    case 'piecewise': {
      const index = Number(id.split('.')[1]);
      return { ...schedule, points: schedule.points.with(index, [epoch, schedule.points[index]?.[1] ?? 0]) };
    }
    default:
      if (id === 'begin') return { ...schedule, begin: epoch };
      // The end of the run needs no number, and stays the end when the run gets longer.
      return { ...schedule, end: epoch >= epochs ? undefined : epoch };
  }
}

function setValue(
  schedule: Schedule,
  epochs: number,
  id: string,
  value: number,
  range: ValueRange,
): Schedule {
  const nested = inner(id);
  switch (schedule.kind) {
    case 'one-cycle':
      if (id === 'peak') return { ...schedule, peak: value };
      return value <= 0
        ? schedule
        : {
            ...schedule,
            [id === 'start' ? 'initialDivisor' : 'finalDivisor']: Math.max(1, clean(schedule.peak / value)),
          };
    case 'sequence': {
      if (!nested) return schedule;
      const place = partsOf(schedule, epochs)[nested.index];
      const parts = schedule.parts.map((part, i) =>
        i === nested.index && place
          ? { ...part, schedule: moveHandle(part.schedule, place.length, nested.id, { value }, range) }
          : part,
      );
      return { ...schedule, parts };
    }
    case 'product': {
      const at = handlesOf(schedule, epochs).find((one) => one.id === id)?.epoch ?? 0;
      return inFactor(schedule, nested, (factor, rest, i) => {
        const others = othersAt(schedule.factors, i, at, epochs);
        return moveHandle(factor, epochs, rest, { value: value / others }, range);
      });
    }
    default:
      if (schedule.warmup && id === 'warmup-start') {
        const target = evaluateSchedule(schedule, schedule.warmup.epochs, epochs);
        const from = target > 0 ? clean(clamp(value / target, 0, 1)) : schedule.warmup.from;
        return { ...schedule, warmup: { ...schedule.warmup, from } };
      }
      break;
  }
  switch (schedule.kind) {
    case 'constant':
      return { ...schedule, value };
    case 'step':
      return stepTo(schedule, epochs, id, value, range);
    case 'piecewise': {
      const index = Number(id.split('.')[1]);
      return { ...schedule, points: schedule.points.with(index, [schedule.points[index]?.[0] ?? 0, value]) };
    }
    default:
      if (id === 'begin') return { ...schedule, initial: value };
      if (id === 'end') return { ...schedule, final: value };
      return id === 'power' ? withPower(schedule, value) : withTarget(schedule, epochs, value, range);
  }
}

type Span = Extract<Schedule, { kind: 'linear' | 'exponential' | 'cosine' | 'polynomial' }>;

/** The power with which the curve passes half of its time at this value. */
function withPower(schedule: Span, value: number): Span {
  if (schedule.kind !== 'polynomial') return schedule;
  const share = (value - schedule.final) / (schedule.initial - schedule.final);
  const power = Math.log(clamp(share, 1e-6, 1 - 1e-6)) / Math.log(0.5);
  return { ...schedule, power: Number(clamp(power, 0.05, 20).toPrecision(3)) };
}

/** The initial value with which the curve has this value where its warm-up ends. */
function withTarget(schedule: Span, epochs: number, value: number, range: ValueRange): Span {
  const { begin, end = epochs, initial, final, warmup } = schedule;
  const at = warmup?.epochs ?? 0;
  const progress = clamp((at - begin) / (end - begin), 0, 1);
  if (schedule.kind === 'exponential') {
    if (progress >= 0.99 || value <= 0) return schedule;
    const start = (value / final ** progress) ** (1 / (1 - progress));
    return { ...schedule, initial: clean(clamp(start, range.min, range.max)) };
  }
  const now = evaluateSchedule(schedule, at, epochs);
  const share = initial === final ? 1 - progress : (now - final) / (initial - final);
  if (share < 0.01) return schedule;
  return { ...schedule, initial: clean(clamp(final + (value - final) / share, range.min, range.max)) };
}

function stepTo(
  schedule: Extract<Schedule, { kind: 'step' }>,
  epochs: number,
  id: string,
  value: number,
  range: ValueRange,
): Schedule {
  const { factor, initial } = schedule;
  if (id === 'initial') return { ...schedule, initial: value };
  if (id === 'warmup-end') {
    const now = evaluateSchedule(schedule, schedule.warmup?.epochs ?? 0, epochs);
    if (now <= 0) return schedule;
    return { ...schedule, initial: clean(clamp((initial * value) / now, range.min, range.max)) };
  }
  const index = Number(id.split('.')[1]);
  const factors = schedule.epochs.map((_, i) => (typeof factor === 'number' ? factor : (factor[i] ?? 1)));
  const before = factors.slice(0, index).reduce((product, one) => product * one, initial);
  if (before <= 0) return schedule;
  // One factor for all steps stays one: it is the first step that shows it alone.
  if (typeof factor === 'number' && index === 0) return { ...schedule, factor: clean(value / before) };
  return { ...schedule, factor: factors.with(index, clean(value / before)) };
}

function inFactor(
  schedule: Extract<Schedule, { kind: 'product' }>,
  nested: { index: number; id: string } | null,
  change: (factor: Schedule, id: string, index: number) => Schedule,
): Schedule {
  const factors = schedule.factors.map((factor, i) =>
    nested && i === nested.index ? change(factor, nested.id, i) : factor,
  );
  return { ...schedule, factors };
}

/** `parts.1/points.0` is handle `points.0` of part 1. */
function inner(id: string): { index: number; id: string } | null {
  const slash = id.indexOf('/');
  return slash < 0 ? null : { index: Number(id.slice(0, slash).split('.')[1]), id: id.slice(slash + 1) };
}

/** Without the digits that come from arithmetic alone. */
function clean(value: number): number {
  return Number(value.toPrecision(10));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(low, high), Math.max(low, value));
}
