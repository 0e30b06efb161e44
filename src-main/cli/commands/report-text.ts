import type { BundleComparison, Pair } from '#shared/export/report/comparison-schema.ts';
import { COLUMN_TITLES, vectorsText } from '#shared/export/report/comparison-page.ts';
import { factor, percent, signed, whole } from '#shared/export/report/format-numbers.ts';
import type { BundleReport } from '#shared/export/report/schema.ts';
import { macsTitle } from '#shared/export/report/type-names.ts';
import { table } from '../output.ts';

/** A report for a terminal. */
export function reportText(report: BundleReport): string {
  const { columns, measured, remedy, layers, macs, verification } = report;
  const source = measured
    ? `measured: ${measured.compiler}, ${measured.image}`
    : `planned only${remedy ? `; to measure: ${remedy}` : ''}`;
  const counted = layers.some((layer) => layer.measuredInstructions !== null);
  const instructions = layers.map((layer) =>
    counted ? layer.measuredInstructions : layer.estimatedInstructions,
  );
  const all = Math.max(
    instructions.reduce<number>((sum, one) => sum + (one ?? 0), 0),
    1,
  );
  return [
    `${report.name} for ${report.targetTitle} (${source})`,
    table(
      ['bytes', ...Object.keys(columns).map((name) => COLUMN_TITLES[name] ?? name)],
      [['', ...Object.values(columns)]],
    ),
    '',
    table(
      [
        'layer',
        'kernel',
        'packing',
        'weights',
        'other',
        'activation',
        'MACs',
        'nonzeros',
        counted ? 'counted' : 'estimated',
        'share',
      ],
      layers.map((layer, index) => [
        layer.id,
        layer.kernel,
        layer.packing || null,
        layer.weightBytes,
        layer.thresholdBytes,
        layer.activationBytes,
        layer.macs.reduce((sum, one) => sum + one.macs, 0),
        layer.nonzeros,
        instructions[index] ?? null,
        percentOf(instructions[index] ?? null, all),
      ]),
    ),
    `${counted ? 'Instructions counted on an emulated board.' : 'Instructions estimated for a Cortex-M4; bitsmith verify counts them.'}`,
    '',
    ...macs.map((one) => `${whole(one.macs)} MACs at ${macsTitle(one)}`),
    ...sparsityText(report),
    ...stackText(report),
    ...(verification?.rows ?? []).map((row) =>
      row.ran
        ? `${row.core}: ${row.matched} of ${row.total} samples agree; ${whole(row.instructionsPerInference)} instructions per inference`
        : `${row.core}: not verified: ${row.reason ?? ''}`,
    ),
  ].join('\n');
}

function percentOf(count: number | null, all: number): string | null {
  return count === null ? null : percent(count / all);
}

function sparsityText({ sparsity }: BundleReport): string[] {
  if (!sparsity) return [];
  const { weights, word, bit } = sparsity;
  return [
    `${percent(weights.zeroWords)} of the weights and ${percent(weights.zeroBits)} of their bits are zero;` +
      ` S_word ${factor(word.dense, word.weights)} by weights, ${factor(word.dense, word.both)} by both;` +
      ` S_bit ${factor(bit.dense, bit.weights)} by weights, ${factor(bit.dense, bit.both)} by both`,
  ];
}

function stackText({ measured }: BundleReport): string[] {
  const stack = measured?.stack;
  if (!stack) return [];
  const chain = stack.path.map((one) => `${one.function} ${one.bytes}`).join(' → ');
  const why = [...stack.recursion, ...stack.unbounded].join(', ');
  return [
    stack.bytes === null ? `stack: no bound, because of ${why}` : `stack: ${stack.bytes} B: ${chain}`,
    ...(stack.indirect.length > 0
      ? [`  calls through pointers count as the deepest of ${stack.indirect.join(', ')}`]
      : []),
    ...(stack.unknown.length > 0 ? [`  not counted: ${stack.unknown.join(', ')}`] : []),
  ];
}

/** A comparison for a terminal: what differs, and the totals. */
export function comparisonText(comparison: BundleComparison): string {
  const { a, b, columns, sections, totals, layers, added, removed, instructions } = comparison;
  const row = (title: string, { a: before, b: after, difference }: Pair) => [
    title,
    whole(before),
    whole(after),
    signed(difference),
  ];
  const differing = layers.filter((layer) => layer.differs);
  const shown = (value: string | number | null) => (value === null || value === '' ? '–' : value);
  const change = (pair: { a: string | number | null; b: string | number | null }) =>
    pair.a === pair.b ? shown(pair.b) : `${shown(pair.a)} → ${shown(pair.b)}`;
  const list = (title: string, fields: BundleComparison['options']) =>
    fields.length === 0
      ? [`${title}: no difference`]
      : fields.map((one) => `${title}: ${one.field}: ${one.a ?? '–'} → ${one.b ?? '–'}`);
  return [
    `A: ${a.name} for ${a.target} as ${a.format}, ${a.compiler ?? 'not measured'}`,
    `B: ${b.name} for ${b.target} as ${b.format}, ${b.compiler ?? 'not measured'}`,
    '',
    table(
      ['', 'A', 'B', 'B − A'],
      [
        ...Object.entries(columns).map(([name, pair]) => row(COLUMN_TITLES[name] ?? name, pair)),
        ...sections.map(({ name, bytes }) => row(`section ${name}`, bytes)),
        row('MACs', totals.macs),
        row('nonzeros', totals.nonzeros),
        ...instructions.map(({ core, count }) => row(`instructions on ${core}`, count)),
      ],
    ),
    '',
    `${layers.length} layers in both, ${differing.length} differ` +
      (added.length > 0 ? `; only in B: ${added.join(', ')}` : '') +
      (removed.length > 0 ? `; only in A: ${removed.join(', ')}` : ''),
    ...(differing.length > 0
      ? [
          table(
            ['layer', 'kernel', 'packing', 'weights', 'other', 'nonzeros', 'estimated', 'counted'],
            differing.map((layer) => [
              layer.id,
              change(layer.kernel),
              change(layer.packing),
              change(layer.weightBytes),
              change(layer.thresholdBytes),
              change(layer.nonzeros),
              change(layer.estimatedInstructions),
              change(layer.measuredInstructions),
            ]),
          ),
        ]
      : []),
    '',
    `golden vectors: ${vectorsText(comparison)}`,
    ...list('options', comparison.options),
    ...list('origin', comparison.provenance),
  ].join('\n');
}
