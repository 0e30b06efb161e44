import type { JsonKey } from '#shared/base/json-document.ts';
import type { ScheduleKind } from '#shared/train/schedule/edit/convert.ts';

/** A number of a schedule that is typed. */
export interface ScheduleField {
  keys: JsonKey[];
  label: string;
  help?: string;
  /** What holds when nothing is typed. */
  placeholder?: string;
}

const span: ScheduleField[] = [
  { keys: ['initial'], label: 'From' },
  { keys: ['final'], label: 'To' },
  { keys: ['begin'], label: 'Begin', help: 'epoch', placeholder: '0' },
  { keys: ['end'], label: 'End', help: 'epoch', placeholder: 'the end' },
];

/** The typed twins of the handles, in the order in which they are read. */
export const SCHEDULE_FIELDS: Record<ScheduleKind, readonly ScheduleField[]> = {
  constant: [{ keys: ['value'], label: 'Value' }],
  step: [{ keys: ['initial'], label: 'Initial value' }],
  linear: span,
  exponential: span,
  cosine: span,
  polynomial: [...span, { keys: ['power'], label: 'Power', placeholder: '3' }],
  'one-cycle': [
    { keys: ['peak'], label: 'Peak' },
    { keys: ['warmup'], label: 'Peak at', help: 'share of the time', placeholder: '0.3' },
    { keys: ['initialDivisor'], label: 'Starts at peak ÷', placeholder: '25' },
    { keys: ['finalDivisor'], label: 'Ends at peak ÷', placeholder: '10000' },
  ],
  piecewise: [],
  sequence: [],
  product: [],
};

export const WARMUP_FIELDS: readonly ScheduleField[] = [
  { keys: ['warmup', 'epochs'], label: 'Warm-up length', help: 'epochs' },
  { keys: ['warmup', 'from'], label: 'Starts at', help: 'share of its end', placeholder: '0' },
];
