import { layerOf } from '../layer-series.ts';
import type { CurvePanel } from '../types.ts';

export const flipRatioPanel: CurvePanel = {
  kind: 'curves',
  id: 'flip-ratio',
  title: 'Flip ratio',
  hint: 'share of weights whose code changed, per layer',
  place: 'layers',
  select: (names) => names.filter((name) => layerOf(name, 'flip-ratio') !== null),
  label: (series) => layerOf(series, 'flip-ratio') ?? series,
  y: { label: 'Flip ratio', format: 'percent' },
};
