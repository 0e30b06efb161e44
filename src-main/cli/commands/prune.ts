import { InvalidArgumentError, type Command } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import type { PruneOptions } from '#shared/prune/follow-up.ts';
import type { RunSummary } from '#shared/run/record.ts';
import type { Host } from '../../host.ts';
import { followRun, requireFinished } from '../follow-run.ts';
import { collect, withCommon, type CommonOptions } from '../options.ts';
import { percent, printResult, ProgressLine } from '../output.ts';
import { withHost } from '../session.ts';
import { trainResult } from './train.ts';

interface PruneCommandOptions extends CommonOptions, PruneOptions {
  set: string[];
  removeChannels?: boolean;
}

export function addPruneCommands(program: Command): void {
  withCommon(
    program
      .command('prune')
      .description(
        'prune a finished run level by level until its accuracy suffers, and keep the last good level',
      )
      .argument('<run>', 'id or its beginning')
      .option('--levels <list>', 'sparsities to try, rising (default: 0.5,0.7,0.8,0.9,0.95,0.97)', numberList)
      .option('--epochs <n>', 'epochs of retraining at each level (default: 2)', decimal)
      .option('--tolerance <share>', 'validation accuracy that may be lost (default: 0.005)', decimal)
      .option('--scope <scope>', 'layer, or global: the smallest weights of all layers together')
      .option('--granularity <unit>', 'weight, group or channel')
      .option('--learning-rate <rate>', 'default: a tenth of the run’s largest', decimal)
      .option('--set <path=value>', 'override a field of the configuration (repeatable)', collect, [])
      .option('--remove-channels', 'prune channels, then remove them and fine-tune the smaller network'),
  ).action(async (run: string, options: PruneCommandOptions) => {
    const { levels, epochs, tolerance, scope, learningRate, set } = options;
    const granularity = granularityOf(options);
    const given = Object.fromEntries(
      Object.entries({ levels, epochs, tolerance, scope, granularity, learningRate }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    await withHost(options, async (host) => {
      const progress = new ProgressLine();
      const started = await host.services.run.prune({ run, options: checked(given), set });
      const pruned = await followRun(host, started.id, progress);
      const sparsity = await goodSparsity(host, pruned.id);
      const smaller =
        options.removeChannels && pruned.status === 'finished' && sparsity > 0
          ? await withoutChannels(host, pruned.id, { set: [] }, progress)
          : null;
      const result = { ...trainResult(pruned), sparsity };
      printResult(options.json, smaller ? { ...result, smaller: trainResult(smaller) } : result, () =>
        [pruneText(pruned, sparsity), ...(smaller ? [smallerText(smaller)] : [])].join('\n'),
      );
      requireFinished(pruned);
      if (smaller) requireFinished(smaller);
    });
  });

  withCommon(
    program
      .command('remove-channels')
      .description('remove the masked channels of a pruned run and fine-tune the smaller network')
      .argument('<run>', 'id or its beginning')
      .option('--epochs <n>', 'epochs of fine-tuning (default: those of one pruning level)', decimal)
      .option('--learning-rate <rate>', 'default: that of the pruning', decimal)
      .option('--set <path=value>', 'override a field of the configuration (repeatable)', collect, []),
  ).action(
    async (
      run: string,
      options: CommonOptions & { set: string[]; epochs?: number; learningRate?: number },
    ) => {
      const { epochs, learningRate, set } = options;
      await withHost(options, async (host) => {
        const given = {
          set,
          ...(epochs === undefined ? {} : { epochs }),
          ...(learningRate === undefined ? {} : { learningRate }),
        };
        const summary = await withoutChannels(host, run, given, new ProgressLine());
        printResult(options.json, trainResult(summary), () => smallerText(summary));
        requireFinished(summary);
      });
    },
  );
}

async function withoutChannels(
  host: Host,
  run: string,
  given: { set: string[]; epochs?: number; learningRate?: number },
  progress: ProgressLine,
): Promise<RunSummary> {
  const { id } = await host.services.run.removeChannels({ run, ...given });
  for (const { message } of await host.services.run.events({ run: id })) {
    if (message.includes('channels removed')) progress.note(message);
  }
  return followRun(host, id, progress);
}

/** The sparsity of the last level that kept the accuracy; 0 where none did. */
async function goodSparsity(host: Host, run: string): Promise<number> {
  const { series } = await host.services.run.series({ run, names: ['pruning/good-sparsity'] });
  return series[0]?.value.at(-1) ?? 0;
}

function pruneText(run: RunSummary, sparsity: number): string {
  if (run.status !== 'finished') return `run ${run.id} is ${run.status}`;
  const level = sparsity === 0 ? 'no level kept the accuracy: as before' : `sparsity ${percent(sparsity, 1)}`;
  return `run ${run.id} finished: ${level}, test accuracy ${percent(run.accuracy)}`;
}

function smallerText(run: RunSummary): string {
  return run.status === 'finished'
    ? `run ${run.id} finished: without the masked channels, test accuracy ${percent(run.accuracy)}`
    : `run ${run.id} is ${run.status}`;
}

function granularityOf({ granularity, removeChannels }: PruneCommandOptions): PruneOptions['granularity'] {
  if (!removeChannels || granularity === 'channel') return granularity;
  if (granularity === undefined) return 'channel';
  throw new BitsmithError(
    'invalid-input',
    `--remove-channels needs --granularity channel, not ${granularity}`,
  );
}

/** Checks what the configuration's schema would not name as clearly; it checks all other numbers. */
function checked(options: PruneOptions): PruneOptions {
  const words = { scope: ['layer', 'global'], granularity: ['weight', 'group', 'channel'] } as const;
  for (const name of ['scope', 'granularity'] as const) {
    const value: string | undefined = options[name];
    const allowed: readonly string[] = words[name];
    if (value !== undefined && !allowed.includes(value)) {
      throw new BitsmithError('invalid-input', `--${name} is "${value}"; allowed: ${allowed.join(', ')}`);
    }
  }
  if (options.learningRate !== undefined && options.learningRate <= 0) {
    throw new BitsmithError('invalid-input', `--learning-rate is ${options.learningRate}; must be above 0`);
  }
  return options;
}

function decimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number.');
  return value;
}

function numberList(text: string): number[] {
  return text.split(',').map(decimal);
}
