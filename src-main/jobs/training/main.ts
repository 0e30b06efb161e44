import { toErrorData } from '#shared/base/errors.ts';
import type { Command } from '#shared/train/events.ts';
import { probeDevices } from '../../backends/devices.ts';
import type { HostMessage } from '../protocol.ts';
import { benchJob } from './bench-job.ts';
import { compareWeightsJob } from './compare-weights-job.ts';
import { estimateJob } from './estimate-job.ts';
import { explained } from './explained.ts';
import { connectToHost } from './port.ts';
import { labelJob } from './label-job.ts';
import { predictionJob } from './prediction-job.ts';
import { sparsityJob } from './sparsity-job.ts';
import { trainJob } from './train-job.ts';
import { yieldToWindow } from './yield-to-window.ts';

/**
 * Entry of the process that computes: waits for `start` (train), `probe` (look at the back ends), `measure-sparsity`, `estimate`,
 * `compare-weights`, `predict`, `find-unusual-labels` or `benchmark`, reports, ends. When the host vanishes there is nobody left to record anything, so the process ends at once; the last checkpoint is on disk.
 */
const host = connectToHost(() => process.exit(1));
let started = false;

host.onMessage((message) => {
  if (message.type === 'pause' || message.type === 'stop' || message.type === 'checkpoint') {
    host.commands.push(message.type);
    return;
  }
  if (started) return;
  started = true;
  work(message)
    .catch((error: unknown) => host.send({ type: 'failed', error: toErrorData(explained(error)) }))
    // Dawn and Node's channel would keep the process alive; the messages are flushed first.
    .finally(() => void host.flush().then(() => process.exit(0)));
});

async function work(message: Exclude<HostMessage, { type: Command }>): Promise<void> {
  switch (message.type) {
    case 'start':
      // The other jobs are short, and somebody waits for them.
      yieldToWindow();
      return trainJob(message.job, host);
    case 'probe':
      return host.send({ type: 'devices', devices: await probeDevices() });
    case 'measure-sparsity':
      return host.send({ type: 'sparsity', report: await sparsityJob(message.job) });
    case 'estimate':
      return host.send({ type: 'estimates', rows: estimateJob(message.job) });
    case 'compare-weights':
      return host.send({ type: 'agreement', agreement: compareWeightsJob(message.job) });
    case 'predict':
      return predictionJob(message.job, host);
    case 'find-unusual-labels':
      return labelJob(message.job, host);
    case 'benchmark':
      await benchJob(message.job, (row) => host.send({ type: 'benchmark-row', row }));
      return host.send({ type: 'benchmark-ended' });
  }
}
