import type { WeightsPanel } from '../types.ts';

export const weightsPanel: WeightsPanel = {
  kind: 'weights',
  id: 'weights',
  title: 'Weights',
  hint: 'latent, at the end of an epoch',
  place: 'layers',
};
