import { ago, count, duration, moment, number, percent } from '../../components/base/format.ts';
import { STATUS_LOOKS } from '../../components/base/status-look.ts';
import { runField, type FieldValue, type LookUp } from '#shared/run/filter/fields.ts';
import type { RunSummary } from '#shared/run/record.ts';

export { accuracyOf } from '#shared/run/filter/fields.ts';

/** A field of runs as the table shows it. */
export interface Column {
  /** The field's name. */
  id: string;
  title: string;
  /** Pixels. */
  width: number;
  numeric: boolean;
  /** The exact value, for sorting and for files. */
  value(run: RunSummary): FieldValue;
  text(run: RunSummary, now: number): string;
}

/** `twn / gxnor`: weights / activations. */
export function methodsText(run: RunSummary): string {
  return `${run.weightMethods.join(' + ') || '–'} / ${run.activationMethods.join(' + ') || '–'}`;
}

type Look = Partial<Pick<Column, 'title' | 'width' | 'text'>>;

const LOOKS: Readonly<Record<string, Look>> = {
  status: { width: 104, text: (run) => STATUS_LOOKS[run.status].label },
  name: { width: 236 },
  tag: { width: 120 },
  dataset: { width: 114 },
  model: { width: 108 },
  method: { title: 'Weights / activations', width: 146, text: methodsText },
  accuracy: { width: 94 },
  loss: { width: 78 },
  epochs: { width: 115, text: (run) => `${count(run.epochsDone)} / ${count(run.epochs)}` },
  steps: { text: (run) => count(run.stepsDone) },
  seconds: { title: 'Duration', width: 125 },
  created: { width: 110, text: (run, now) => ago(run.createdAt, now) },
  ended: { width: 110, text: (run, now) => ago(run.endedAt, now) },
  device: { width: 170, text: (run) => run.deviceName ?? '–' },
  notes: { width: 210 },
  parent: { width: 130 },
};

/** The column of a field; undefined: there is no such field. */
export function columnOf(name: string, lookUp?: LookUp, width?: number): Column | undefined {
  const field = runField(name, lookUp);
  if (!field) return undefined;
  const look = LOOKS[field.name] ?? {};
  const numeric = field.kind === 'number' || field.kind === 'share';
  return {
    id: field.name,
    title: look.title ?? field.title,
    width: width ?? look.width ?? (numeric ? 110 : 140),
    numeric,
    value: field.value,
    text: look.text ?? ((run) => valueText(field.name, field.kind, field.value(run))),
  };
}

function valueText(name: string, kind: string, value: FieldValue): string {
  if (value === null || value === '') return '–';
  if (name === 'seconds') return duration(Number(value));
  if (kind === 'date') return moment(String(value));
  if (kind === 'share') return percent(Number(value));
  if (typeof value === 'object') return value.join(', ') || '–';
  return typeof value === 'number' ? number(value) : String(value);
}
