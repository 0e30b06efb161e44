import type { Command } from 'commander';
import type { SparsityReport } from '#shared/prune/sparsity-report.ts';
import { wholeNumber, withCommon, type CommonOptions } from '../options.ts';
import { percent, printResult, table } from '../output.ts';
import { withReader } from '../session.ts';

/** `bitsmith runs sparsity`. @param runs the command `runs` */
export function addSparsityCommand(runs: Command): void {
  withCommon(
    runs
      .command('sparsity')
      .description('measure the zeros of a run’s weights and activations, and the operations that they save')
      .argument('<run>', 'id or its beginning')
      .option(
        '--samples <n>',
        'test samples over which activations are measured',
        wholeNumber(1, 100_000),
        100,
      ),
  ).action(async (run: string, options: CommonOptions & { samples: number }) => {
    const report = await withReader(options, (reader) => reader.sparsity({ run, samples: options.samples }));
    printResult(options.json, report, () => reportText(report));
  });
}

function reportText(report: SparsityReport): string {
  return [
    table(
      [
        'layer',
        'weights',
        'planes',
        'zero words',
        'zero bits',
        'act. planes',
        'act. zero words',
        'act. zero bits',
        'S_bit',
        'S_word',
      ],
      report.layers.map((layer) => [
        layer.id,
        layer.weights.count,
        layer.weights.planes,
        percent(layer.weights.zeroWords, 1),
        percent(layer.weights.zeroBits, 1),
        layer.activations?.planes ?? null,
        percent(layer.activations?.zeroWords ?? null, 1),
        percent(layer.activations?.zeroBits ?? null, 1),
        factor(layer.bit.dense, layer.bit.both),
        factor(layer.word.dense, layer.word.both),
      ]),
    ),
    '',
    `All ${report.weights.count} weights: ${percent(report.weights.zeroWords, 1)} zero words, ${percent(report.weights.zeroBits, 1)} zero bits.`,
    '',
    `Operations per sample over ${report.samples} test samples, against the multi-level binary network (ReBNet) with the same levels, which skips nothing:`,
    table(
      ['', 'dense (denominator)', 'weights’ zeros skipped', 'activations’', 'both'],
      (['bit', 'word'] as const).map((level) => {
        const { dense, weights, activations, both } = report[level];
        const name = level === 'bit' ? 'bit level: M_w · M_a · MACs' : 'word level: MACs';
        return [
          name,
          whole(dense),
          ...[weights, activations, both].map((left) => `${whole(left)} (${factor(dense, left)})`),
        ];
      }),
    ),
    '',
    'Taps in padding count as operations of the dense network and as zero activations. Layers without coded activations',
    '(–) read samples, sums or floating point: nothing of those is skipped.',
  ].join('\n');
}

function factor(dense: number, left: number): string {
  return left > 0 ? `${(dense / left).toFixed(2)}×` : '–';
}

function whole(operations: number): string {
  return Math.round(operations).toLocaleString('en');
}
