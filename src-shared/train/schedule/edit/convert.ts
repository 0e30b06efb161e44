import { evaluateSchedule } from '../evaluate.ts';
import type { Schedule, Warmup } from '../schema.ts';
import type { ValueRange } from './move-handle.ts';

export type ScheduleKind = Schedule['kind'];

/** What a schedule is of. */
export interface Quantity extends ValueRange {
  /** Learning rates fall; shares rise to what they are for. */
  falls: boolean;
}

const SAMPLES = 8;

/** A schedule without its warm-up. */
export function withoutWarmup(schedule: Schedule): Schedule {
  switch (schedule.kind) {
    case 'one-cycle':
    case 'sequence':
    case 'product':
      return schedule;
    default:
      return { ...schedule, warmup: undefined };
  }
}

/** What any curve can be asked for. */
interface Facts {
  first: number;
  last: number;
  highest: number;
  begin: number;
  end: number | undefined;
  warmup: Warmup | undefined;
}

/**
 * The same course as another kind of schedule, as far as that kind can follow it: where it starts, where it ends, when, its
 * height and its warm-up.
 *
 * @param epochs length of the run, or of the phase that the schedule belongs to
 */
export function convertSchedule(
  schedule: Schedule,
  kind: ScheduleKind,
  epochs: number,
  quantity: Quantity,
): Schedule {
  if (schedule.kind === kind) return schedule;
  const facts = factsOf(schedule, epochs);
  const { warmup } = facts;
  const keep = warmup ? { warmup } : {};
  switch (kind) {
    case 'constant':
      return { kind, value: facts.highest, ...keep };
    case 'step':
      return { kind, ...toSteps(facts, epochs, quantity), ...keep };
    case 'one-cycle':
      return {
        kind,
        peak: Math.max(facts.highest, positive(quantity)),
        initialDivisor: warmup && warmup.from > 0 ? round(1 / warmup.from) : 25,
        finalDivisor: facts.last > 0 && facts.last < facts.highest ? round(facts.highest / facts.last) : 1e4,
        warmup: warmup && warmup.epochs < epochs ? round(warmup.epochs / epochs) : 0.3,
      };
    case 'piecewise':
      return { ...toPoints(schedule, epochs), ...keep };
    case 'sequence':
      return { kind, parts: [{ schedule }] };
    case 'product':
      return { kind, factors: [schedule] };
    default: {
      const span = { ...ends(facts, quantity), begin: facts.begin, end: facts.end, ...keep };
      if (kind === 'polynomial') return { kind, power: 3, ...span };
      if (kind !== 'exponential') return { kind, ...span };
      const least = Math.max(positive(quantity), Math.max(span.initial, span.final) * 1e-4);
      return { kind, ...span, initial: Math.max(least, span.initial), final: Math.max(least, span.final) };
    }
  }
}

function factsOf(schedule: Schedule, epochs: number): Facts {
  if (schedule.kind === 'one-cycle') {
    const { peak, warmup, initialDivisor, finalDivisor } = schedule;
    const length = warmup * epochs;
    return {
      first: peak,
      last: peak / finalDivisor,
      highest: peak,
      begin: length,
      end: undefined,
      warmup: { epochs: length, from: round(1 / initialDivisor) },
    };
  }
  const warmup = 'warmup' in schedule ? schedule.warmup : undefined;
  const plain = withoutWarmup(schedule);
  const values = Array.from({ length: 65 }, (_, i) => evaluateSchedule(plain, (i / 64) * epochs, epochs));
  const span = 'initial' in plain && 'final' in plain ? plain : null;
  return {
    first: span?.initial ?? values[0] ?? 0,
    last: span?.final ?? values.at(-1) ?? 0,
    highest: Math.max(...values),
    begin: span?.begin ?? 0,
    end: span?.end,
    warmup,
  };
}

/** Two different ends: what is constant begins to move in the direction of its quantity. */
function ends({ first, last }: Facts, { falls, min }: Quantity): { initial: number; final: number } {
  if (first !== last) return { initial: first, final: last };
  return falls ? { initial: first, final: Math.max(min, round(first / 100)) } : { initial: 0, final: last };
}

function toSteps({ first, last, highest }: Facts, epochs: number, { falls }: Quantity) {
  const times = [round(epochs / 3), round((2 * epochs) / 3)];
  if (first > 0 && last > 0 && first !== last && Math.max(first / last, last / first) <= 1e3) {
    return { initial: first, factor: round(Math.sqrt(last / first)), epochs: times };
  }
  if (falls) return { initial: highest, factor: 0.1, epochs: times };
  return { initial: highest, factor: 0.5, epochs: times };
}

/** Exactly the same where the curve is made of pieces; else through samples of it. */
function toPoints(schedule: Schedule, epochs: number): Extract<Schedule, { kind: 'piecewise' }> {
  const plain = withoutWarmup(schedule);
  const at = (epoch: number): [number, number] => [
    round(epoch),
    Number(evaluateSchedule(plain, epoch, epochs).toPrecision(6)),
  ];
  switch (plain.kind) {
    case 'constant':
      return { kind: 'piecewise', points: [at(0)], interpolation: 'linear' };
    case 'step':
      return { kind: 'piecewise', points: [0, ...plain.epochs].map(at), interpolation: 'hold' };
    case 'linear':
    case 'exponential':
    case 'cosine':
      return {
        kind: 'piecewise',
        points: [plain.begin, plain.end ?? epochs].map(at),
        interpolation: plain.kind,
      };
    default: {
      const [from, to] = plain.kind === 'polynomial' ? [plain.begin, plain.end ?? epochs] : [0, epochs];
      const points = Array.from({ length: SAMPLES + 1 }, (_, i) => at(from + ((to - from) * i) / SAMPLES));
      return { kind: 'piecewise', points, interpolation: 'linear' };
    }
  }
}

function positive({ min, max }: ValueRange): number {
  return Math.max(min, Math.min(max, 1) * 1e-6);
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
