import { BitsmithError } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import { SAMPLE_BYTES, type datasetApi } from '#shared/contract/api/dataset.ts';
import type { Task } from '#shared/contract/api/task.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import type { ForkJob } from '#main/jobs/host/index.ts';
import type { TaskHandle, TaskRunner } from '#main/services/task/types.ts';
import { catalogue } from './catalogue/index.ts';
import { sourceBytes, type DatasetSource } from './catalogue/types.ts';
import { isInstalled, listDatasets, readDatasetInfo } from './folder/descriptor.ts';
import { removeDataset } from './folder/remove.ts';
import { originsOf } from './folder/record.ts';
import { loadSampleRange, pickSamples, readSampleFile } from './folder/samples.ts';
import { importDataset } from './import.ts';
import { inspectPlace } from './inspect.ts';
import { catalogueEntry, installDataset } from './install.ts';
import { checkIntegrity, knownIntegrity } from './integrity.ts';
import { peekPlace } from './peek.ts';
import { rehearseImport } from './rehearse.ts';

export interface DatasetServiceParts {
  dataFolder: string;
  tasks: TaskRunner;
  /** Starts the process that computes. */
  fork: ForkJob;
  /** Called when a data set has come or gone. */
  onChanged(name: string): void;
  /** Sources instead of the catalogue's, for mirrors and tests. */
  sources?(name: string): readonly DatasetSource[] | undefined;
}

/** The data set calls of the contract on one data folder. Two requests for the same set share one task. */
export function createDatasetService({
  dataFolder,
  tasks,
  fork,
  onChanged,
  sources,
}: DatasetServiceParts): ServiceOf<typeof datasetApi> {
  const inWork = new Map<string, Task>();
  const inCheck = new Map<string, Task>();

  function start(
    title: string,
    name: string,
    work: (task: TaskHandle) => Promise<DatasetInfo>,
  ): { task: string } {
    const { task, done } = tasks.start(title, { dataset: name }, work);
    inWork.set(name, task);
    const finish = () => inWork.delete(name);
    done.then(
      () => {
        finish();
        onChanged(name);
      },
      // The task itself carries the error to whoever asked.
      finish,
    );
    return { task: task.id };
  }

  return {
    catalogue: () =>
      catalogue.map((entry) => ({
        name: entry.name,
        title: entry.title,
        description: entry.description,
        shape: [...entry.shape],
        classes: entry.classes.length,
        train: entry.train,
        test: entry.test,
        downloadBytes: entry.sources[0] ? sourceBytes(entry.sources[0]) : 0,
        licence: entry.licence,
        homepage: entry.homepage,
        sources: entry.sources.map((source) => ({
          title: source.title,
          bytes: sourceBytes(source),
          edition: source.edition ?? null,
        })),
        installed: isInstalled(dataFolder, entry.name),
      })),

    list: () => listDatasets(dataFolder).map(toWire),

    show: ({ name }) => toWire(readDatasetInfo(dataFolder, name)),

    get({ name }) {
      const entry = catalogueEntry(name);
      const running = inWork.get(name);
      if (running) return { task: running.id };
      return start(`get ${entry.title}`, name, (task) =>
        installDataset(dataFolder, name, task, sources?.(name)),
      );
    },

    import(request) {
      refuseWhileInWork(inWork, request.name);
      return start(`import ${request.name}`, request.name, (task) =>
        importDataset(dataFolder, request, task),
      );
    },

    inspect: ({ path }) =>
      inspectPlace(
        path,
        (name) => isInstalled(dataFolder, name) || catalogue.some((entry) => entry.name === name),
      ),

    peek: (request) => peekPlace(request),

    rehearse: (request) => {
      const { task } = tasks.start(`read ${request.path}`, { rehearsal: request.path }, (handle) =>
        rehearseImport(dataFolder, request, handle),
      );
      return { task: task.id };
    },

    samples({ name, split, offset, count, indices }) {
      const info = readDatasetInfo(dataFolder, name);
      refuseTooMany(info, indices?.length ?? count);
      const { shape, labels, images } = indices
        ? pickSamples(dataFolder, info, split, indices)
        : loadSampleRange(dataFolder, info, split, offset, count);
      const total = info[split];
      const wanted =
        indices ?? Array.from({ length: Math.max(0, Math.min(count, total - offset)) }, (_, i) => offset + i);
      return {
        shape: [...shape],
        labels: Array.from(labels),
        pixels: base64(images),
        origins: originsOf(dataFolder, info, split, wanted),
      };
    },

    labels({ name, split }) {
      const info = readDatasetInfo(dataFolder, name);
      return { labels: base64(readSampleFile(dataFolder, info, `${split}-labels`, 0, info[split])) };
    },

    integrity: ({ name }) => knownIntegrity(dataFolder, name),

    checkIntegrity({ name }) {
      readDatasetInfo(dataFolder, name);
      const running = inCheck.get(name);
      if (running) return { task: running.id };
      const { task, done } = tasks.start(`check ${name}`, { integrity: name }, (handle) =>
        checkIntegrity(dataFolder, name, fork, handle),
      );
      inCheck.set(name, task);
      const finish = () => inCheck.delete(name);
      done.then(finish, finish);
      return { task: task.id };
    },

    remove({ name }) {
      refuseWhileInWork(inWork, name);
      if (inCheck.has(name)) {
        throw new BitsmithError(
          'conflict',
          `the data set ${name} is being checked right now; wait or cancel that first`,
        );
      }
      removeDataset(dataFolder, name);
      onChanged(name);
      return {};
    },
  };
}

function refuseWhileInWork(inWork: ReadonlyMap<string, Task>, name: string): void {
  if (inWork.has(name)) {
    throw new BitsmithError(
      'conflict',
      `the data set ${name} is being installed right now; wait or cancel that first`,
    );
  }
}

function refuseTooMany(info: DatasetInfo, count: number): void {
  const [height, width, channels] = info.shape;
  const most = Math.max(1, Math.floor(SAMPLE_BYTES / (height * width * channels)));
  if (count > most) {
    throw new BitsmithError(
      'invalid-input',
      `${count} samples of ${info.name} are too many for one answer: at most ${most}`,
    );
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** The contract's types are mutable arrays. */
function toWire(info: DatasetInfo) {
  return {
    ...info,
    shape: [...info.shape] as [number, number, number],
    classes: [...info.classes],
    mean: [...info.mean],
    standardDeviation: [...info.standardDeviation],
    classCounts: { train: [...info.classCounts.train], test: [...info.classCounts.test] },
    features: info.features?.map((feature) => ({ ...feature })),
    imported: info.imported && { ...info.imported, notes: [...info.imported.notes] },
  };
}
