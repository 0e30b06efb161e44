import type { BundleComparison, LayerComparison, Pair } from '#shared/export/report/comparison-schema.ts';
import { bytes, count, percent, signed } from '../../components/base/format.ts';
import { COLUMN_TITLES } from './report-tables.ts';
import type { TextTable } from './table.ts';

type Write = (value: number | null) => string;

/** A pair as three cells: before, after, difference. */
export function pairCells({ a, b, difference }: Pair, write: Write): string[] {
  return [write(a), write(b), difference === null ? '–' : signed(difference, write)];
}

const PAIR_HEADS = [{ title: 'Other' }, { title: 'This one' }, { title: 'Difference' }];

/** Everything that was measured or counted, before and after; tables without a row are left out. */
export function comparisonTables(comparison: BundleComparison, onlyDifferent: boolean): TextTable[] {
  const kept = (pair: Pair) => !onlyDifferent || pair.a !== pair.b;
  const { columns, totals, instructions, accuracy, sections, kernels } = comparison;
  const numbers: [string, Pair, Write][] = [
    ...Object.entries(columns).map(([key, pair]): [string, Pair, Write] => [
      COLUMN_TITLES[key as keyof typeof COLUMN_TITLES] ?? key,
      pair,
      bytes,
    ]),
    ['Multiply-accumulates', totals.macs, count],
    ['Weights that are not zero', totals.nonzeros, count],
    ['Bit operations', totals.bitOperations, count],
    ...instructions.map(({ core, count: pair }): [string, Pair, Write] => [
      `Instructions, ${core}`,
      pair,
      count,
    ]),
    ['Test accuracy', accuracy, percent],
  ];
  const named = (caption: string, list: typeof sections): TextTable => ({
    caption,
    heads: [{ title: 'Name' }, ...PAIR_HEADS],
    rows: list.filter((one) => kept(one.bytes)).map((one) => [one.name, ...pairCells(one.bytes, bytes)]),
  });
  return [
    {
      caption: 'Sizes and costs',
      heads: [{ title: 'What' }, ...PAIR_HEADS],
      rows: numbers
        .filter(([, pair]) => kept(pair))
        .map(([name, pair, write]) => [name, ...pairCells(pair, write)]),
    },
    layersTable(comparison.layers, onlyDifferent),
    named('Kernels', kernels),
    named('Sections', sections),
    originTable(comparison),
  ].filter(({ rows }) => rows.length > 0);
}

function layersTable(layers: readonly LayerComparison[], onlyDifferent: boolean): TextTable {
  return {
    caption: 'Layers of both',
    heads: [
      { title: 'Layer' },
      { title: 'Kernel', text: true },
      { title: 'Packing', text: true },
      { title: 'Weights' },
      { title: 'Estimated' },
      { title: 'Counted' },
    ],
    rows: layers
      .filter(({ differs }) => differs || !onlyDifferent)
      .map((layer) => [
        layer.id,
        change(layer.kernel),
        change(layer.packing).replaceAll(' ', '\u00a0'),
        changed(layer.weightBytes, bytes),
        changed(layer.estimatedInstructions, count),
        changed(layer.measuredInstructions, count),
      ]),
  };
}

/** `a → b`, or one of them where they are equal. */
function change({ a, b }: { a: string | null; b: string | null }): string {
  return a === b ? (b ?? '–') || '–' : `${a || '–'} → ${b || '–'}`;
}

function changed({ a, b }: Pair, write: Write): string {
  return change({ a: write(a), b: write(b) });
}

function originTable({ options, provenance }: BundleComparison): TextTable {
  return {
    caption: 'Options and origin that differ',
    heads: [{ title: 'What' }, { title: 'Other', text: true }, { title: 'This one', text: true }],
    rows: [...options, ...provenance].map(({ field, a, b }) => [field, a ?? '–', b ?? '–']),
  };
}

/** What the golden vectors of two bundles say, in one sentence. */
export function vectorsSentence({ vectors }: BundleComparison): { same: boolean | null; text: string } {
  if (!vectors) return { same: null, text: 'One of the bundles has no test vectors in its report.' };
  const { sameInputs, sameLogits, firstDifference } = vectors;
  if (sameInputs === 0) return { same: null, text: 'The bundles have no test sample in common.' };
  const samples = `${count(sameInputs)} common test ${sameInputs === 1 ? 'sample' : 'samples'}`;
  if (!firstDifference) return { same: true, text: `Both compute the same integers for ${samples}.` };
  const where = firstDifference.layer === null ? 'in the outputs' : `in layer ${firstDifference.layer}`;
  return {
    same: false,
    text: `The outputs agree for ${count(sameLogits)} of ${samples}; the first difference is ${where}, sample ${count(firstDifference.sample)}.`,
  };
}
