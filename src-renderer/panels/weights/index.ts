import type { LayerPanel } from '../types.ts';

export const weightsPanel: LayerPanel = {
  kind: 'weights',
  id: 'weights',
  title: 'Weights',
  hint: 'at the end of an epoch',
  place: 'layers',
};
