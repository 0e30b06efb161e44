import type { CurvePanel } from '../types.ts';

export const learningRatePanel: CurvePanel = {
  kind: 'curves',
  id: 'learning-rate',
  title: 'Learning rate',
  place: 'training',
  select: (names) => names.filter((name) => name === 'learning-rate'),
  label: () => 'Learning rate',
  y: { label: 'Learning rate', format: 'number' },
};
