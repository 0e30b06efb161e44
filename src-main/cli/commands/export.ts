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
} from '#shared/contract/api/export.ts';
import { OBJECTIVES, type PlanOptions } from '#shared/export/plan/options.ts';
import { PACKING_IDS, type PackingId } from '#shared/export/plan/packing/types.ts';
import { TARGETS } from '#shared/export/targets/index.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { rowAgrees } from '#shared/verify/agreement.ts';
import { collect, wholeNumber, withCommon, type CommonOptions } from '../options.ts';
import { bytes, printResult, ProgressLine, table } from '../output.ts';
import { finishTask, withHost } from '../session.ts';
import { describeVerification } from './verification-text.ts';

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
      .addOption(
        new Option('--optimize <goal>', 'what kernels and packings are chosen for')
          .choices([...OBJECTIVES])
          .default('balanced'),
      )
      .addOption(
        new Option('--kernels <kind>', 'auto, or the plain reference kernels')
          .choices(['auto', 'reference'])
          .default('auto'),
      )
      .option('--packing <layer=packing>', 'packing of one layer (repeatable)', collect, [])
      .option('--dry-run', 'say what would be written, with its sizes, and write nothing'),
  ).action(
    async (
      run: string,
      options: CommonOptions & {
        target: (typeof TARGET_IDS)[number];
        format: (typeof FORMAT_IDS)[number];
        checkpoint?: string;
        out?: string;
        optimize: PlanOptions['objective'];
        kernels: PlanOptions['kernels'];
        packing: string[];
        dryRun?: boolean;
      },
    ) => {
      const asked = {
        run,
        target: options.target,
        format: options.format,
        options: {
          kernels: options.kernels,
          objective: options.optimize,
          packing: packingsAsked(options.packing),
        },
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
      .option('--core <id>', 'emulated core, or all (repeatable)', collect, [])
      .option('--samples <number>', 'samples to run on the host', wholeNumber(1, 100_000), 1000),
  ).action(async (bundle: string, options: CommonOptions & { core: string[]; samples: number }) => {
    const cores = coresOf(options.core);
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

/** `--packing layer=packing`, several times. */
function packingsAsked(given: readonly string[]): PlanOptions['packing'] {
  return Object.fromEntries(
    given.map((one): [string, PackingId] => {
      const at = one.lastIndexOf('=');
      const packing = PACKING_IDS.find((id) => id === one.slice(at + 1));
      if (at < 1 || !packing) {
        throw new BitsmithError(
          'invalid-input',
          `--packing ${one}: must be layer=packing with one of ${PACKING_IDS.join(', ')}`,
        );
      }
      return [one.slice(0, at), packing];
    }),
  );
}

/** @throws BitsmithError `invalid-input` naming the cores that there are */
function coresOf(names: readonly string[]): TargetId[] {
  const emulated = TARGETS.filter(({ machine }) => machine).map(({ id }) => id);
  const cores = names.flatMap((name) => {
    if (name === 'all') return emulated;
    const known = emulated.find((id) => id === name);
    if (known) return [known];
    throw new BitsmithError(
      'invalid-input',
      `--core ${name}: not known; allowed: all, ${emulated.join(', ')}`,
    );
  });
  return [...new Set(cores)];
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
  const wrong = [result.host, ...result.cores].find((row) => row.ran && !rowAgrees(row));
  if (wrong) {
    throw new BitsmithError('job-failed', `the firmware on ${wrong.core} does not agree with the reference`);
  }
}
