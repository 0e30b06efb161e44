import type { Services } from '#shared/contract/index.ts';
import { DEMO_CONFIG } from '#shared/run/demo.ts';
import type { Host as ShellHost } from './ipc/host-types.ts';
import { createJobHost, nodeFork, type ForkJob } from './jobs/host/index.ts';
import { resolveDataFolder, type DataFolder } from './platform/data-folder.ts';
import { createLog, type Log } from './platform/log.ts';
import { applicationVersion, trainingEntry } from './platform/application.ts';
import { createAppService } from './services/app/index.ts';
import { catalogueService } from './services/catalogue/index.ts';
import { createConfusionService } from './services/confusion/index.ts';
import { createDatasetService } from './services/dataset/index.ts';
import { createDeviceService } from './services/device/index.ts';
import { createDraftService } from './services/draft/index.ts';
import { createExportService } from './services/export/index.ts';
import { createModelService, trainedNetwork } from './services/model/index.ts';
import { prepareRun, warmStartOf } from './services/run/prepare.ts';
import { createRunService, type RunService } from './services/run/index.ts';
import { createSearchService, type SearchService } from './services/search/index.ts';
import { createSettingService } from './services/setting/index.ts';
import { createPublisher } from './services/task/publisher.ts';
import { createTaskRegistry, type TaskRegistry } from './services/task/task-registry.ts';
import { openStore, type Store } from './store/index.ts';

export interface HostOptions {
  /** Absent: the operating system's usual place. */
  dataFolder?: string;
  /** How the window reaches the host. */
  shell: 'electron' | 'browser';
  /** How job processes are started; absent: Node's `fork`. */
  fork?: ForkJob;
}

/** All of Bitsmith behind one contract, for whatever shell. `dispose` pauses what runs and cancels tasks. */
export interface Host extends ShellHost {
  services: Services & { run: RunService; search: SearchService };
  tasks: TaskRegistry;
  store: Store;
  folder: DataFolder;
  log: Log;
}

/**
 * The composition root: builds every service from a data folder and knows nothing of Electron. Electron's main process,
 * `bitsmith serve` and the command line each create one.
 *
 * @throws BitsmithError when the data folder cannot be used or another host holds it; nothing is left open then
 */
export function createHost(options: HostOptions): Promise<Host> {
  return Promise.resolve().then(() => compose(options));
}

function compose(options: HostOptions): Host {
  const folder = resolveDataFolder(options.dataFolder);
  // The store first: it takes the lock, so nothing else of this host touches a folder that another one holds.
  const store = openStore({ dataFolder: folder, mode: 'write' });
  const log = createLog({ folder: folder.logs });
  const publisher = createPublisher((error) => log.write('error', 'publish', String(error)));
  const { publish } = publisher;
  const tasks = createTaskRegistry({ publish, log });
  const fork = options.fork ?? nodeFork({ entry: trainingEntry(), log });
  const jobHost = createJobHost({ fork, log });
  const prepare = (config: unknown) => prepareRun(folder.root, config, store);
  const run = createRunService({
    store,
    jobHost,
    fork,
    publish,
    log,
    prepare,
    warmStart: (config) => warmStartOf(store, config),
    demoConfig: () => ({ config: DEMO_CONFIG, dataset: DEMO_CONFIG.dataset.name }),
  });
  const search = createSearchService({
    store,
    run,
    jobHost,
    publisher,
    log,
    prepare,
  });
  const services: Host['services'] = {
    app: createAppService(folder, options.shell),
    catalogue: catalogueService,
    confusion: createConfusionService({ store, tasks, fork }),
    dataset: createDatasetService({
      dataFolder: folder.root,
      tasks,
      fork,
      onChanged: (name) => publish('datasets-changed', { name }),
    }),
    device: createDeviceService(fork, tasks),
    draft: createDraftService({ store, publish }),
    export: createExportService({ store, tasks, publish, dataFolder: folder }),
    model: createModelService({
      version: applicationVersion(),
      trained: (id, checkpoint) => trainedNetwork(store, folder, id, checkpoint),
    }),
    run,
    search,
    setting: createSettingService({ store, publish }),
    task: tasks.service,
  };
  log.write('info', 'host', `started, version ${applicationVersion()}, data folder ${folder.root}`);
  return {
    services,
    tasks,
    store,
    folder,
    log,
    subscribe: publisher.subscribe,
    dispose: async () => {
      search.close();
      await tasks.dispose();
      await run.dispose();
      await search.dispose();
      store.close();
      log.close();
    },
  };
}
