import type { LayerPanel } from '../types.ts';

export const historyPanel: LayerPanel = {
  kind: 'history',
  id: 'history',
  title: 'Weights over time',
  hint: 'latent, stronger where there are more',
  place: 'layers',
};
