import type { RunSummary } from '../record.ts';
import type { Condition, Operator } from './condition.ts';
import { runField, type FieldValue, type LookUp, type RunField } from './fields.ts';
import { readNumber, readShare, readTime, typedPrecision } from './values.ts';

type Test = (value: FieldValue) => boolean;

/** Everything of a run that a bare word may occur in; runs are never changed in place, so it is kept. */
const texts = new WeakMap<RunSummary, string>();
function textOf(run: RunSummary): string {
  let text = texts.get(run);
  if (text === undefined) {
    const { id, name, status, dataset, model, notes, device, deviceName, weightMethods, activationMethods } =
      run;
    const parts = [id, name, status, dataset, model, device, deviceName, notes];
    text = [...parts, ...weightMethods, ...activationMethods, ...run.tags].join('\n').toLowerCase();
    texts.set(run, text);
  }
  return text;
}

/**
 * The test that a run fits all conditions.
 *
 * @param lookUp values that are not in the summary
 * @param now milliseconds that ages (`7d`) count from
 */
export function runMatcher(
  conditions: readonly Condition[],
  lookUp: LookUp | undefined,
  now: number,
): (run: RunSummary) => boolean {
  const tests = conditions.map((condition) => {
    if (condition.field === null) {
      const words = condition.values.map((value) => value.toLowerCase());
      const wanted = condition.operator !== 'lacks';
      return (run: RunSummary) => words.some((word) => textOf(run).includes(word)) === wanted;
    }
    const field = runField(condition.field, lookUp);
    if (!field) return () => false;
    const test = testOf(field, condition, now);
    return (run: RunSummary) => test(field.value(run));
  });
  return (run) => tests.every((test) => test(run));
}

export function filterRuns(
  runs: readonly RunSummary[],
  conditions: readonly Condition[],
  lookUp: LookUp | undefined,
  now: number,
): RunSummary[] {
  return conditions.length === 0 ? [...runs] : runs.filter(runMatcher(conditions, lookUp, now));
}

function testOf(field: RunField, { operator, values }: Condition, now: number): Test {
  const any = values.map((value) => oneTest(field, operator, value, now));
  const negative = operator === 'lacks' || operator === 'is-not';
  return negative ? (value) => any.every((test) => test(value)) : (value) => any.some((test) => test(value));
}

function oneTest(field: RunField, operator: Operator, typed: string, now: number): Test {
  switch (operator) {
    case 'contains':
    case 'lacks': {
      const holds = (value: FieldValue) =>
        typed === '' ? isEmpty(value) : contains(value, typed.toLowerCase());
      return operator === 'contains' ? holds : (value) => !holds(value);
    }
    case 'is':
    case 'is-not': {
      const equal = typed === '' ? isEmpty : equals(field, typed, now);
      return operator === 'is' ? equal : (value) => !equal(value);
    }
    default:
      return field.kind === 'date' ? timeOrder(operator, typed, now) : numberOrder(field, operator, typed);
  }
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function contains(value: FieldValue, needle: string): boolean {
  if (value === null) return false;
  if (typeof value === 'object') return value.some((one) => one.toLowerCase().includes(needle));
  return String(value).toLowerCase().includes(needle);
}

function equals({ kind }: RunField, typed: string, now: number): Test {
  const low = typed.toLowerCase();
  const same: Test = (value) => {
    if (value === null) return false;
    return typeof value === 'object'
      ? value.some((one) => one.toLowerCase() === low)
      : String(value).toLowerCase() === low;
  };
  if (kind === 'date') {
    const time = readTime(typed, now);
    return (value) => {
      const at = typeof value === 'string' ? Date.parse(value) : NaN;
      return time !== null && at >= time.from && at < Math.max(time.to, time.from + 1);
    };
  }
  const number = kind === 'share' ? readShare(typed) : readNumber(typed);
  if (kind === 'text' || kind === 'list' || number === null) return same;
  // What a table shows rounded is found as it is shown; a setting is what it is.
  const precision = kind === 'any' ? 0 : typedPrecision(typed);
  return (value) => (typeof value === 'number' ? Math.abs(value - number) <= precision : same(value));
}

function numberOrder({ kind }: RunField, operator: Operator, typed: string): Test {
  const limit = kind === 'share' ? readShare(typed) : readNumber(typed);
  return (value) => typeof value === 'number' && limit !== null && inOrder(operator, value, limit);
}

/** After a day is after its last moment, before it before its first. */
function timeOrder(operator: Operator, typed: string, now: number): Test {
  const time = readTime(typed, now);
  return (value) => {
    if (typeof value !== 'string' || !time) return false;
    const at = Date.parse(value);
    if (operator === '<') return at < time.from;
    if (operator === '>=') return at >= time.from;
    return operator === '>' ? at >= time.to : at < time.to;
  };
}

function inOrder(operator: Operator, value: number, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    default:
      return value >= limit;
  }
}
