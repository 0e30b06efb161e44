import type { JsonKey } from '#shared/base/json-document.ts';
import { sparsityAt, planAt } from '#shared/train/moment.ts';
import type { TrainingPlan } from '#shared/train/plan.ts';
import type { Quantity } from '#shared/train/schedule/edit/convert.ts';
import type { SchedulePreset } from '#shared/train/schedule/presets.ts';
import type { Schedule } from '#shared/train/schedule/schema.ts';

export type QuantityId =
  'learningRate' | 'weightQuantization' | 'activationQuantization' | 'regularization' | 'sparsity';

/** One quantity over the time axis. */
export interface Track extends Quantity {
  id: QuantityId;
  title: string;
  /** What its values mean. */
  hint: string;
  /** Number of the line's look. */
  look: number;
  presets: SchedulePreset['quantity'];
  /** The y axis reaches at least so far. */
  top: number;
}

const share = { min: 0, max: 1, falls: false, top: 1 };

export const TRACKS: readonly Track[] = [
  {
    id: 'learningRate',
    title: 'Learning rate',
    hint: 'step size of the optimizer',
    look: 0,
    presets: 'learningRate',
    min: 1e-12,
    max: 1e6,
    falls: true,
    top: 0,
  },
  {
    ...share,
    id: 'weightQuantization',
    title: 'Weight quantization',
    hint: '0: full precision, 1: quantized',
    look: 2,
    presets: 'quantization',
  },
  {
    ...share,
    id: 'activationQuantization',
    title: 'Activation quantization',
    hint: '0: full precision, 1: quantized',
    look: 3,
    presets: 'quantization',
  },
  {
    id: 'regularization',
    title: 'Regularization',
    hint: 'multiplies what the methods add to the loss',
    look: 4,
    presets: 'regularization',
    min: 0,
    max: 1e6,
    falls: false,
    top: 1,
  },
  {
    ...share,
    id: 'sparsity',
    title: 'Sparsity',
    hint: 'share of the weights that are masked',
    look: 1,
    presets: 'sparsity',
    max: 0.999,
  },
];

export function trackOf(id: QuantityId): Track {
  return TRACKS.find((track) => track.id === id) ?? TRACKS[0]!;
}

/** Whose schedule is meant: that of the plan, of a phase, or of one layer (sparsity only). */
export interface Scope {
  phase: number | null;
  layer?: string | undefined;
}

/** Where a schedule stands in `training`. */
export function scheduleKeys(id: QuantityId, { phase, layer }: Scope): JsonKey[] {
  if (layer !== undefined) return ['pruning', 'layers', layer];
  if (phase !== null) return ['phases', phase, id];
  return id === 'sparsity' ? ['pruning', 'sparsity'] : [id];
}

/** What the trainer applies at a moment: the functions that it calls at every step. */
export function trackValue(plan: TrainingPlan, id: QuantityId, epoch: number, layer?: string): number {
  return layer === undefined ? planAt(plan, epoch)[id] : sparsityAt(plan, epoch, layer);
}

/** A schedule of a track on the run's time axis, and where it is the one that counts. */
export interface Segment {
  scope: Scope;
  schedule: Schedule;
  /** Epoch of the run at which its own time begins. */
  origin: number;
  /** Length of its own time. */
  epochs: number;
  spans: [from: number, to: number][];
}

/** Whether what is typed for a track is wrong now, so that it is drawn as it last was right. */
export function isTrackWrong(wrong: readonly string[], id: QuantityId): boolean {
  return wrong.includes(id === 'sparsity' ? 'pruning' : id) || wrong.includes('phases');
}

/** Begin and end of each phase. */
export function phaseSpans(plan: TrainingPlan): [number, number][] {
  let begin = 0;
  return (plan.phases ?? []).map(({ epochs }) => {
    const from = begin;
    begin += epochs;
    return [from, begin];
  });
}

export function segmentsOf(plan: TrainingPlan, id: QuantityId): Segment[] {
  const common = id === 'sparsity' ? plan.pruning?.sparsity : plan[id];
  const spans = phaseSpans(plan);
  const inherited: [number, number][] = [];
  const own = spans.flatMap(([from, to], phase): Segment[] => {
    const schedule = plan.phases?.[phase]?.[id];
    if (!schedule) {
      inherited.push([from, to]);
      return [];
    }
    return [{ scope: { phase }, schedule, origin: from, epochs: to - from, spans: [[from, to]] }];
  });
  if (!common) return own;
  const everywhere: [number, number][] = spans.length === 0 ? [[0, plan.epochs]] : inherited;
  return [
    { scope: { phase: null }, schedule: common, origin: 0, epochs: plan.epochs, spans: everywhere },
    ...own,
  ];
}

/** The one that counts at a moment; at a border, the later one. */
export function segmentAt(segments: readonly Segment[], epoch: number): Segment | undefined {
  const found = segments.findLast(({ spans }) => spans.some(([from, to]) => epoch >= from && epoch <= to));
  return found ?? segments[0];
}
