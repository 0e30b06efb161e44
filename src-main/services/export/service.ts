import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { BitsmithError } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { Bundle, BundlePlan, exportApi, VerifyResult } from '#shared/contract/api/export.ts';
import type { ParityResult } from '#shared/contract/api/parity.ts';
import { compareReports } from '#shared/export/report/compare.ts';
import type { BundleComparison } from '#shared/export/report/comparison-schema.ts';
import type { BundleReport } from '#shared/export/report/schema.ts';
import type { CheckpointRecord } from '#shared/run/record.ts';
import { checkBoard, parseBoardOutput } from '#shared/verify/board-output.ts';
import { windowOf } from '#shared/verify/parity/values-window.ts';
import { applicationFolder, applicationVersion, resourcesFolder } from '#main/platform/application.ts';
import { checkpointFile, type DataFolder } from '#main/platform/data-folder.ts';
import { guardFiles } from '#main/platform/files.ts';
import type { Publish } from '#main/services/task/publisher.ts';
import type { TaskHandle, TaskRunner } from '#main/services/task/types.ts';
import { resolveRunId, type Store } from '#main/store/index.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { chooseCheckpoint, finalTwin } from './choose-checkpoint.ts';
import { loadTrainedRun } from './load-trained-run.ts';
import { mergeVerification } from './merge-verification.ts';
import { goldenLogits } from './parity/golden-logits.ts';
import { parityOfBundle } from './parity/parity-bundle.ts';
import { createParityMemory } from './parity/parity-memory.ts';
import { readManifest } from './read-bundle.ts';
import { reportBundle } from './report-bundle.ts';
import { sampleSetFor } from './sample-set.ts';
import { targetRows } from './target-rows.ts';
import { verifyBundle } from './verify-bundle.ts';
import { planBundle, writeBundle, type WriteBundleRequest } from './write-bundle.ts';

interface ExportServiceParts {
  store: Store;
  tasks: TaskRunner;
  publish: Publish;
  dataFolder: DataFolder;
}

/** What is exported. */
interface Chosen extends Pick<Bundle, 'target' | 'format' | 'options'> {
  run: string;
  checkpoint: CheckpointRecord;
}

const GOLDEN_SAMPLES = 8;
const MOST_FILE_CHARACTERS = 200_000;
/** Test samples to choose from. */
const ALL_SAMPLES = 100_000;
const RANDOM_SAMPLES = 1000;

