import type { CurvePanel } from '../types.ts';

export const throughputPanel: CurvePanel = {
  kind: 'curves',
  id: 'throughput',
  title: 'Throughput',
  hint: 'steps per second',
  place: 'training',
  select: (names) => names.filter((name) => name === 'steps-per-second'),
  label: () => 'Steps per second',
  y: { label: 'Steps per second', format: 'number' },
};
