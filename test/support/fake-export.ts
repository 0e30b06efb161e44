import type { z } from 'zod';
import { BitsmithError } from '#shared/base/errors.ts';
import type {
  Bundle,
  BundlePlan,
  TargetRowSchema,
  VerifyResult,
  VerifyRow,
} from '#shared/contract/api/export.ts';
import type { Services } from '#shared/contract/index.ts';
import type { TopicName } from '#shared/contract/topics/index.ts';
import { withVerification } from '#shared/export/report/build-report.ts';
import { compareReports } from '#shared/export/report/compare.ts';
import type { BundleReport } from '#shared/export/report/schema.ts';
import { mergeVerification } from '#main/services/export/merge-verification.ts';
import { fakeCounts, fakeReport, fakeSizes, type FakeSizes } from './fake-firmware.ts';
import { fakeParity } from './fake-parity.ts';
import type { FakeRun } from './fake-runs.ts';
import type { FakeTasks } from './fake-tasks.ts';

const FILES = [
  'CMakeLists.txt',
  'Makefile',
  'README.md',
  'manifest.json',
  'include/bitsmith.h',
  'include/model.h',
  'src/model.c',
  'src/weights.c',
  'src/runtime/bs_conv_ternary_s8.c',
  'src/runtime/bs_dense_ternary_s8.c',
  'src/runtime/bs_max_pool_s8.c',
  'test/vectors.h',
  'test/main.c',
];

const MODEL_C = `#include "model.h"
#include "bitsmith.h"

/* Layer conv1: ternary weights, one threshold pair per channel. */
bs_status model_run(const model_context *ctx, const int8_t *input, int32_t *output)
{
    bs_status status = bs_conv_ternary_s8(&ctx->conv1, input, ctx->arena);
    if (status != BS_OK) {
        return status;
    }
    return bs_dense_ternary_s8(&ctx->dense1, ctx->arena, output);
}
`;

/** What of a plan's sizes a written bundle keeps. */
function written({ arena: _, layers, ...sizes }: FakeSizes) {
  return { ...sizes, layers: layers.map(({ tableBytes: _bytes, ...layer }) => layer) };
}

