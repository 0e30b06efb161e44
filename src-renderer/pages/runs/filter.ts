import { STATUS_LOOKS } from '../../components/base/status-look.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { accuracyOf } from './columns.ts';

type Test = (run: RunSummary) => boolean;

const TEXTS: Record<string, (run: RunSummary) => string> = {
  name: (run) => run.name,
  status: (run) => `${run.status} ${STATUS_LOOKS[run.status].label}`,
  dataset: (run) => run.dataset,
  model: (run) => run.model,
  method: (run) => [...run.weightMethods, ...run.activationMethods].join(' '),
  device: (run) => `${run.device ?? ''} ${run.deviceName ?? ''}`,
  tag: (run) => run.tags.join(' '),
  notes: (run) => run.notes,
  id: (run) => run.id,
};
const NUMBERS: Record<string, (run: RunSummary) => number | null> = {
  accuracy: accuracyOf,
  loss: (run) => run.loss,
  epochs: (run) => run.epochsDone,
  steps: (run) => run.stepsDone,
};

/** Fields that a filter may name, for the hint below it. */
export const FILTER_FIELDS = [...Object.keys(TEXTS), ...Object.keys(NUMBERS)];

/** A word that is only begun: `-`, `tag:`. It leaves the table alone until it says something. */
const UNFINISHED = /^-?([a-z]+:)?$/i;

/**
 * The runs that fit a filter: words that must all occur (`mnist twn`), `field:word`, `-word` for "not", and comparisons
 * (`accuracy>0.98`, also `accuracy>98%`). Upper and lower case are the same.
 */
export function filterRuns(runs: readonly RunSummary[], text: string): RunSummary[] {
  const tests = text
    .split(/\s+/)
    .filter((word) => !UNFINISHED.test(word))
    .map(toTest);
  return tests.length === 0 ? [...runs] : runs.filter((run) => tests.every((test) => test(run)));
}

function toTest(word: string): Test {
  if (word.length > 1 && word.startsWith('-')) {
    const test = toTest(word.slice(1));
    return (run) => !test(run);
  }
  const comparison = /^([a-z]+)(<=|>=|<|>|=)(-?[\d.]+)(%?)$/i.exec(word);
  const field = NUMBERS[(comparison?.[1] ?? '').toLowerCase()];
  if (comparison && field) {
    const limit = Number(comparison[3]) / (comparison[4] ? 100 : 1);
    return (run) => compare(field(run), comparison[2] ?? '=', limit);
  }
  const colon = word.indexOf(':');
  const named = colon > 0 ? TEXTS[word.slice(0, colon).toLowerCase()] : undefined;
  const needle = (named ? word.slice(colon + 1) : word).toLowerCase();
  if (named) return (run) => named(run).toLowerCase().includes(needle);
  return (run) => Object.values(TEXTS).some((read) => read(run).toLowerCase().includes(needle));
}

function compare(value: number | null, operator: string, limit: number): boolean {
  if (value === null) return false;
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    default:
      return value === limit;
  }
}
