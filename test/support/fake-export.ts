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
import { compareReports } from '#shared/export/report/compare.ts';
import type { BundleReport } from '#shared/export/report/schema.ts';
import { FAKE_LAYERS } from './fake-curves.ts';
import type { FakeRun } from './fake-runs.ts';
import type { FakeTasks } from './fake-tasks.ts';
import { sampleReport } from './sample-report.ts';

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

/** The export service of the fake host. */
export function fakeExport(
  tasks: FakeTasks,
  find: (run: string) => FakeRun,
  push: (topic: TopicName, payload: unknown) => void,
  targets: z.output<typeof TargetRowSchema>[],
): Services['export'] {
  const bundles: Bundle[] = [];
  const bundleOf = (id: string) => {
    const bundle = bundles.find((candidate) => candidate.id === id);
    if (!bundle) throw new BitsmithError('not-found', `there is no bundle "${id}"`);
    return bundle;
  };
  const sizesFor = (target: Bundle['target']) => {
    const compiled = targets.find((candidate) => candidate.id === target)?.compiler.available ?? false;
    return {
      flashBytes: compiled ? 15_912 : null,
      ramBytes: compiled ? 6_740 : null,
      weightBytes: 11_204,
      arenaBytes: 6_272,
      layers: FAKE_LAYERS.map((layer, i) => ({
        id: layer,
        kind: layer.startsWith('conv') ? 'convolution' : 'dense',
        shape: layer.startsWith('conv') ? [28 >> i, 28 >> i, 16 << i] : [10],
        kernel: layer.startsWith('conv') ? 'bs_conv_ternary_s8' : 'bs_dense_ternary_s8',
        weightBytes: 72 * 4 ** i,
        macs: 112_896 * (i + 1),
        nonzeros: 190 * 4 ** i,
        packing: layer.startsWith('conv') ? 'delta' : 'planes',
        estimate: 40_000 * (i + 1),
        alternatives: layer.startsWith('conv')
          ? [
              { packing: 'delta' as const, weightBytes: 72 * 4 ** i, estimate: 40_000 * (i + 1) },
              { packing: 'base3' as const, weightBytes: 60 * 4 ** i, estimate: 44_000 * (i + 1) },
            ]
          : [],
      })),
    };
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
          ...sizesFor(target),
          createdAt: '2026-03-14T09:26:00.000Z',
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
          ...sizesFor(target),
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
          const row = (core: string, runner: string): VerifyRow => ({
            core,
            runner,
            ran: true,
            reason: null,
            matched: samples,
            total: samples,
            firstMismatch: null,
            accuracy: 0.9862,
            instructionsPerInference: core === 'host' ? null : 1_482_311,
            layers: [],
            flashBytes: core === 'host' ? null : 15_912,
            ramBytes: core === 'host' ? null : 6_740,
          });
          const result: VerifyResult = {
            bundle,
            passed: true,
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
              return { ...row(core, 'not run'), ran: false, reason, matched: 0, total: 0, accuracy: null };
            }),
          };
          return result;
        },
      );
    },
    report: ({ bundle }) => {
      const { run } = bundleOf(bundle);
      return tasks.start('Report', { run, bundle }, ['read'], (): BundleReport => sampleReport());
    },
    compareBundles: ({ a, b }) => {
      const { run } = bundleOf(b);
      bundleOf(a);
      return tasks.start('Compare bundles', { run, bundle: b }, ['read'], () =>
        compareReports(sampleReport(), sampleReport()),
      );
    },
  };
}
