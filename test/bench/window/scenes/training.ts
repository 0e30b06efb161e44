import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { nodeFork, type JobPort } from '#main/jobs/host/index.ts';
import type { Host } from '#main/host.ts';
import { trainingEntry } from '#main/platform/application.ts';
import { silentLog } from '#main/platform/log.ts';
import { importDataset } from '#main/services/dataset/index.ts';
import { idxFile, quietWork } from '#test/support/datasets.ts';
import { cornerSamples } from '#test/support/small-run.ts';
import { fillRuns } from './fill-runs.ts';
import type { Scene } from './types.ts';

const SIDE = 28;
const others: JobPort[] = [];

/** Real training processes that take all of the machine that they can get, for as long as they are let. */
export const trainingScene: Scene = {
  async fill(host, { runs }) {
    fillRuns(host, runs);
    const files = path.join(host.folder.root, 'large-files');
    fs.mkdirSync(files);
    for (const [prefix, count] of [
      ['train', 2000],
      ['t10k', 200],
    ] as const) {
      const { images, labels } = cornerSamples(count, count, SIDE);
      fs.writeFileSync(path.join(files, `${prefix}-images-idx3-ubyte`), idxFile([count, SIDE, SIDE], images));
      fs.writeFileSync(path.join(files, `${prefix}-labels-idx1-ubyte`), idxFile([count], labels));
    }
    await importDataset(host.folder.root, { path: files, kind: 'idx', name: 'large' }, quietWork());
  },
  async start(host) {
    const config = {
      name: 'saturating',
      dataset: { name: 'large', validation: 0.1 },
      model: { preset: 'lenet5' },
      training: { epochs: 10_000, batchSize: 100, learningRate: 0.001, checkpointEvery: 1000 },
      quantization: { weights: { method: 'twn' }, activations: { method: 'bnn' } },
      device: 'wasm',
    };
    const { id } = await host.services.run.start({ config });
    // WebAssembly computes on one core: the other ones get a process each that nobody listens to.
    for (let core = 1; core < os.availableParallelism(); core++) others.push(trainBeside(host, id, core));
    for (;;) {
      const { status, stepsDone, reason } = (await host.services.run.get({ run: id })).summary;
      if (stepsDone > 0) return id;
      if (status !== 'queued' && status !== 'running')
        throw new Error(`the training run ${status}: ${reason}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  },
  stop() {
    for (const port of others) port.kill();
  },
};

function trainBeside(host: Host, run: string, core: number): JobPort {
  const port = nodeFork({ entry: trainingEntry(), log: silentLog })(`beside-${core}`);
  const checkpointFolder = path.join(host.folder.root, `beside-${core}`);
  fs.mkdirSync(checkpointFolder);
  const config = host.store.runs.config(run);
  const place = { dataFolder: host.folder.root, checkpointFolder };
  const fresh = { checkpoint: null, initial: null, device: null, untilEpoch: null };
  port.send({ type: 'start', job: { run: `beside-${core}`, config, ...place, ...fresh } });
  return port;
}
