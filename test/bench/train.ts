import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseArgs } from 'node:util';
import { chooseDevice } from '#main/backends/devices.ts';
import { tf } from '#main/backends/tfjs.ts';
import { table } from '#main/cli/output.ts';
import { benchmarkPairs, pairName, type MethodPair } from '#shared/quant/pairs.ts';
import { ALLOWED_PER_CONVOLUTION, compareSpeed } from '#shared/train/benchmark/compare-speed.ts';
import { BENCHMARK_NETWORKS } from '#shared/train/benchmark/networks.ts';
import type { BenchmarkNetwork } from '#shared/train/benchmark/synthetic-trainer.ts';
import { watchMemory } from '#shared/train/benchmark/watch-memory.ts';

/**
 * What every method costs, as a ratio to the full-precision network in the same run:
 * `npm run bench:train -- [--device ID] [--network ID] [--methods a,b] [--rounds N] [--steps N] [--json]`. Exit status 1
 * when one is above its limit or leaves tensors behind.
 */
const { values: given } = parseArgs({
  options: {
    device: { type: 'string', default: 'wasm' },
    network: { type: 'string', default: '' },
    methods: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const device = await chooseDevice(given.device, () => Promise.resolve(0));
const networks = BENCHMARK_NETWORKS.filter(({ id }) => !given.network || id === given.network);
const wanted = given.methods.split(',').filter(Boolean);
const pairs = benchmarkPairs().filter(
  ({ weights, activations }) =>
    wanted.length === 0 || wanted.includes(weights) || wanted.includes(activations),
);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const rows: Row[] = [];
for (const network of networks) {
  for (const pair of pairs) {
    const row = await measure(network, pair);
    rows.push(row);
    console.error(
      `${network.id}  ${row.methods}: ${row.stepsPerSecond.toFixed(1)} steps/s, ratio ${row.ratio.toFixed(2)}`,
    );
  }
}

if (given.json) console.log(JSON.stringify({ device: device.id, name: device.name, rows }, null, 2));
else {
  console.log(`${device.title}, ${device.name ?? ''}`);
  const text = (row: Row) => [
    row.network,
    row.methods,
    row.stepsPerSecond.toFixed(1),
    row.ratio.toFixed(2),
    row.convolutions,
    row.allowed.toFixed(1),
    row.within ? '' : 'ABOVE',
    row.tensorsFirst,
    row.tensorsLast,
    row.residentGrowth,
  ];
  const head = ['network', 'weights + activations', 'steps/s', 'ratio', 'convolutions', 'allowed', ''];
  console.log(table([...head, 'tensors first', 'last', 'resident growth, KiB'], rows.map(text)));
}
const failed = rows.filter((row) => !row.within || row.tensorsFirst !== row.tensorsLast);
console.error(failed.length === 0 ? 'all within their limits' : `${failed.length} rows break their limit`);
// A back end's threads would keep the process alive.
process.exit(failed.length === 0 ? 0 : 1);

interface Row {
  network: string;
  methods: string;
  stepsPerSecond: number;
  ratio: number;
  convolutions: number;
  allowed: number;
  within: boolean;
  tensorsFirst: number;
  tensorsLast: number;
  residentGrowth: number;
}

async function measure(network: BenchmarkNetwork, pair: MethodPair): Promise<Row> {
  const speed = await compareSpeed(tf, network, pair, {
    rounds: Number(given.rounds),
    steps: Number(given.steps),
  });
  const resident: number[] = [];
  const memory = await watchMemory(tf, network, pair, { warmUp: 5, steps: 20 }, () => {
    collectGarbage();
    resident.push(process.memoryUsage().rss);
  });
  const allowed = ALLOWED_PER_CONVOLUTION * speed.passes;
  return {
    network: network.id,
    methods: pairName(pair),
    stepsPerSecond: speed.stepsPerSecond,
    ratio: speed.ratio,
    convolutions: speed.passes,
    allowed,
    within: speed.ratio <= allowed,
    tensorsFirst: memory.tensorsFirst,
    tensorsLast: memory.tensorsLast,
    residentGrowth: Math.round(((resident[1] ?? 0) - (resident[0] ?? 0)) / 1024),
  };
}
