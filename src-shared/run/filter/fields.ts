import type { RunSummary } from '../record.ts';

/** Fields of a configuration are named `config.training.batchSize`, last values of series `metric.train/loss`. */
export const CONFIG_PREFIX = 'config.';
export const METRIC_PREFIX = 'metric.';

export type FieldKind = 'text' | 'list' | 'number' | 'share' | 'date' | 'any';
export type FieldValue = string | number | boolean | null | readonly string[];

/** Something that runs are filtered, sorted and shown by. */
export interface RunField {
  /** As a filter names it. */
  name: string;
  title: string;
  /** `share`: a fraction that is shown and may be typed as per cent. `any`: whatever a configuration holds. */
  kind: FieldKind;
  /** Null: unknown. */
  value(run: RunSummary): FieldValue;
  /** The only values that there are. */
  values?: readonly string[];
}

/** The test accuracy, or the best validation accuracy while there is none yet. */
export function accuracyOf(run: RunSummary): number | null {
  return run.accuracy ?? run.bestValidationAccuracy;
}

/** Seconds from start to end; null while it has not ended. */
function secondsOf({ startedAt, endedAt }: RunSummary): number | null {
  return startedAt !== null && endedAt !== null ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : null;
}

/** What every run has in its summary. */
export const SUMMARY_FIELDS: readonly RunField[] = [
  { name: 'name', title: 'Name', kind: 'text', value: (run) => run.name },
  {
    name: 'status',
    title: 'State',
    kind: 'text',
    value: (run) => run.status,
    values: ['queued', 'running', 'paused', 'finished', 'stopped', 'failed', 'crashed'],
  },
  { name: 'tag', title: 'Tags', kind: 'list', value: (run) => run.tags },
  { name: 'notes', title: 'Notes', kind: 'text', value: (run) => run.notes },
  { name: 'dataset', title: 'Data set', kind: 'text', value: (run) => run.dataset },
  { name: 'model', title: 'Model', kind: 'text', value: (run) => run.model },
  {
    name: 'method',
    title: 'Methods',
    kind: 'list',
    value: (run) => [...new Set([...run.weightMethods, ...run.activationMethods])],
  },
  { name: 'weights', title: 'Weights', kind: 'list', value: (run) => run.weightMethods },
  { name: 'activations', title: 'Activations', kind: 'list', value: (run) => run.activationMethods },
  { name: 'accuracy', title: 'Accuracy', kind: 'share', value: accuracyOf },
  { name: 'test', title: 'Test accuracy', kind: 'share', value: (run) => run.accuracy },
  {
    name: 'validation',
    title: 'Best validation accuracy',
    kind: 'share',
    value: (run) => run.bestValidationAccuracy,
  },
  { name: 'loss', title: 'Loss', kind: 'number', value: (run) => run.loss },
  { name: 'epochs', title: 'Epochs', kind: 'number', value: (run) => run.epochsDone },
  { name: 'steps', title: 'Steps', kind: 'number', value: (run) => run.stepsDone },
  { name: 'speed', title: 'Steps per second', kind: 'number', value: (run) => run.stepsPerSecond },
  { name: 'seconds', title: 'Seconds', kind: 'number', value: secondsOf },
  { name: 'created', title: 'Created', kind: 'date', value: (run) => run.createdAt },
  { name: 'ended', title: 'Ended', kind: 'date', value: (run) => run.endedAt },
  {
    name: 'device',
    title: 'Device',
    kind: 'text',
    value: (run) => [run.device, run.deviceName].filter(Boolean).join(' ') || null,
  },
  { name: 'kind', title: 'Kind', kind: 'text', value: (run) => run.kind, values: ['train', 'prune'] },
  { name: 'parent', title: 'Forked from', kind: 'text', value: (run) => run.parent },
  { name: 'id', title: 'Id', kind: 'text', value: (run) => run.id },
  { name: 'hash', title: 'Configuration hash', kind: 'text', value: (run) => run.configHash },
];

const BY_NAME = new Map(SUMMARY_FIELDS.map((field) => [field.name, field]));

/** Where values come from that are not in the summary. */
export type LookUp = (field: string, run: string) => FieldValue;
const NOTHING: LookUp = () => null;

/** Whether a field's values have to be asked for. */
export function isRemote(name: string): boolean {
  return name.startsWith(CONFIG_PREFIX) || name.startsWith(METRIC_PREFIX);
}

/** The field of a name; undefined: there is none. */
export function runField(name: string, lookUp: LookUp = NOTHING): RunField | undefined {
  const known = BY_NAME.get(name.toLowerCase());
  if (known) return known;
  const prefix = [CONFIG_PREFIX, METRIC_PREFIX].find(
    (start) => name.startsWith(start) && name.length > start.length,
  );
  if (!prefix) return undefined;
  return {
    name,
    title: name.slice(prefix.length),
    kind: prefix === METRIC_PREFIX ? 'number' : 'any',
    value: (run) => lookUp(name, run.id),
  };
}
