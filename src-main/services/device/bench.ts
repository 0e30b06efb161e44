import type { BenchmarkRow } from '#shared/train/benchmark/row.ts';
import { askProcess, type ForkJob } from '#main/jobs/host/index.ts';
import type { BenchmarkJob } from '#main/jobs/protocol.ts';

/**
 * Measures one back end in a process of its own, so that a driver's crash costs its rows and no more.
 *
 * @param report called with each row as soon as it is there
 * @param signal ends the process when it is aborted
 * @throws BitsmithError what the process says stopped it, `cancelled`, or `internal` when it vanishes
 */
export async function measureDevice(
  fork: ForkJob,
  job: BenchmarkJob,
  report: (row: BenchmarkRow) => void,
  signal?: AbortSignal,
): Promise<void> {
  const work = `measures ${job.device}`;
  await askProcess(fork, `bench ${job.device}`, work, { type: 'benchmark', job }, 'benchmark-ended', {
    ...(signal ? { signal } : {}),
    onMessage: (message) => {
      if (message.type === 'benchmark-row') report(message.row);
    },
  });
}