/** The export calls of the contract: from a run of the store to a bundle and its verdict. */
export function createExportService(parts: ExportServiceParts): ServiceOf<typeof exportApi> {
  const { store, tasks, publish, dataFolder } = parts;
  const toolchain = createToolchain();
  const parities = createParityMemory();

  const loadCheckpoint = (run: string, { id, sha256 }: CheckpointRecord) =>
    loadTrainedRun(dataFolder.root, store.runs.config(run), checkpointFile(dataFolder, run, id), sha256);

  /** The network of a checkpoint and where it comes from, as `writeBundle` and `planBundle` want them. */
  function requestFor(
    { run, checkpoint, target, format, options }: Chosen,
    task: TaskHandle,
  ): Omit<WriteBundleRequest, 'out'> {
    const load = (one: CheckpointRecord) => loadCheckpoint(run, one);
    const trained = load(checkpoint);
    // The recorded test accuracy is the final checkpoint's, and that of any other with the same network.
    const twin = finalTwin(checkpoint, store.checkpoints.list(run));
    const measured =
      checkpoint.kind === 'final' || (twin && isDeepStrictEqual(load(twin).graph, trained.graph));
    const summary = store.runs.get(run);
    return {
      graph: trained.graph,
      target,
      format,
      options,
      provenance: {
        appVersion: applicationVersion(),
        run,
        checkpoint: checkpoint.id,
        checkpointSha256: checkpoint.sha256,
        configHash: summary.configHash,
        dataset: trained.dataset.name,
        datasetSha256: trained.dataset.sha256,
        seed: trained.seed,
        accuracy: measured ? summary.accuracy : null,
        classes: trained.dataset.classes,
        ...(trained.dataset.features ? { features: trained.dataset.features } : {}),
        ...(trained.dataset.sound ? { sound: trained.dataset.sound } : {}),
      },
      goldenSamples: trained.samples(GOLDEN_SAMPLES),
      resourcesFolder: resourcesFolder(),
      licence: fs.readFileSync(path.join(applicationFolder(), 'LICENSE'), 'utf8'),
      toolchain,
      task,
    };
  }

  async function build(
    chosen: Chosen,
    place: { id: string; out: string },
    task: TaskHandle,
  ): Promise<Bundle> {
    const { run, checkpoint } = chosen;
    const facts = await writeBundle({ ...requestFor(chosen, task), out: place.out });
    const bundle: Bundle = {
      id: place.id,
      run,
      checkpoint: checkpoint.id,
      ...facts,
      createdAt: new Date().toISOString(),
    };
    store.bundles.add(bundle);
    publish('bundles-changed', { run });
    return bundle;
  }

  /** The run and checkpoint that a call means. */
  function choose(
    asked: { run: string; checkpoint?: string | undefined } & Pick<Bundle, 'target' | 'format' | 'options'>,
  ): Chosen {
    const run = resolveRunId(store.runs, asked.run);
    const checkpoint = chooseCheckpoint(run, store.checkpoints.list(run), asked.checkpoint);
    return { run, checkpoint, target: asked.target, format: asked.format, options: asked.options };
  }

  /** A bundle of the store by id or folder, or any folder that holds one. */
  function locate(given: string): { folder: string; known: Bundle | undefined } {
    const byId = store.bundles.find(given);
    if (byId) return { folder: byId.path, known: byId };
    const folder = path.resolve(given);
    if (!fs.existsSync(folder)) {
      throw new BitsmithError('not-found', `there is no bundle "${given}", neither by id nor as a folder`);
    }
    return { folder, known: store.bundles.list().find((bundle) => bundle.path === folder) };
  }

  function report(
    { folder, known }: ReturnType<typeof locate>,
    measure: boolean,
    task: TaskHandle,
  ): Promise<BundleReport> {
    return reportBundle({
      bundleFolder: folder,
      measure,
      verification: known ? store.bundles.verify(known.id) : null,
      resourcesFolder: resourcesFolder(),
      toolchain,
      task,
    });
  }

  return {
    targets: () => targetRows(toolchain),

    build: ({ out, ...asked }) => {
      const chosen = choose(asked);
      const { run, target } = chosen;
      const id = `${run}-${target}-${randomBytes(3).toString('hex')}`;
      const folder = out ?? path.join(dataFolder.bundles, id);
      const { task } = tasks.start(`Export for ${target}`, { run, bundle: id }, (handle) =>
        build(chosen, { id, out: folder }, handle),
      );
      return { task: task.id };
    },

    plan: (asked) => {
      const chosen = choose(asked);
      const { run, target, checkpoint } = chosen;
      const { task } = tasks.start(
        `Plan the export for ${target}`,
        { run },
        async (handle): Promise<BundlePlan> => ({
          run,
          checkpoint: checkpoint.id,
          ...(await planBundle(requestFor(chosen, handle))),
        }),
      );
      return { task: task.id };
    },

    list: ({ run }) => store.bundles.list(run === undefined ? undefined : resolveRunId(store.runs, run)),

    file: ({ bundle, file }) => {
      const { folder, known } = locate(bundle);
      if (!known?.files.includes(file)) {
        throw new BitsmithError('not-found', `bundle ${bundle} has no file "${file}"`);
      }
      const text = guardFiles(`cannot read ${file}`, () => fs.readFileSync(path.join(folder, file), 'utf8'));
      return { text: text.slice(0, MOST_FILE_CHARACTERS), truncated: text.length > MOST_FILE_CHARACTERS };
    },

    verify: ({ bundle, cores, samples }) => {
      const { folder, known } = locate(bundle);
      const manifest = readManifest(folder);
      const { task } = tasks.start(
        'Verify',
        { bundle: known?.id ?? folder },
        async (handle): Promise<VerifyResult> => {
          const result = await verifyBundle({
            bundleFolder: folder,
            samples: sampleSetFor(dataFolder.root, manifest, samples),
            cores,
            resourcesFolder: resourcesFolder(),
            toolchain,
            task: handle,
          });
          if (!known) return result;
          const recorded = mergeVerification({ ...result, bundle: known.id }, store.bundles.verify(known.id));
          store.bundles.setVerify(recorded);
          publish('bundles-changed', { run: known.run });
          return recorded;
        },
      );
      return { task: task.id };
    },

    verification: ({ bundle }) => {
      const { known } = locate(bundle);
      return known ? store.bundles.verify(known.id) : null;
    },

    parity: ({ bundle, sample }) => {
      const { folder, known } = locate(bundle);
      const manifest = readManifest(folder);
      const { run, checkpoint } = manifest.provenance;
      const { task } = tasks.start(
        'Compare layer by layer',
        { bundle: known?.id ?? folder },
        async (handle): Promise<ParityResult> => {
          const found = await parityOfBundle({
            bundleFolder: folder,
            samples: sampleSetFor(dataFolder.root, manifest, ALL_SAMPLES, RANDOM_SAMPLES),
            sample,
            trained: () =>
              loadCheckpoint(run, chooseCheckpoint(run, store.checkpoints.list(run), checkpoint)).graph,
            toolchain,
            task: handle,
          });
          return parities.keep({ ...found, result: { ...found.result, bundle: known?.id ?? folder } });
        },
      );
      return { task: task.id };
    },

    parityValues: ({ parity, row, from, count }) => {
      const values = parities.find(parity).values.get(row);
      if (!values) throw new BitsmithError('not-found', `comparison ${parity} has no layer "${row}"`);
      return windowOf(values, from, count);
    },

    boardCheck: ({ bundle, text, parity }) => {
      const { folder } = locate(bundle);
      const { graph } = readManifest(folder);
      const shown = parity === undefined ? undefined : parities.find(parity).result;
      const golden = goldenLogits(folder).map((logits, i) => ({ name: `golden sample ${i}`, logits }));
      const current = shown && {
        name: `${shown.sample.source} sample ${shown.sample.index}`,
        logits: shown.logits.map(({ reference }) => reference),
      };
      return checkBoard(parseBoardOutput(text, graph.classes), current ? [current, ...golden] : golden);
    },

    report: ({ bundle, measure }) => {
      const { folder, known } = locate(bundle);
      const { task } = tasks.start('Report', { bundle: known?.id ?? folder }, (handle) =>
        report({ folder, known }, measure, handle),
      );
      return { task: task.id };
    },

    compareBundles: ({ a, b, measure }) => {
      const [first, second] = [locate(a), locate(b)];
      const { task } = tasks.start(
        'Compare bundles',
        { bundle: second.known?.id ?? second.folder },
        async (handle): Promise<BundleComparison> =>
          compareReports(await report(first, measure, handle), await report(second, measure, handle)),
      );
      return { task: task.id };
    },
  };
}
