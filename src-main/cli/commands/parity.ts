import type { Command } from 'commander';
import { Option } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import type { ParityResult, ParitySample } from '#shared/contract/api/parity.ts';
import { wholeNumber, withCommon, type CommonOptions } from '../options.ts';
import { printResult, ProgressLine } from '../output.ts';
import { finishTask, withHost } from '../session.ts';
import { describeParity } from './parity-text.ts';

interface ParityOptions extends CommonOptions {
  sample?: number;
  class?: number;
  wrong?: number | true;
  adversarial?: number;
}

export function addParityCommand(program: Command): void {
  const number = wholeNumber(0, 10_000_000);
  withCommon(
    program
      .command('parity')
      .description('compare one sample layer by layer: float network, integer reference, compiled firmware')
      .argument('<bundle>', 'bundle folder or id')
      .option('--sample <number>', 'test sample by its number (default: 0)', number)
      .addOption(
        new Option('--class <label>', 'first test sample of this class')
          .argParser(number)
          .conflicts(['sample', 'wrong', 'adversarial']),
      )
      .addOption(
        new Option('--wrong [from]', 'first test sample, from a number on, that is taken for another class')
          .argParser(number)
          .conflicts(['sample', 'adversarial']),
      )
      .addOption(
        new Option('--adversarial <number>', 'adversarial sample by its number')
          .argParser(number)
          .conflicts(['sample']),
      ),
  ).action(async (bundle: string, options: ParityOptions) => {
    const result = await withHost(options, async (host) => {
      const { task } = await host.services.export.parity({ bundle, sample: sampleOf(options) });
      return (await finishTask(host, task, new ProgressLine())) as ParityResult;
    });
    printResult(options.json, result, () => describeParity(result));
    if (result.firstDifference !== null) {
      throw new BitsmithError(
        'job-failed',
        `the firmware does not agree with the reference: layer ${result.firstDifference} is the first that differs`,
      );
    }
  });
}

function sampleOf(options: ParityOptions): ParitySample {
  if (options.class !== undefined) return { by: 'class', label: options.class, occurrence: 0 };
  if (options.wrong !== undefined) return { by: 'wrong', from: options.wrong === true ? 0 : options.wrong };
  if (options.adversarial !== undefined) return { by: 'adversarial', index: options.adversarial };
  return { by: 'index', index: options.sample ?? 0 };
}
