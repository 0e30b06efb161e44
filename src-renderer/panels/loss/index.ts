import type { CurvePanel } from '../types.ts';

export const lossPanel: CurvePanel = {
  kind: 'curves',
  id: 'loss',
  title: 'Loss',
  place: 'training',
  select: (names) => ['train/loss', 'validation/loss'].filter((name) => names.includes(name)),
  label: (series) => (series.startsWith('train/') ? 'Training' : 'Validation'),
  y: { label: 'Loss', format: 'number' },
};
