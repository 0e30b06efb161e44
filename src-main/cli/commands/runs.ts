import * as path from 'node:path';
import type { Command } from 'commander';
import { seriesCsv } from '#shared/run/export/csv.ts';
import { writeFileAtomic } from '../../platform/files.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { percent, printResult, table } from '../output.ts';
import { withReader } from '../session.ts';
import { addListCommand } from './list-runs.ts';
import { addSparsityCommand } from './sparsity.ts';
import { addTendCommands } from './tend-runs.ts';

export function addRunCommands(program: Command): void {
  const runs = program.command('runs').description('look at the runs that are kept');

  addListCommand(runs);
  addTendCommands(runs);

  withCommon(
    runs.command('show').description('show one run').argument('<run>', 'id or its beginning'),
  ).action(async (run: string, options: CommonOptions) => {
    const detail = await withReader(options, (reader) => reader.get({ run }));
    const { summary, checkpoints } = detail;
    printResult(options.json, detail, () =>
      [
        `${summary.id}: ${summary.name}`,
        `  ${summary.status}${summary.reason ? `: ${summary.reason}` : ''}`,
        `  data set ${summary.dataset}, model ${summary.model}, weights ${summary.weightMethods.join(' ')}, activations ${summary.activationMethods.join(' ')}`,
        `  ${summary.epochsDone} of ${summary.epochs} epochs on ${summary.deviceName ?? 'no device yet'} (${summary.device ?? '–'}), ${summary.stepsPerSecond?.toFixed(1) ?? '–'} steps/s`,
        `  test accuracy ${percent(summary.accuracy)}, best validation accuracy ${percent(summary.bestValidationAccuracy)}`,
        ...(summary.tags.length > 0 ? [`  tags: ${summary.tags.join(', ')}`] : []),
        '',
        checkpoints.length > 0
          ? table(
              ['checkpoint', 'epoch', 'step', 'kind', 'bytes', 'validation'],
              checkpoints.map((row) => [
                row.id,
                row.epoch,
                row.step,
                row.kind,
                row.bytes,
                percent(row.validationAccuracy),
              ]),
            )
          : '  no checkpoint yet',
      ].join('\n'),
    );
  });

  addSparsityCommand(runs);

  withCommon(
    runs
      .command('export')
      .description('write the metric series of a run')
      .argument('<run>', 'id or its beginning')
      .requiredOption('--csv <file>', 'CSV file to write'),
  ).action(async (run: string, options: CommonOptions & { csv: string }) => {
    const file = path.resolve(options.csv);
    const points = await withReader(options, async (reader) => {
      const { series } = await reader.series({ run });
      writeFileAtomic(file, [...seriesCsv(series)].join(''));
      return series.reduce((sum, one) => sum + one.value.length, 0);
    });
    printResult(options.json, { file, points }, () => `${points} points written to ${file}`);
  });

  withCommon(
    program
      .command('compare')
      .description('compare runs side by side')
      .argument('<runs...>', 'ids or their beginnings'),
  ).action(async (ids: string[], options: CommonOptions) => {
    const comparison = await withReader(options, (reader) => reader.compare({ runs: ids, metrics: true }));
    printResult(options.json, comparison, () => {
      const head = comparison.runs.map((run) => run.id);
      const differing = comparison.configDiff.filter((row) => row.differs);
      const show = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
      return [
        table(
          ['', ...head],
          [
            ['name', ...comparison.runs.map((run) => run.name)],
            ['status', ...comparison.runs.map((run) => run.status)],
            ['test accuracy', ...comparison.runs.map((run) => percent(run.accuracy))],
            ['best validation', ...comparison.runs.map((run) => percent(run.bestValidationAccuracy))],
            ['steps/s', ...comparison.runs.map((run) => run.stepsPerSecond?.toFixed(1) ?? null)],
          ],
        ),
        '',
        differing.length === 0 ? 'The configurations do not differ.' : 'Configuration, differences only',
        ...(differing.length > 0
          ? [
              table(
                ['field', ...head],
                differing.map((row) => [row.path, ...row.values.map(show)]),
              ),
            ]
          : []),
        '',
        'Metrics, last value',
        table(
          ['series', ...head],
          comparison.metrics.map((row) => [
            row.series,
            ...row.values.map((value) => value?.last.toPrecision(4) ?? null),
          ]),
        ),
      ].join('\n');
    });
  });
}
