import type { LayerPanel } from '../types.ts';

export const statesPanel: LayerPanel = {
  kind: 'states',
  id: 'states',
  title: 'States',
  hint: 'share of each code, epoch by epoch',
  place: 'layers',
};
