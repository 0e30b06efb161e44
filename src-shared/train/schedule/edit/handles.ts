import { evaluateSchedule } from '../evaluate.ts';
import type { Schedule } from '../schema.ts';

/** A point of a curve that a person can take hold of: a parameter of the schedule that is a time, a value, or both. */
export interface ScheduleHandle {
  /** Stays with the parameter, e.g. `end`, `points.2` or `parts.0/begin`. */
  id: string;
  /** What it is called: `end`, `point 3`. */
  name: string;
  /** Where it lies, on the curve; in the schedule's own time. */
  epoch: number;
  value: number;
  /** Between which epochs it may be moved; null: its time is no parameter. */
  time: readonly [from: number, to: number] | null;
  /** Whether its value can be changed. */
  height: boolean;
  /** Field of the schedule where the same is typed, e.g. `final` or `points[2]`. */
  field: string;
  /** Whether it can be taken away. */
  removable: boolean;
}

/** Two moments of one schedule are at least so far apart, in epochs. */
export const GAP = 0.01;

/**
 * The handles of a schedule, from left to right.
 *
 * @param epochs length of the run, or of the phase that the schedule belongs to
 */
export function handlesOf(schedule: Schedule, epochs: number): ScheduleHandle[] {
  return unsorted(schedule, epochs)
    .filter(({ epoch }) => epoch <= epochs + 1e-9)
    .toSorted((a, b) => a.epoch - b.epoch);
}

type Warm = Exclude<Schedule, { kind: 'one-cycle' | 'sequence' | 'product' }>;

function unsorted(schedule: Schedule, epochs: number): ScheduleHandle[] {
  switch (schedule.kind) {
    case 'one-cycle': {
      const { peak, warmup } = schedule;
      return [
        handle('start', 'start', 0, peak / schedule.initialDivisor, null, 'initialDivisor'),
        handle('peak', 'peak', warmup * epochs, peak, [GAP, epochs - GAP], 'peak'),
        handle('finish', 'end', epochs, peak / schedule.finalDivisor, null, 'finalDivisor'),
      ];
    }
    case 'sequence':
      return partHandles(schedule, epochs);
    case 'product':
      return schedule.factors.flatMap((factor, i) =>
        unsorted(factor, epochs).map((one) => ({
          ...one,
          id: `factors.${i}/${one.id}`,
          name: `${one.name} of factor ${i + 1}`,
          field: `factors[${i}].${one.field}`,
          value: evaluateSchedule(schedule, one.epoch, epochs),
          height: one.height && othersAt(schedule.factors, i, one.epoch, epochs) > 0,
        })),
      );
    default:
      return [...warmupHandles(schedule, epochs), ...ownHandles(schedule, epochs)];
  }
}

/** What the other factors of a product multiply a factor with. */
export function othersAt(factors: readonly Schedule[], index: number, epoch: number, epochs: number): number {
  return factors.reduce(
    (all, factor, i) => (i === index ? all : all * evaluateSchedule(factor, epoch, epochs)),
    1,
  );
}

function warmupHandles(schedule: Warm, epochs: number): ScheduleHandle[] {
  const { warmup } = schedule;
  if (!warmup) return [];
  const at = (epoch: number) => evaluateSchedule(schedule, epoch, epochs);
  const end = handle(
    'warmup-end',
    'end of the warm-up',
    warmup.epochs,
    at(warmup.epochs),
    [GAP, epochs],
    'warmup.epochs',
  );
  return [
    handle('warmup-start', 'start of the warm-up', 0, at(0), null, 'warmup.from'),
    { ...end, height: schedule.kind !== 'piecewise', removable: true },
  ];
}

function ownHandles(schedule: Warm, epochs: number): ScheduleHandle[] {
  const warm = schedule.warmup?.epochs ?? 0;
  /** What lies under the warm-up is not on the curve. */
  const shown = (all: ScheduleHandle[]) => (warm > 0 ? all.filter(({ epoch }) => epoch > warm) : all);
  switch (schedule.kind) {
    case 'constant':
      return warm > 0 ? [] : [handle('value', 'value', epochs / 2, schedule.value, null, 'value')];
    case 'step': {
      const { epochs: times } = schedule;
      const steps = times.map((at, i) => ({
        ...handle(
          `epochs.${i}`,
          `step ${i + 1}`,
          at,
          evaluateSchedule(schedule, at, epochs),
          [
            (times[i - 1] ?? 0) + GAP,
            (times[i + 1] ?? Math.max(at, epochs)) - (i + 1 < times.length ? GAP : 0),
          ],
          `epochs[${i}]`,
        ),
        removable: true,
      }));
      return shown([handle('initial', 'initial value', 0, schedule.initial, null, 'initial'), ...steps]);
    }
    case 'piecewise': {
      const { points } = schedule;
      return shown(
        points.map(([at, value], i) => ({
          ...handle(
            `points.${i}`,
            `point ${i + 1}`,
            at,
            value,
            [
              i === 0 ? 0 : (points[i - 1]?.[0] ?? 0) + GAP,
              i + 1 < points.length ? (points[i + 1]?.[0] ?? epochs) - GAP : Math.max(at, epochs),
            ],
            `points[${i}]`,
          ),
          removable: points.length > 1,
        })),
      );
    }
    default: {
      const { initial, final, begin, end = epochs } = schedule;
      const middle = (begin + end) / 2;
      return shown([
        handle('begin', 'begin', begin, initial, [warm, end - GAP], 'begin'),
        ...(schedule.kind === 'polynomial' && initial !== final
          ? [handle('power', 'power', middle, evaluateSchedule(schedule, middle, epochs), null, 'power')]
          : []),
        handle('end', 'end', end, final, [Math.max(begin, warm) + GAP, Math.max(end, epochs)], 'end'),
      ]);
    }
  }
}

/** The borders between the parts, and the handles of each in its own time. */
function partHandles(schedule: Extract<Schedule, { kind: 'sequence' }>, epochs: number): ScheduleHandle[] {
  return partsOf(schedule, epochs).flatMap(({ schedule: part, begin, length, last }, i) => [
    ...handlesOf(part, length).map((one) => ({
      ...one,
      id: `parts.${i}/${one.id}`,
      name: `${one.name} of part ${i + 1}`,
      field: `parts[${i}].schedule.${one.field}`,
      epoch: begin + one.epoch,
      time: one.time && ([begin + one.time[0], begin + one.time[1]] as const),
    })),
    ...(last
      ? []
      : [
          {
            ...handle(
              `parts.${i}`,
              `border after part ${i + 1}`,
              begin + length,
              evaluateSchedule(schedule, begin + length, epochs),
              [begin + GAP, Math.max(begin + length, epochs)],
              `parts[${i}].epochs`,
            ),
            height: false,
            removable: true,
          },
        ]),
  ]);
}

/** The parts of a sequence on its own time axis. */
export function partsOf(schedule: Extract<Schedule, { kind: 'sequence' }>, epochs: number) {
  let begin = 0;
  return schedule.parts.map((part, i) => {
    const from = begin;
    const last = i === schedule.parts.length - 1;
    const length = part.epochs ?? Math.max(0, epochs - from);
    begin += length;
    return { schedule: part.schedule, begin: from, length, last };
  });
}

function handle(
  id: string,
  name: string,
  epoch: number,
  value: number,
  time: readonly [number, number] | null,
  field: string,
): ScheduleHandle {
  return { id, name, epoch, value, time, height: true, field, removable: false };
}
