import type { CurvePanel } from '../types.ts';

const NAMES: Record<string, string> = {
  'schedule/sparsity': 'Sparsity wanted',
  'pruning/good-sparsity': 'Sparsity kept',
  'schedule/weight-quantization': 'Weights quantized',
  'schedule/activation-quantization': 'Activations quantized',
};

/** Shares that the training plan lets change: shown only for runs that have them. */
export const schedulesPanel: CurvePanel = {
  kind: 'curves',
  id: 'schedules',
  title: 'Pruning and quantization',
  hint: 'shares that the schedules set',
  place: 'training',
  select: (names) => Object.keys(NAMES).filter((name) => names.includes(name)),
  label: (series) => NAMES[series] ?? series,
  y: { label: 'Share', format: 'percent' },
};