/** The export service of the fake host. @param wrongLayer layer in which its firmware differs from the reference */
export function fakeExport(
  tasks: FakeTasks,
  find: (run: string) => FakeRun,
  push: (topic: TopicName, payload: unknown) => void,
  targets: z.output<typeof TargetRowSchema>[],
  wrongLayer?: string,
): Services['export'] {
  const bundles: Bundle[] = [];
  const bundleOf = (id: string) => {
    const bundle = bundles.find((candidate) => candidate.id === id);
    if (!bundle) throw new BitsmithError('not-found', `there is no bundle "${id}"`);
    return bundle;
  };
  /** The network that a run stands for. */
  const presetOf = (run: string) => {
    const { dataset } = find(run).summary;
    if (dataset === 'sounds') return 'ds-cnn';
    return dataset.startsWith('cifar') ? 'resnet8' : 'lenet-small';
  };
  const targetOf = (id: string) => targets.find((candidate) => candidate.id === id);
  const sizesFor = ({ run, target, options }: Pick<Bundle, 'run' | 'target' | 'options'>): FakeSizes => {
    const compiled = targetOf(target)?.compiler.available ?? false;
    const { bytes: _, ...sizes } = fakeSizes(presetOf(run), options, compiled);
    return sizes;
  };
  const verified = new Map<string, VerifyResult>();
  const reportOf = (id: string): BundleReport => {
    const { run, target, format, options } = bundleOf(id);
    const compiled = targetOf(target)?.compiler.available ?? false;
    const targetTitle = targetOf(target)?.title ?? target;
    const report = fakeReport(presetOf(run), options, { id, run, target, targetTitle, format, compiled });
    const result = verified.get(id);
    if (!result) return report;
    const rows = [result.host, ...result.cores].map(
      ({ firstMismatch: _, flashBytes: _flash, ramBytes: _ram, at: _at, ...row }) => row,
    );
    return withVerification(report, { passed: result.passed, rows });
  };
  const checkpointOf = (run: string, asked: string | undefined) => {
    const chosen = asked ?? find(run).checkpoints.at(-1)?.id;
    if (!chosen) throw new BitsmithError('conflict', `run ${run} has no checkpoint yet`, { run });
    return chosen;
  };
  return {
    targets: () => targets,
    list: ({ run }) => bundles.filter((bundle) => !run || bundle.run === run),
    build: ({ run, checkpoint, target, format, options, out }) => {
      const found = find(run);
      const chosen = checkpointOf(run, checkpoint);
      const id = `b${bundles.length + 1}`;
      const steps = ['lower the graph', 'write the weights', 'compile for size'];
      return tasks.start(`Export ${found.summary.name}`, { run, bundle: id }, steps, () => {
        const bundle: Bundle = {
          id,
          run,
          checkpoint: chosen,
          target,
          format,
          options,
          path: out ?? `/home/ada/.local/share/bitsmith/bundles/${id}`,
          files: FILES,
          ...written(sizesFor({ run, target, options })),
          createdAt: new Date(Date.UTC(2026, 2, 14, 9, 26 + bundles.length)).toISOString(),
        };
        bundles.unshift(bundle);
        push('bundles-changed', { run });
        return bundle;
      });
    },
    plan: ({ run, checkpoint, target, format, options }) => {
      const chosen = checkpointOf(run, checkpoint);
      return tasks.start(
        'Plan the export',
        { run },
        ['lower the graph', 'compile for size'],
        (): BundlePlan => ({
          run,
          checkpoint: chosen,
          name: 'model',
          target,
          format,
          options,
          files: FILES.map((path, i) => ({ path, bytes: 100 * (i + 1) })),
          ...sizesFor({ run, target, options }),
        }),
      );
    },
    file: ({ bundle, file }) => {
      if (!bundleOf(bundle).files.includes(file))
        throw new BitsmithError('not-found', `no file "${file}" in ${bundle}`);
      return { text: file.endsWith('.c') ? MODEL_C : `${file} of bundle ${bundle}\n`, truncated: false };
    },
    verify: ({ bundle, cores, samples }) => {
      const found = bundleOf(bundle);
      return tasks.start(
        `Verify ${bundle}`,
        { run: found.run, bundle },
        ['compile', 'run', 'compare'],
        () => {
          const total = samples + 24;
          const { flashBytes, ramBytes, layers: planned } = sizesFor(found);
          const row = (core: string, runner: string): VerifyRow => {
            const board = core !== 'host';
            const layers = board ? fakeCounts(planned, core === 'cortex-m4' ? 1 : 1.6) : [];
            return {
              core,
              runner,
              ran: true,
              reason: null,
              matched: wrongLayer ? total - 3 : total,
              total,
              firstMismatch: wrongLayer
                ? { sample: 17, layer: wrongLayer, index: 4, expected: 1, got: -1 }
                : null,
              accuracy: 0.9862,
              instructionsPerInference: board
                ? layers.reduce((sum, { instructions }) => sum + instructions, 0)
                : null,
              layers,
              flashBytes: board ? flashBytes : null,
              ramBytes: board ? ramBytes : null,
            };
          };
          const result: VerifyResult = {
            bundle,
            passed: wrongLayer === undefined,
            samples: {
              asked: samples,
              taken: samples,
              source: 'test',
              adversarial: 24,
              thresholdsHit: 61,
              thresholds: 64,
            },
            host: row('host', 'gcc 12.2.0, x86_64'),
            cores: cores.map((core) => {
              const target = targets.find((candidate) => candidate.id === core);
              if (target?.emulator.available && target.compiler.available) {
                return row(core, `${target.compiler.name}, ${target.emulator.name}`);
              }
              const reason = target?.compiler.remedy ?? target?.emulator.remedy ?? 'no toolchain';
              return {
                ...row(core, 'not run'),
                ran: false,
                reason,
                matched: 0,
                total: 0,
                firstMismatch: null,
                accuracy: null,
                instructionsPerInference: null,
                layers: [],
                flashBytes: null,
                ramBytes: null,
              };
            }),
          };
          const recorded = mergeVerification(result, verified.get(bundle) ?? null);
          verified.set(bundle, recorded);
          return recorded;
        },
      );
    },
    verification: ({ bundle }) => {
      bundleOf(bundle);
      return verified.get(bundle) ?? null;
    },
    ...fakeParity(tasks, (bundle) => presetOf(bundleOf(bundle).run), wrongLayer),
    report: ({ bundle }) => {
      const { run } = bundleOf(bundle);
      return tasks.start('Report', { run, bundle }, ['read'], () => reportOf(bundle));
    },
    compareBundles: ({ a, b }) => {
      const { run } = bundleOf(b);
      bundleOf(a);
      return tasks.start('Compare bundles', { run, bundle: b }, ['read'], () =>
        compareReports(reportOf(a), reportOf(b)),
      );
    },
  };
}
