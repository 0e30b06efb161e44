import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { BenchmarkResult, DeviceRow, deviceApi } from '#shared/contract/api/device.ts';
import { naturalPair } from '#shared/quant/pairs.ts';
import { askProcess, type ForkJob } from '#main/jobs/host/index.ts';
import type { TaskRunner } from '../task/types.ts';
import { measureDevice } from './bench.ts';
import { usableDevices } from './usable-devices.ts';

/** What the window's benchmark trains: a minute's work, one method of each kind beside full precision. */
const WINDOW_BENCHMARK = {
  networks: ['lenet5'],
  methods: ['full-precision', 'bnn', 'twn'],
  rounds: 2,
  steps: 3,
};

/** The back ends of this machine. Probing takes a second, so the answer is kept for the host's life. */
export function createDeviceService(fork: ForkJob, tasks: TaskRunner): ServiceOf<typeof deviceApi> {
  let known: Promise<DeviceRow[]> | undefined;
  function list({ fresh }: { fresh: boolean }): Promise<DeviceRow[]> {
    if (fresh || !known) {
      known = listDevices(fork);
      known.catch(() => {
        known = undefined;
      });
    }
    return known;
  }
  return {
    list,
    async bench({ device }) {
      const devices = usableDevices(await list({ fresh: false }), device);
      const { networks, methods, rounds, steps } = WINDOW_BENCHMARK;
      const job = { networks, pairs: methods.map(naturalPair), rounds, steps };
      const { task, done } = tasks.start<BenchmarkResult>(
        'Benchmark',
        { benchmark: device ?? 'all' },
        async ({ signal, report }) => {
          const result: BenchmarkResult = { rows: [], failed: [] };
          const expected = devices.length * networks.length * methods.length;
          for (const { id, title } of devices) {
            signal.throwIfAborted();
            report(result.rows.length / expected, `Training on ${title} …`);
            try {
              await measureDevice(
                fork,
                { ...job, device: id },
                (row) => {
                  result.rows.push(row);
                  report(result.rows.length / expected, `${title}: ${row.weights}`);
                },
                signal,
              );
            } catch (error) {
              if (signal.aborted) throw new BitsmithError('cancelled', 'the benchmark was cancelled');
              result.failed.push(messageOf(error));
            }
          }
          return result;
        },
      );
      done.catch(() => undefined);
      return { task: task.id };
    },
  };
}

/**
 * Probes every back end in a process of its own.
 *
 * @throws BitsmithError `internal` when the process ends without an answer (a driver that crashes, say)
 */
export async function listDevices(fork: ForkJob): Promise<DeviceRow[]> {
  return (await askProcess(fork, 'probe', 'looks for devices', { type: 'probe' }, 'devices')).devices;
}
