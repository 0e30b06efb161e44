import { BitsmithError, fromErrorData } from '#shared/base/errors.ts';
import type { BenchmarkRow } from '#shared/train/benchmark/row.ts';
import type { ForkJob } from '#main/jobs/host/index.ts';
import type { BenchmarkJob } from '#main/jobs/protocol.ts';

/**
 * Measures one back end in a process of its own, so that a driver's crash costs its rows and no more.
 *
 * @param report called with each row as soon as it is there
 * @param signal ends the process when it is aborted
 * @throws BitsmithError what the process says stopped it, or `internal` when it vanishes
 */
export function measureDevice(
  fork: ForkJob,
  job: BenchmarkJob,
  report: (row: BenchmarkRow) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const port = fork(`bench ${job.device}`);
    signal?.addEventListener('abort', () => port.kill(), { once: true });
    port.onMessage((message) => {
      if (message.type === 'benchmark-row') report(message.row);
      else if (message.type === 'benchmark-ended') resolve();
      else if (message.type === 'failed') reject(fromErrorData(message.error));
    });
    port.onExit(({ code, signal, lastLine }) => {
      const how = signal ? `was ended by ${signal}` : `ended with status ${code ?? 'unknown'}`;
      const why = lastLine ? `: ${lastLine}` : '';
      reject(new BitsmithError('internal', `the process that measures ${job.device} ${how}${why}`));
    });
    port.send({ type: 'benchmark', job });
  });
}
