import type { AgreementAnswer } from '#shared/run/compare/agreement-schema.ts';
import type { DataTable } from '#shared/run/export/csv.ts';
import type { AxisFormat, BarChart } from '../../../components/chart/types.ts';

export type AgreementLayer = AgreementAnswer['layers'][number];
export type Measure = 'codes' | 'signs' | 'zeros' | 'zeroFraction' | 'distance';

/** What is counted of each layer, and what that says. */
export const MEASURES: readonly { value: Measure; label: string; meaning: string; format: AxisFormat }[] = [
  {
    value: 'codes',
    label: 'Equal codes',
    meaning: 'Weights whose codes are equal, of all',
    format: 'percent',
  },
  {
    value: 'signs',
    label: 'Equal signs',
    meaning: 'Weights of equal sign, of those that are zero in neither',
    format: 'percent',
  },
  {
    value: 'zeros',
    label: 'Shared zeros',
    meaning: 'Weights that are zero in both, of those that are zero in either (Jaccard)',
    format: 'percent',
  },
  { value: 'zeroFraction', label: 'Zero fraction', meaning: 'Weights that are zero', format: 'percent' },
  {
    value: 'distance',
    label: 'Difference of distributions',
    meaning:
      'How far weights must be moved on average to turn one distribution into the other, in root mean squares (Wasserstein)',
    format: 'number',
  },
];

/** One measure, layer by layer. A dash says what chance would give; where there is nothing to count there is no bar. */
export function agreementChart(
  layers: readonly AgreementLayer[],
  measure: Measure,
  names: { a: string; b: string },
): BarChart {
  const { label, format } = MEASURES.find(({ value }) => value === measure) ?? {
    label: '',
    format: 'number',
  };
  const column = (value: (layer: AgreementLayer) => number | null) =>
    layers.map((layer) => value(layer) ?? NaN);
  const common = {
    kind: 'bars' as const,
    x: layers.map((_, i) => i),
    names: layers.map(({ layer }) => layer),
    xLabel: 'Layer',
    format,
  };
  if (measure === 'zeroFraction') {
    return {
      ...common,
      label: names.a,
      y: column(({ zeroA }) => zeroA),
      beside: { label: names.b, y: column(({ zeroB }) => zeroB) },
    };
  }
  if (measure === 'distance') return { ...common, label, y: column(({ distance }) => distance) };
  return {
    ...common,
    label,
    y: column((layer) => layer[measure]),
    marks: { label: 'By chance', y: column(({ chance }) => chance[measure]) },
  };
}

/** Equal codes of all layers as one network; null where no layer's codes can be compared. */
export function wholeCodes(layers: readonly AgreementLayer[]): number | null {
  let [equal, count] = [0, 0];
  for (const layer of layers) {
    if (layer.codes === null) continue;
    equal += layer.codes * layer.count;
    count += layer.count;
  }
  return count === 0 ? null : equal / count;
}

export function agreementTable({ layers, left }: AgreementAnswer): DataTable {
  return {
    columns: [
      'layer',
      'shape',
      'weights',
      'equal codes',
      'by chance',
      'equal signs',
      'by chance ',
      'shared zeros',
      'by chance  ',
      'zero fraction a',
      'zero fraction b',
      'difference of distributions',
      'not compared',
    ],
    rows: [
      ...layers.map(({ layer, shape, count, codes, signs, zeros, chance, zeroA, zeroB, distance }) => [
        layer,
        shape.join(' × '),
        count,
        codes,
        chance.codes,
        signs,
        chance.signs,
        zeros,
        chance.zeros,
        zeroA,
        zeroB,
        distance,
        null,
      ]),
      ...left.map(({ layer, reason }) => [layer, ...Array<null>(11).fill(null), reason]),
    ],
  };
}
