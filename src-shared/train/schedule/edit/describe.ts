import { evaluateSchedule } from '../evaluate.ts';
import type { Schedule, Warmup } from '../schema.ts';
import type { ScheduleKind } from './convert.ts';
import { partsOf } from './handles.ts';

/** The kinds of schedules, as a menu offers them. */
export const SCHEDULE_KINDS: readonly { kind: ScheduleKind; title: string; sentence: string }[] = [
  { kind: 'constant', title: 'Constant', sentence: 'One value all the time.' },
  { kind: 'step', title: 'Steps', sentence: 'Multiplied by a factor at each of some epochs.' },
  { kind: 'linear', title: 'Linear', sentence: 'Straight from one value to another.' },
  { kind: 'exponential', title: 'Exponential', sentence: 'By the same share in the same time.' },
  { kind: 'cosine', title: 'Cosine', sentence: 'Half a cosine wave: gentle at both ends.' },
  { kind: 'polynomial', title: 'Polynomial', sentence: 'Fast at first, slower towards its end.' },
  { kind: 'one-cycle', title: 'One cycle', sentence: 'Up to a peak, then down to almost nothing.' },
  { kind: 'piecewise', title: 'Points', sentence: 'Through any points that you set.' },
  { kind: 'sequence', title: 'Sequence', sentence: 'One schedule after the other.' },
  { kind: 'product', title: 'Product', sentence: 'Several schedules multiplied.' },
];

/** A number in a sentence or an equation. */
export function numberText(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e6) return String(Number(value.toPrecision(5))).replace('-', '−');
  const [mantissa = '', exponent = ''] = value.toExponential(3).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`.replaceAll('-', '−');
}

/** What a schedule does, in one sentence without a verb: `cosine from 0.005 to 1e−5 between epochs 0 and 10`. */
export function describeSchedule(schedule: Schedule, epochs: number): string {
  const n = numberText;
  const warm = 'warmup' in schedule && schedule.kind !== 'one-cycle' ? warmText(schedule.warmup) : '';
  switch (schedule.kind) {
    case 'constant':
      return `constant ${n(schedule.value)}${warm}`;
    case 'step': {
      const to = n(evaluateSchedule(schedule, epochs, epochs));
      return `from ${n(schedule.initial)} in steps at ${list(schedule.epochs.map(n))} to ${to}${warm}`;
    }
    case 'one-cycle': {
      const at = n(schedule.warmup * epochs);
      const finish = n(schedule.peak / schedule.finalDivisor);
      return `one cycle from ${n(schedule.peak / schedule.initialDivisor)} up to ${n(schedule.peak)} at ${at}, then down to ${finish}`;
    }
    case 'piecewise': {
      const { points } = schedule;
      const [first, last] = [points[0], points.at(-1)];
      const ends =
        first && last ? `, from ${n(first[1])} at ${n(first[0])} to ${n(last[1])} at ${n(last[0])}` : '';
      return `${points.length} ${points.length === 1 ? 'point' : 'points'}${ends}${warm}`;
    }
    case 'sequence':
      return partsOf(schedule, epochs)
        .map(({ schedule: part, begin, length }) => `from ${n(begin)} on ${describeSchedule(part, length)}`)
        .join('; ');
    case 'product':
      return schedule.factors.map((factor) => describeSchedule(factor, epochs)).join(', times ');
    default: {
      const { initial, final, begin, end = epochs } = schedule;
      return `${schedule.kind} from ${n(initial)} at ${n(begin)} to ${n(final)} at ${n(end)}${warm}`;
    }
  }
}

/** The equation of a schedule with its numbers in it, one line each; `e` is the epoch, counted from the schedule's begin. */
export function formulaOf(schedule: Schedule, epochs: number, name = 'value(e)'): string[] {
  const n = numberText;
  const lines = (own: string[]): string[] => {
    const warmup = 'warmup' in schedule && schedule.kind !== 'one-cycle' ? schedule.warmup : undefined;
    if (!warmup) return own;
    const target = n(evaluateSchedule(schedule, warmup.epochs, epochs));
    const rise = `${n(warmup.from)} + ${n(1 - warmup.from)} · e/${n(warmup.epochs)}`;
    return [...own, `${name} = ${target} · (${rise}) for e < ${n(warmup.epochs)}`];
  };
  switch (schedule.kind) {
    case 'constant':
      return lines([`${name} = ${n(schedule.value)}`]);
    case 'step': {
      const { factor, initial, epochs: times } = schedule;
      if (typeof factor === 'number') {
        return lines([
          `${name} = ${n(initial)} · ${n(factor)}^k`,
          `k = how many of ${list(times.map(n))} are ≤ e`,
        ]);
      }
      return lines([
        `${name} = ${n(initial)} times each factor whose epoch is ≤ e:`,
        list(times.map((at, i) => `${n(factor[i] ?? 1)} at ${n(at)}`)),
      ]);
    }
    case 'one-cycle': {
      const { peak, initialDivisor, finalDivisor, warmup } = schedule;
      const top = warmup * epochs;
      const [low, end] = [n(peak / initialDivisor), n(peak / finalDivisor)];
      return [
        `${name} = ${n(peak)} + (${low} − ${n(peak)}) · (1 + cos(π · e/${n(top)}))/2 for e < ${n(top)}`,
        `${name} = ${end} + (${n(peak)} − ${end}) · (1 + cos(π · (e − ${n(top)})/${n(epochs - top)}))/2 after it`,
      ];
    }
    case 'piecewise': {
      const between = {
        hold: 'held until the next',
        linear: 'straight lines between them',
        cosine: 'half a cosine wave between them',
        exponential: 'the same share in the same time between them',
      }[schedule.interpolation];
      const points = schedule.points.map(([at, value]) => `(${n(at)}, ${n(value)})`);
      const shown = points.length > 12 ? [...points.slice(0, 11), '…', points.at(-1) ?? ''] : points;
      return lines([`${name} through ${list(shown)}`, between]);
    }
    case 'sequence':
      return partsOf(schedule, epochs).flatMap(({ schedule: part, begin, length, last }) => [
        `${last ? `from ${n(begin)} on` : `${n(begin)} ≤ e < ${n(begin + length)}`}, with e counted from ${n(begin)}:`,
        ...formulaOf(part, length, name).map((line) => `  ${line}`),
      ]);
    case 'product': {
      const names = schedule.factors.map((_, i) => `f${i + 1}(e)`);
      return [
        `${name} = ${names.join(' · ')}`,
        ...schedule.factors.flatMap((factor, i) => formulaOf(factor, epochs, names[i])),
      ];
    }
    default: {
      const { initial, final, begin, end = epochs } = schedule;
      const change = `(${n(initial)} − ${n(final)})`;
      const p = `p = (e − ${n(begin)})/${n(end - begin)}, kept within 0 … 1`;
      switch (schedule.kind) {
        case 'linear':
          return lines([`${name} = ${n(initial)} + (${n(final)} − ${n(initial)}) · p`, p]);
        case 'exponential':
          return lines([`${name} = ${n(initial)} · (${n(final)}/${n(initial)})^p`, p]);
        case 'cosine':
          return lines([`${name} = ${n(final)} + ${change} · (1 + cos(π · p))/2`, p]);
        case 'polynomial':
          return lines([`${name} = ${n(final)} + ${change} · (1 − p)^${n(schedule.power)}`, p]);
      }
    }
  }
}

function warmText(warmup: Warmup | undefined): string {
  return warmup ? `, after a warm-up of ${numberText(warmup.epochs)} epochs` : '';
}

function list(items: readonly string[]): string {
  return items.join(', ');
}
