import type { CurvePanel } from '../types.ts';

export const accuracyPanel: CurvePanel = {
  kind: 'curves',
  id: 'accuracy',
  title: 'Accuracy',
  place: 'training',
  select: (names) => ['train/accuracy', 'validation/accuracy'].filter((name) => names.includes(name)),
  label: (series) => (series.startsWith('train/') ? 'Training' : 'Validation'),
  y: { label: 'Accuracy', format: 'percent' },
};
