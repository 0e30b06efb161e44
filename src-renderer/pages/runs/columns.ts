import { ago, count, number, percent } from '../../components/base/format.ts';
import { STATUS_LOOKS } from '../../components/base/status-look.ts';
import type { RunSummary } from '#shared/run/record.ts';

export type ColumnId =
  'status' | 'name' | 'dataset' | 'model' | 'methods' | 'accuracy' | 'loss' | 'epochs' | 'device' | 'created';

export interface Column {
  id: ColumnId;
  title: string;
  /** Class of its width. */
  width: string;
  numeric?: boolean;
  /** What it sorts by; null goes to the end in both directions. */
  value(run: RunSummary): string | number | null;
  text(run: RunSummary, now: number): string;
}

/** `twn / gxnor`: weights / activations. */
export function methodsText(run: RunSummary): string {
  return `${run.weightMethods.join(' + ') || '–'} / ${run.activationMethods.join(' + ') || '–'}`;
}

/** The test accuracy, or the best validation accuracy while there is none yet. */
export function accuracyOf(run: RunSummary): number | null {
  return run.accuracy ?? run.bestValidationAccuracy;
}

export const COLUMNS: readonly Column[] = [
  {
    id: 'status',
    title: 'State',
    width: 'w-28',
    value: (run) => STATUS_LOOKS[run.status].label,
    text: (run) => STATUS_LOOKS[run.status].label,
  },
  {
    id: 'name',
    title: 'Name',
    width: 'w-72',
    value: (run) => run.name.toLowerCase(),
    text: (run) => run.name,
  },
  {
    id: 'dataset',
    title: 'Data set',
    width: 'w-32',
    value: (run) => run.dataset,
    text: (run) => run.dataset,
  },
  { id: 'model', title: 'Model', width: 'w-32', value: (run) => run.model, text: (run) => run.model },
  { id: 'methods', title: 'Weights / activations', width: 'w-60', value: methodsText, text: methodsText },
  {
    id: 'accuracy',
    title: 'Accuracy',
    width: 'w-28',
    numeric: true,
    value: accuracyOf,
    text: (run) => percent(accuracyOf(run)),
  },
  {
    id: 'loss',
    title: 'Loss',
    width: 'w-20',
    numeric: true,
    value: (run) => run.loss,
    text: (run) => number(run.loss),
  },
  {
    id: 'epochs',
    title: 'Epochs',
    width: 'w-32',
    numeric: true,
    value: (run) => run.epochsDone,
    text: (run) => `${count(run.epochsDone)} / ${count(run.epochs)}`,
  },
  {
    id: 'device',
    title: 'Device',
    width: 'w-40',
    value: (run) => run.deviceName,
    text: (run) => run.deviceName ?? '–',
  },
  {
    id: 'created',
    title: 'Created',
    width: 'w-28',
    value: (run) => run.createdAt,
    text: (run, now) => ago(run.createdAt, now),
  },
];

export interface Sorting {
  column: ColumnId;
  descending: boolean;
}

/** A sorted copy. Runs without a value come last; equals keep newest first. */
export function sortRuns(runs: readonly RunSummary[], { column, descending }: Sorting): RunSummary[] {
  const value = COLUMNS.find((candidate) => candidate.id === column)?.value ?? (() => null);
  const keyed = runs.map((run) => ({ run, key: value(run) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
    const order = a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    return descending ? -order : order;
  });
  return keyed.map(({ run }) => run);
}
