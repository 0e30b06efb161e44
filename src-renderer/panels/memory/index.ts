import type { CurvePanel } from '../types.ts';

const NAMES: Record<string, string> = { 'memory/process': 'Process', 'memory/backend': 'Tensors' };

export const memoryPanel: CurvePanel = {
  kind: 'curves',
  id: 'memory',
  title: 'Memory',
  hint: 'of the training process, and of its tensors',
  place: 'training',
  select: (names) => Object.keys(NAMES).filter((name) => names.includes(name)),
  label: (series) => NAMES[series] ?? series,
  y: { label: 'Memory', format: 'bytes' },
};
