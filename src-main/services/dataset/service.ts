import { BitsmithError } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { datasetApi } from '#shared/contract/api/dataset.ts';
import type { Task } from '#shared/contract/api/task.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import type { TaskHandle, TaskRunner } from '#main/services/task/types.ts';
import { catalogue } from './catalogue/index.ts';
import { sourceBytes, type DatasetSource } from './catalogue/types.ts';
import { isInstalled, listDatasets, readDatasetInfo } from './folder/descriptor.ts';
import { removeDataset } from './folder/remove.ts';
import { loadSampleRange } from './folder/samples.ts';
import { importDataset } from './import.ts';
import { catalogueEntry, installDataset } from './install.ts';

export interface DatasetServiceParts {
  dataFolder: string;
  tasks: TaskRunner;
  /** Called when a data set has come or gone. */
  onChanged(name: string): void;
  /** Sources instead of the catalogue's, for mirrors and tests. */
  sources?(name: string): readonly DatasetSource[] | undefined;
}

/** The data set calls of the contract on one data folder. Two requests for the same set share one task. */
export function createDatasetService({
  dataFolder,
  tasks,
  onChanged,
  sources,
}: DatasetServiceParts): ServiceOf<typeof datasetApi> {
  const inWork = new Map<string, Task>();

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

    samples({ name, split, offset, count }) {
      const info = readDatasetInfo(dataFolder, name);
      const { shape, labels, images } = loadSampleRange(dataFolder, info, split, offset, count);
      return {
        shape: [...shape],
        labels: Array.from(labels),
        pixels: Buffer.from(images.buffer, images.byteOffset, images.byteLength).toString('base64'),
      };
    },

    remove({ name }) {
      refuseWhileInWork(inWork, name);
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

/** The contract's types are mutable arrays. */
function toWire(info: DatasetInfo) {
  return {
    ...info,
    shape: [...info.shape] as [number, number, number],
    classes: [...info.classes],
    mean: [...info.mean],
    standardDeviation: [...info.standardDeviation],
    classCounts: { train: [...info.classCounts.train], test: [...info.classCounts.test] },
  };
}
