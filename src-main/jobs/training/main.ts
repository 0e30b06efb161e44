import { toErrorData } from '#shared/base/errors.ts';
import { probeDevices } from '../../backends/devices.ts';
import { connectToHost } from './port.ts';
import { trainJob } from './train-job.ts';

/**
 * Entry of the process that computes: waits for `start` (train) or `probe` (look at the back ends), reports, ends. When
 * the host vanishes there is nobody left to record anything, so the process ends at once; the last checkpoint is on disk.
 */
const host = connectToHost(() => process.exit(1));
let started = false;

host.onMessage((message) => {
  if (message.type !== 'start' && message.type !== 'probe') {
    host.commands.push(message.type);
    return;
  }
  if (started) return;
  started = true;
  const work =
    message.type === 'start'
      ? trainJob(message.job, host)
      : probeDevices().then((devices) => host.send({ type: 'devices', devices }));
  work
    .catch((error: unknown) => host.send({ type: 'failed', error: toErrorData(error) }))
    // Dawn and Node's channel would keep the process alive; the messages are flushed first.
    .finally(() => void host.flush().then(() => process.exit(0)));
});
