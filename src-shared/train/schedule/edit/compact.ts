import type { JsonObject } from '../../../base/json-document.ts';
import type { Schedule } from '../schema.ts';

/** A schedule as a person would write it: a constant is its number, and what is not said is left out. */
export function compactSchedule(schedule: Schedule): number | JsonObject {
  if (schedule.kind === 'constant' && !schedule.warmup) return schedule.value;
  return JSON.parse(JSON.stringify(nested(schedule))) as JsonObject;
}

function nested(schedule: Schedule): unknown {
  if (schedule.kind === 'sequence') {
    const parts = schedule.parts.map((part) => ({ ...part, schedule: compactSchedule(part.schedule) }));
    return { ...schedule, parts };
  }
  return schedule.kind === 'product'
    ? { ...schedule, factors: schedule.factors.map(compactSchedule) }
    : schedule;
}
