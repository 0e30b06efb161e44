import { compareSpeed } from '#shared/train/benchmark/compare-speed.ts';
import { BENCHMARK_NETWORKS } from '#shared/train/benchmark/networks.ts';
import type { BenchmarkRow } from '#shared/train/benchmark/row.ts';
import { chooseDevice } from '../../backends/devices.ts';
import { tf } from '../../backends/tfjs.ts';
import type { BenchmarkJob } from '../protocol.ts';

/** Measures every network with every pair of methods on one back end. @throws BitsmithError `unavailable` */
export async function benchJob(job: BenchmarkJob, report: (row: BenchmarkRow) => void): Promise<void> {
  const device = await chooseDevice(job.device, () => Promise.resolve(0));
  for (const network of BENCHMARK_NETWORKS.filter(({ id }) => job.networks.includes(id))) {
    for (const pair of job.pairs) {
      const speed = await compareSpeed(tf, network, pair, { rounds: job.rounds, steps: job.steps });
      report({
        device: device.id,
        deviceName: device.name ?? device.title,
        network: network.id,
        ...pair,
        batchSize: network.batchSize,
        stepsPerSecond: speed.stepsPerSecond,
        samplesPerSecond: speed.stepsPerSecond * network.batchSize,
        ratio: speed.ratio,
        convolutions: speed.passes,
      });
    }
  }
}
