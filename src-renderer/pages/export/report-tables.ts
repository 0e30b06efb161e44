import type { BundleReport } from '#shared/export/report/schema.ts';
import { macsTitle } from '#shared/export/report/type-names.ts';
import { bytes, count, percent } from '../../components/base/format.ts';
import type { TextTable } from './table.ts';

/** Flash and RAM under the names of ST's model zoo; shared with the comparison of two bundles. */
export const COLUMN_TITLES: Record<keyof BundleReport['columns'], string> = {
  weightsFlash: 'Weights flash',
  codeFlash: 'Code flash',
  startupFlash: 'Start-up flash',
  totalFlash: 'Total flash',
  activationRam: 'Activation RAM',
  runtimeRam: 'Runtime RAM',
  stack: 'Stack',
  totalRam: 'Total RAM',
};

/** The numbers that are asked for first, by name. */
export function reportFacts(report: BundleReport): { name: string; value: string }[] {
  const sizes = (Object.keys(COLUMN_TITLES) as (keyof BundleReport['columns'])[]).map((key) => ({
    name: COLUMN_TITLES[key],
    value: report.columns[key] === null ? 'not measured' : bytes(report.columns[key]),
  }));
  const macs = report.macs.reduce((sum, one) => sum + one.macs, 0);
  return [
    ...sizes,
    { name: 'Multiply-accumulates', value: count(macs) },
    { name: 'Test accuracy', value: percent(report.provenance.accuracy) },
  ];
}

/** The tables of a report, in reading order; those without a row are left out. */
export function reportTables(report: BundleReport): TextTable[] {
  return [
    layersTable(report),
    macsTable(report),
    codeTable(report),
    accumulatorsTable(report),
    removedTable(report),
    verificationTable(report),
  ].filter(({ rows }) => rows.length > 0);
}

function layersTable({ layers }: BundleReport): TextTable {
  return {
    caption: 'Layers',
    heads: [
      { title: 'Layer' },
      { title: 'Weights' },
      { title: 'Other tables' },
      { title: 'Value in RAM' },
      { title: 'Scratch' },
      { title: 'Zero weights' },
      { title: 'Estimated' },
      { title: 'Counted' },
    ],
    rows: layers.map((layer) => [
      layer.id,
      bytes(layer.weightBytes),
      bytes(layer.thresholdBytes),
      bytes(layer.activationBytes),
      bytes(layer.scratchBytes),
      percent(layer.weights > 0 ? 1 - layer.nonzeros / layer.weights : null, 1),
      count(layer.estimatedInstructions),
      count(layer.measuredInstructions),
    ]),
  };
}

function macsTable({ macs, cost }: BundleReport): TextTable {
  const total = macs.reduce((sum, one) => sum + one.macs, 0);
  const operations = (kind: 'dense' | 'sparse') => count(Number(cost[kind]['total_bops'] ?? 0));
  return {
    caption: 'Operations by bit width',
    heads: [{ title: 'Weights × activations' }, { title: 'MACs' }, { title: 'Share' }],
    rows: [
      ...macs.map((one) => [macsTitle(one), count(one.macs), percent(one.macs / Math.max(1, total), 1)]),
      ...(macs.length > 0
        ? [
            ['Bit operations (QONNX)', operations('dense'), ''],
            ['Bit operations of weights that are not zero', operations('sparse'), ''],
          ]
        : []),
    ],
  };
}

function codeTable({ measured }: BundleReport): TextTable {
  const kernels = measured?.kernels.map(({ name, bytes: size }) => [name, bytes(size), 'kernel']) ?? [];
  const sections =
    measured?.sections.map(({ name, bytes: size, memory }) => [
      name,
      bytes(size),
      memory === 'both' ? 'section, flash and RAM' : `section, ${memory}`,
    ]) ?? [];
  return {
    caption: 'Code and sections',
    heads: [{ title: 'Name' }, { title: 'Bytes' }, { title: 'What', text: true }],
    rows: [...kernels, ...sections],
  };
}

function accumulatorsTable({ accumulators }: BundleReport): TextTable {
  const range = (of: { low: number; high: number } | null) =>
    of === null ? '–' : `${count(of.low)} … ${count(of.high)}`.replaceAll('-', '−');
  return {
    caption: 'Accumulators',
    heads: [{ title: 'Sum' }, { title: 'Proven for every input' }, { title: 'Bits' }, { title: 'Seen' }],
    rows: accumulators.map(({ node, proven, bits, observed }) => [
      node,
      range(proven),
      String(bits),
      range(observed),
    ]),
  };
}

function removedTable({ removedChannels }: BundleReport): TextTable {
  return {
    caption: 'Channels that no sample needs',
    heads: [
      { title: 'Layer' },
      { title: 'Trained' },
      { title: 'Exported' },
      { title: 'Because', text: true },
    ],
    rows: removedChannels.map(({ node, before, kept, because }) => [
      node,
      count(before),
      count(kept),
      Object.entries(because)
        .filter(([, channels]) => channels > 0)
        .map(([reason, channels]) => `${count(channels)} ${reason}`)
        .join(', '),
    ]),
  };
}

function verificationTable({ verification }: BundleReport): TextTable {
  return {
    caption: 'Last verification',
    heads: [
      { title: 'Core' },
      { title: 'With', text: true },
      { title: 'Samples that agree' },
      { title: 'Accuracy' },
      { title: 'Instructions' },
    ],
    rows: (verification?.rows ?? []).map((row) => [
      row.core,
      row.ran ? [row.runner, row.reason].filter(Boolean).join('; ') : `not run: ${row.reason ?? ''}`,
      row.ran ? `${count(row.matched)} of ${count(row.total)}` : '–',
      percent(row.accuracy),
      count(row.instructionsPerInference),
    ]),
  };
}

/** The stack in one sentence; null where nothing was measured. */
export function stackSentence({ measured }: BundleReport): string | null {
  if (!measured) return null;
  const { stack } = measured;
  if (!stack) return 'The compiler does not tell the stack of functions.';
  const path = stack.path.map((call) => `${call.function} ${bytes(call.bytes)}`).join(' → ');
  const through = path ? `, through ${path}` : '';
  if (stack.bytes === null) return `The stack has no bound${through}.`;
  return `The stack is at most ${bytes(stack.bytes)} deep, interrupts not counted${through}.`;
}
