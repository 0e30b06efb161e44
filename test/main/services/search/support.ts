import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import type { SearchConfigInput } from '#shared/search/config.ts';
import { topics, type TopicName } from '#shared/contract/topics/index.ts';
import { parseRunConfig } from '#shared/run/config.ts';
import { createJobHost, type JobHost } from '#main/jobs/host/index.ts';
import type { DataFolder } from '#main/platform/data-folder.ts';
import { createRunService, type RunService } from '#main/services/run/index.ts';
import { createSearchService, type SearchService } from '#main/services/search/index.ts';
import { createPublisher } from '#main/services/task/publisher.ts';
import { openStore, type Store } from '#main/store/index.ts';
import { fakeFork } from '#test/main/jobs/host/support.ts';
import { temporaryDataFolder } from '#test/main/store/support/temporary-folder.ts';
import type { Behaviour } from './fitness.ts';

/** A search over the fake trainer's two fields, six points. */
export function fakeSearchConfig(
  over: Partial<SearchConfigInput> = {},
  behaviour: Behaviour = {},
  epochs = 4,
): SearchConfigInput {
  return {
    name: 'six',
    run: {
      dataset: { name: 'corners', validation: 0.2 },
      model: { preset: 'lenet5' },
      notes: JSON.stringify(behaviour),
      training: { epochs, learningRate: 0.1 },
    },
    space: {
      'training.learningRate': { values: [0.01, 0.1] },
      'training.batchSize': { values: [10, 20, 50] },
    },
    algorithm: { kind: 'grid' },
    ...over,
  };
}

export interface SearchWorld {
  folder: DataFolder;
  store: Store;
  run: RunService;
  search: SearchService;
  jobHost: JobHost;
  /** The most runs that were `running` at one time. */
  mostAtOnce(): number;
  subscribe(listener: (topic: TopicName, payload: unknown) => void): () => void;
  /** Resolves when the search's trials fit. */
  until(search: string, test: (trials: ReturnType<Store['searches']['trials']>) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Run service and search service over processes that only pretend to train. */
export function searchWorld(folder: DataFolder = temporaryDataFolder()): SearchWorld {
  const store = openStore({ dataFolder: folder, mode: 'write' });
  const publisher = createPublisher((error) => {
    throw error;
  });
  const jobHost = createJobHost({
    fork: fakeFork(undefined, path.join(import.meta.dirname, 'fake-trainer.ts')),
    closeSeconds: 10,
  });
  const prepare = (document: unknown) => {
    const config = parseRunConfig(document);
    return {
      config,
      name: config.name,
      dataset: config.dataset.name,
      model: 'lenet5',
      weightMethods: ['twn'],
      activationMethods: ['gxnor'],
      epochs: config.training.epochs,
      stepsTotal: config.training.epochs,
      tags: config.tags,
      notes: config.notes,
    };
  };
  let most = 0;
  publisher.subscribe((topic, payload) => {
    topics[topic].parse(payload);
    most = Math.max(most, store.runs.live().filter(({ status }) => status === 'running').length);
  });
  const run = createRunService({
    store,
    jobHost,
    fork: fakeFork(),
    publish: publisher.publish,
    prepare,
    demoConfig: () => ({ config: {}, dataset: 'corners' }),
    batchMilliseconds: 5,
  });
  const search = createSearchService({ store, run, jobHost, publisher, prepare });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    search.close();
    await run.dispose();
    await search.dispose();
    store.close();
  };
  onTestFinished(close);
  return {
    folder,
    store,
    run,
    search,
    jobHost,
    mostAtOnce: () => most,
    subscribe: publisher.subscribe,
    until: (id, test) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!test(store.searches.trials(id))) return;
          leave();
          resolve();
        };
        const leave = publisher.subscribe(look);
        look();
      }),
    close,
  };
}
