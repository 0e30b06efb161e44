import { layerOf } from '../layer-series.ts';
import type { CurvePanel } from '../types.ts';

export const zeroFractionPanel: CurvePanel = {
  kind: 'curves',
  id: 'zero-fraction',
  title: 'Zero fraction',
  hint: 'share of weights that are 0, per layer',
  place: 'layers',
  select: (names) => names.filter((name) => layerOf(name, 'zero-fraction') !== null),
  label: (series) => layerOf(series, 'zero-fraction') ?? series,
  y: { label: 'Zero fraction', format: 'percent' },
};
