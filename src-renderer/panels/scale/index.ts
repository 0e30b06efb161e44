import { layerMeasure, layerOf } from '../layer-series.ts';
import type { CurvePanel } from '../types.ts';

export const scalePanel: CurvePanel = {
  kind: 'curves',
  id: 'scale',
  title: 'Scale',
  hint: 'what a code is multiplied by',
  place: 'layers',
  select: (names) => names.filter((name) => layerOf(name, 'scale') !== null),
  label: (series) => layerOf(series, 'scale') ?? series,
  parts: (names, layer) =>
    names.flatMap((series) => {
      const found = layerMeasure(series);
      if (found?.layer !== layer || !found.measure.startsWith('scale')) return [];
      const of = { scale: 'Mean', 'scale-low': 'Lowest', 'scale-high': 'Highest' }[found.measure as 'scale'];
      return [{ series, label: found.part === null ? of : `${of}, level ${found.part}` }];
    }),
  y: { label: 'Scale', format: 'number' },
};
