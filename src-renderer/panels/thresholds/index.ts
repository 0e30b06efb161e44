import { layerMeasure, signedCode } from '../layer-series.ts';
import type { CurvePanel } from '../types.ts';

export const thresholdsPanel: CurvePanel = {
  kind: 'curves',
  id: 'thresholds',
  title: 'Thresholds',
  hint: 'from which value on a code is taken',
  place: 'layers',
  select: (names) => names.filter((name) => layerMeasure(name)?.measure === 'threshold'),
  label: (series) => {
    const found = layerMeasure(series);
    return found ? `${found.layer}, ${signedCode(found.part ?? 0)}` : series;
  },
  parts: (names, layer) =>
    names
      .flatMap((series) => {
        const found = layerMeasure(series);
        return found?.layer === layer && found.measure === 'threshold'
          ? [{ series, code: found.part ?? 0 }]
          : [];
      })
      .toSorted((a, b) => a.code - b.code)
      .map(({ series, code }) => ({ series, label: `Code ${signedCode(code)}` })),
  y: { label: 'Threshold', format: 'number' },
};
