import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHost } from '#main/host.ts';
import { serveHost } from '#main/serve/index.ts';
import { cornersDataFolder } from '#test/support/data-folder.ts';
import { SCENES, type SceneName } from './scenes/index.ts';
import type { Scene, SceneSize } from './scenes/types.ts';

/** What the benchmark asks the host's process, and what it answers. */
export interface HostAnswers {
  open: { address: string };
  /** Begins what the scene has going on. */
  start: string;
  /** Begins to watch how late the process comes to what waits for it. */
  watch: null;
  /** Milliseconds, since `watch`. */
  delay: { median: number; worst: number };
  /** Bytes in use after a collection of garbage. */
  heap: number;
  close: null;
}
export type HostQuestion =
  | { ask: 'open'; scene: SceneName; size: SceneSize; window?: string }
  | { ask: 'start' | 'watch' | 'delay' | 'heap' | 'close' };

/** A real host on a folder of its own, served to a browser, in a process of its own as in the application. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const lateness = monitorEventLoopDelay({ resolution: 2 });
let close: () => Promise<void> = () => Promise.resolve();
let begin: () => Promise<string> = () => Promise.resolve('');

async function open(question: Extract<HostQuestion, { ask: 'open' }>): Promise<HostAnswers['open']> {
  const scene: Scene = SCENES[question.scene];
  const data = scene.trains ? await cornersDataFolder() : temporaryFolder();
  const host = await createHost({
    dataFolder: data.root,
    shell: 'browser',
    ...(scene.fork ? { fork: scene.fork } : {}),
  });
  await scene.fill(host, question.size);
  const server = await serveHost(host, question.window ? { staticFolder: question.window } : {});
  begin = () => scene.start?.(host) ?? Promise.resolve('');
  close = async () => {
    await server.close();
    scene.stop?.();
    await Promise.all(
      host.store.runs.live().map(async ({ id }) => {
        host.services.run.stop({ run: id });
        await host.services.run.whenEnded(id);
      }),
    );
    await host.dispose();
    data.remove();
  };
  return { address: server.address };
}

function temporaryFolder() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-bench-'));
  return { root, remove: () => fs.rmSync(root, { recursive: true, force: true }) };
}

async function answer(question: HostQuestion): Promise<HostAnswers[HostQuestion['ask']]> {
  switch (question.ask) {
    case 'open':
      return open(question);
    case 'start':
      return begin();
    case 'watch':
      lateness.enable();
      lateness.reset();
      return null;
    case 'delay':
      // What is due every 2 ms and comes then is not late.
      return { median: lateness.percentile(50) / 1e6 - 2, worst: lateness.max / 1e6 - 2 };
    case 'heap':
      collect();
      return process.memoryUsage().heapUsed;
    case 'close':
      await close();
      return null;
  }
}

process.on('message', (question: HostQuestion) => {
  answer(question).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error instanceof Error ? error.stack : error) }),
  );
});
process.on('disconnect', () => process.exit(1));
