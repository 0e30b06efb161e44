import { BitsmithError } from '#shared/base/errors.ts';
import type { Task } from '#shared/contract/api/task.ts';
import { createHost, type Host } from '../host.ts';
import { nodeFork } from '../jobs/host/index.ts';
import { trainingEntry } from '../platform/application.ts';
import { resolveDataFolder } from '../platform/data-folder.ts';
import { silentLog } from '../platform/log.ts';
import { createRunReader, type RunReader } from '../services/run/index.ts';
import { createSearchReader, type SearchReader } from '../services/search/index.ts';
import { openStore } from '../store/index.ts';
import type { ProgressLine } from './output.ts';
import type { CommonOptions } from './options.ts';

/**
 * Runs a command with a host of its own. Ctrl-C ends it cleanly: what trains writes a checkpoint and pauses, tasks are
 * cancelled, the store is closed.
 */
export async function withHost<T>(options: CommonOptions, work: (host: Host) => Promise<T>): Promise<T> {
  const host = await createHost({
    shell: 'browser',
    ...(options.dataDir ? { dataFolder: options.dataDir } : {}),
  });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= host.dispose());
  const interrupt = () => void close();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work(host);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await close();
  }
}

/** Reads runs and searches beside a host that may be at work on the same data folder. */
export async function withReader<T>(
  options: CommonOptions,
  work: (reader: RunReader, dataFolder: string, searches: SearchReader) => Promise<T> | T,
): Promise<T> {
  const dataFolder = resolveDataFolder(options.dataDir);
  const store = openStore({ dataFolder, mode: 'read' });
  try {
    const fork = nodeFork({ entry: trainingEntry(), log: silentLog });
    return await work(createRunReader(store, fork), dataFolder.root, createSearchReader(store));
  } finally {
    store.close();
  }
}

/** Waits for a task of the host and shows its progress. @throws BitsmithError the task's own error */
export async function finishTask(host: Host, id: string, progress: ProgressLine): Promise<unknown> {
  const done = await new Promise<Task>((resolve, reject) => {
    let shown = '';
    const look = (task: Task) => {
      if (task.state !== 'running') {
        leave();
        resolve(task);
        return;
      }
      const share = task.progress === null ? '' : ` ${Math.round(task.progress * 100)} %`;
      const text = `${task.title}${share}  ${task.message}`;
      if (text !== shown) progress.update(text);
      shown = text;
    };
    const leave = host.subscribe((topic, payload) => {
      const task = payload as Task;
      if (topic === 'task-changed' && task.id === id) look(task);
    });
    Promise.resolve(host.services.task.get({ id })).then((task) => look(task as Task), reject);
  });
  progress.end();
  if (done.error) throw new BitsmithError(done.error.code, done.error.message, done.error.details);
  if (done.state === 'cancelled') throw new BitsmithError('cancelled', `${done.title} was cancelled`);
  return done.result;
}
