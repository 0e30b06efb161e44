import * as path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import {
  FORMAT_IDS,
  TARGET_IDS,
  type Bundle,
  type BundlePlan,
  type VerifyResult,
  type VerifyRow,
} from '#shared/contract/api/export.ts';
import { collect, wholeNumber, withCommon, type CommonOptions } from '../options.ts';
import { bytes, percent, printResult, ProgressLine, table } from '../output.ts';
import { finishTask, withHost } from '../session.ts';

export function addExportCommands(program: Command): void {
  withCommon(
    program
      .command('export')
      .description('write the firmware bundle of a run')
      .argument('<run>', 'id or its beginning')
      .addOption(new Option('--target <id>', 'core').choices([...TARGET_IDS]).default('generic-c99'))
      .addOption(new Option('--format <id>', 'bundle format').choices([...FORMAT_IDS]).default('cmake'))
      .option('--checkpoint <id>', 'checkpoint (default: the final one, else the newest)')
      .option('--out <folder>', 'folder to create (default: in the data folder)')
      .option('--dry-run', 'say what would be written, with its sizes, and write nothing'),
  ).action(
    async (
      run: string,
      options: CommonOptions & {
        target: (typeof TARGET_IDS)[number];
        format: (typeof FORMAT_IDS)[number];
        checkpoint?: string;
        out?: string;
        dryRun?: boolean;
      },
    ) => {
      const asked = {
        run,
        target: options.target,
        format: options.format,
        ...(options.checkpoint ? { checkpoint: options.checkpoint } : {}),
      };
      if (options.dryRun) {
        const plan = await withHost(options, async (host) => {
          const { task } = await host.services.export.plan(asked);
          return (await finishTask(host, task, new ProgressLine())) as BundlePlan;
        });
        printResult(options.json, plan, () => describePlan(plan));
        return;
      }
      const bundle = await withHost(options, async (host) => {
        const { task } = await host.services.export.build({
          ...asked,
          ...(options.out ? { out: path.resolve(options.out) } : {}),
        });
        return (await finishTask(host, task, new ProgressLine())) as Bundle;
      });
      printResult(options.json, bundle, () => describeBundle(bundle));
    },
  );

  withCommon(
    program
      .command('verify')
      .description('compile and run a bundle on the host and on emulated cores, and compare every integer')
      .argument('<bundle>', 'bundle folder or id')
      .option('--core <id>', 'emulated core (repeatable)', collect, [])
      .option('--samples <number>', 'samples to run on the host', wholeNumber(1, 100_000), 1000),
  ).action(async (bundle: string, options: CommonOptions & { core: string[]; samples: number }) => {
    const cores = options.core.map((core) => {
      const known = TARGET_IDS.find((id) => id === core);
      if (!known) {
        throw new BitsmithError(
          'invalid-input',
          `--core ${core}: not known; allowed: ${TARGET_IDS.join(', ')}`,
        );
      }
      return known;
    });
    const result = await withHost(options, async (host) => {
      const { task } = await host.services.export.verify({ bundle, cores, samples: options.samples });
      return (await finishTask(host, task, new ProgressLine())) as VerifyResult;
    });
    printResult(options.json, result, () => describeVerification(result));
    requireAgreement(result);
    if (![result.host, ...result.cores].some((row) => row.ran)) {
      throw new BitsmithError(
        'unavailable',
        'nothing could be verified here; see above how to get what is missing',
      );
    }
  });
}

export function describeBundle(bundle: Bundle): string {
  return [`bundle ${bundle.id} for ${bundle.target} in ${bundle.path}`, ...describeSizes(bundle)].join('\n');
}

function describePlan(plan: BundlePlan): string {
  const total = plan.files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${plan.name} for ${plan.target} as ${plan.format}: ${plan.files.length} files, ${bytes(total)}; nothing was written`,
    ...describeSizes(plan),
    table(
      ['file', 'bytes'],
      plan.files.map((file) => [file.path, file.bytes]),
    ),
  ].join('\n');
}

function describeSizes(bundle: Bundle | BundlePlan): string[] {
  return [
    `  flash ${bytes(bundle.flashBytes)}, RAM ${bytes(bundle.ramBytes)} (linker); weights ${bytes(bundle.weightBytes)}, arena ${bytes(bundle.arenaBytes)}`,
    table(
      ['layer', 'kind', 'shape', 'kernel', 'bytes', 'MACs', 'nonzeros'],
      bundle.layers.map((layer) => [
        layer.id,
        layer.kind,
        layer.shape.join('×'),
        layer.kernel,
        layer.weightBytes,
        layer.macs,
        layer.nonzeros,
      ]),
    ),
  ];
}

/** @throws BitsmithError `job-failed` when a sample differs anywhere it ran */
export function requireAgreement(result: VerifyResult): void {
  const wrong = [result.host, ...result.cores].find((row) => row.ran && row.matched !== row.total);
  if (wrong) {
    throw new BitsmithError('job-failed', `the firmware on ${wrong.core} does not agree with the reference`);
  }
}

export function describeVerification(result: VerifyResult): string {
  return [result.host, ...result.cores].map(describeRow).join('\n');
}

function describeRow(row: VerifyRow): string {
  if (!row.ran) return `${row.core}: not verified: ${row.reason ?? ''}`;
  const first = row.firstMismatch;
  return [
    `${row.core} (${row.runner}): ${row.matched} of ${row.total} samples agree in every integer`,
    ...(row.accuracy === null ? [] : [`accuracy ${percent(row.accuracy)}`]),
    ...(row.instructionsPerInference === null
      ? []
      : [`${row.instructionsPerInference.toLocaleString('en')} instructions per inference`]),
    ...(row.flashBytes === null ? [] : [`flash ${bytes(row.flashBytes)}, RAM ${bytes(row.ramBytes)}`]),
    ...(first
      ? [
          `first difference: sample ${first.sample}, layer ${first.layer}[${first.index}]: ${first.got}, not ${first.expected}`,
        ]
      : []),
  ].join('; ');
}
