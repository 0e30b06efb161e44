import { onTestFinished } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import type { TopicName, TopicPayload } from '#shared/contract/topics/index.ts';
import { topics } from '#shared/contract/topics/index.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { createJobHost, type JobHostOptions } from '#main/jobs/host/index.ts';
import type { DataFolder } from '#main/platform/data-folder.ts';
import { createRunService, type PreparedRun, type RunService } from '#main/services/run/index.ts';
import { openStore, type Store } from '#main/store/index.ts';
import { fakeFork } from '#test/main/jobs/host/support.ts';
import type { FakeConfig } from '#test/main/jobs/host/fake-child.ts';
import { temporaryDataFolder } from '#test/main/store/support/temporary-folder.ts';

/** The smallest check of a fake configuration. */
export function prepareFake(config: unknown): PreparedRun {
  const { epochs } = config as FakeConfig;
  if (!(epochs > 0))
    throw new BitsmithError('invalid-input', `"epochs" is ${String(epochs)}; it must be above 0`);
  return {
    config,
    name: 'fake',
    dataset: 'mnist',
    model: 'lenet-5',
    weightMethods: ['twn'],
    activationMethods: ['gxnor'],
    epochs,
    stepsTotal: epochs * 10,
    tags: ['t'],
  };
}

export interface FakeWorld {
  folder: DataFolder;
  store: Store;
  service: RunService;
  /** Everything that was told, checked against its topic's schema. */
  pushes: { topic: TopicName; payload: unknown }[];
  told<T extends TopicName>(topic: T): TopicPayload<T>[];
  /** Resolves when the stored summary of a run fits. */
  until(run: string, test: (summary: RunSummary) => boolean): Promise<RunSummary>;
  /** Ends it as a clean close does. */
  close(): Promise<void>;
}

/** A whole host over fake children. */
export function fakeWorld(
  folder: DataFolder = temporaryDataFolder(),
  options: Partial<JobHostOptions> = {},
): FakeWorld {
  const store = openStore({ dataFolder: folder, mode: 'write' });
  const pushes: FakeWorld['pushes'] = [];
  const watchers = new Set<() => void>();
  const service = createRunService({
    store,
    jobHost: createJobHost({ fork: fakeFork(), closeSeconds: 10, ...options }),
    fork: fakeFork(),
    publish(topic, payload) {
      pushes.push({ topic, payload: topics[topic].parse(payload) });
      for (const watcher of [...watchers]) watcher();
    },
    prepare: prepareFake,
    demoConfig: () => ({ config: { epochs: 1 }, dataset: 'mnist' }),
    batchMilliseconds: 20,
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await service.dispose();
    store.close();
  };
  onTestFinished(close);
  return {
    folder,
    store,
    service,
    pushes,
    told: <T extends TopicName>(topic: T) =>
      pushes.filter((push) => push.topic === topic).map(({ payload }) => payload as TopicPayload<T>),
    until: (run, test) =>
      new Promise((resolve) => {
        const look = (): void => {
          const summary = store.runs.get(run);
          if (!test(summary)) return;
          watchers.delete(look);
          resolve(summary);
        };
        watchers.add(look);
        look();
      }),
    close,
  };
}
