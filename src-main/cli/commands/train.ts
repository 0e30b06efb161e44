import * as fs from 'node:fs';
import type { Command } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import { applySettings } from '#shared/run/config.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { guardFiles } from '../../platform/files.ts';
import { followRun, requireFinished } from '../follow-run.ts';
import { collect, withCommon, type CommonOptions } from '../options.ts';
import { percent, printResult, ProgressLine } from '../output.ts';
import { withHost } from '../session.ts';

export function addTrainCommands(program: Command): void {
  withCommon(
    program
      .command('train')
      .description('train a run as a configuration says')
      .argument('<config>', 'configuration, a JSON file')
      .option('--set <path=value>', 'override a field of the configuration (repeatable)', collect, [])
      .option('--device <id>', 'back end: auto, tensorflow, webgpu or wasm'),
  ).action(async (file: string, options: CommonOptions & { set: string[]; device?: string }) => {
    const settings = [...options.set, ...(options.device ? [`device=${options.device}`] : [])];
    const config = applySettings(readJson(file), settings);
    await finish(options, async (host, progress) => {
      const { id } = await host.services.run.start({ config });
      return followRun(host, id, progress);
    });
  });

  withCommon(
    program
      .command('resume')
      .description('go on with a run from its last checkpoint')
      .argument('<run>', 'id or its beginning'),
  ).action(async (run: string, options: CommonOptions) => {
    await finish(options, async (host, progress) => {
      const { id } = await host.services.run.resume({ run });
      return followRun(host, id, progress);
    });
  });
}

type Work = (
  host: Parameters<Parameters<typeof withHost>[1]>[0],
  progress: ProgressLine,
) => Promise<RunSummary>;

async function finish(options: CommonOptions, work: Work): Promise<void> {
  const summary = await withHost(options, (host) => work(host, new ProgressLine()));
  printResult(options.json, trainResult(summary), () =>
    summary.status === 'finished'
      ? `run ${summary.id} finished: test accuracy ${percent(summary.accuracy)}, loss ${summary.loss?.toFixed(4) ?? '–'}`
      : `run ${summary.id} is ${summary.status}`,
  );
  requireFinished(summary);
}

/** The JSON result of train and resume, as the command line's documentation names its fields. */
export function trainResult(summary: RunSummary) {
  return {
    runId: summary.id,
    status: summary.status,
    epochs: summary.epochsDone,
    accuracy: summary.accuracy,
    loss: summary.loss,
    stepsPerSecond: summary.stepsPerSecond,
    device: summary.device,
    reason: summary.reason,
  };
}

/** @throws BitsmithError `not-found` or `invalid-input`, naming the file */
export function readJson(file: string): unknown {
  const text = guardFiles(`cannot read ${file}`, () => fs.readFileSync(file, 'utf8'));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BitsmithError(
      'invalid-input',
      `${file} is not JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
}
