import type { Command } from 'commander';
import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import { naturalPair, type MethodPair } from '#shared/quant/pairs.ts';
import { METHODS } from '#shared/quant/registry.ts';
import { BENCHMARK_NETWORKS } from '#shared/train/benchmark/networks.ts';
import type { BenchmarkRow } from '#shared/train/benchmark/row.ts';
import { nodeFork } from '../../jobs/host/index.ts';
import { trainingEntry } from '../../platform/application.ts';
import { resolveDataFolder } from '../../platform/data-folder.ts';
import { createLog } from '../../platform/log.ts';
import { measureDevice } from '../../services/device/bench.ts';
import { listDevices } from '../../services/device/index.ts';
import { usableDevices } from '../../services/device/usable-devices.ts';
import { collect, wholeNumber, withCommon, type CommonOptions } from '../options.ts';
import { printResult, ProgressLine, table } from '../output.ts';

/** Cheap and dear ones of every kind; `--method` names others. */
const USUAL_METHODS = ['full-precision', 'bnn', 'twn', 'gxnor', 'tga', 'multi-level-ternary', 'lsq', 'int8'];

interface BenchOptions extends CommonOptions {
  device?: string;
  method: string[];
  network: string[];
  rounds: number;
  steps: number;
}

export function addBenchCommand(program: Command): void {
  const networks = BENCHMARK_NETWORKS.map(({ id }) => id).join(', ');
  withCommon(
    program
      .command('bench')
      .description('measure how fast this machine trains, on each back end found here')
      .option('--device <id>', 'only this back end: tensorflow, webgpu or wasm')
      .option('--method <id>', 'only this method (repeatable)', collect, [])
      .option('--network <id>', `only this network (repeatable): ${networks}`, collect, [])
      .option('--rounds <n>', 'times that a method and full precision take turns', wholeNumber(1, 1000), 3)
      .option('--steps <n>', 'steps in each turn', wholeNumber(1, 1000), 3),
  ).action(async (options: BenchOptions) => {
    const work = {
      networks: chosen(
        'network',
        options.network,
        BENCHMARK_NETWORKS.map(({ id }) => id),
      ),
      pairs: chosen(
        'method',
        options.method,
        METHODS.map(({ card }) => card.id),
        USUAL_METHODS,
      ).map(naturalPair),
      rounds: options.rounds,
      steps: options.steps,
    };
    await bench(options, work);
  });
}

interface Work {
  networks: string[];
  pairs: MethodPair[];
  rounds: number;
  steps: number;
}

async function bench(options: BenchOptions, work: Work): Promise<void> {
  const log = createLog({ folder: resolveDataFolder(options.dataDir).logs });
  const progress = new ProgressLine();
  const fork = nodeFork({ entry: trainingEntry(), log });
  const devices = usableDevices(await listDevices(fork), options.device);
  const rows: BenchmarkRow[] = [];
  const failed: string[] = [];
  for (const { id } of devices) {
    try {
      await measureDevice(fork, { ...work, device: id }, (row) => {
        rows.push(row);
        progress.note(
          `${row.device}, ${row.network}: ${rate(row.stepsPerSecond)} steps/s with ${methods(row)}`,
        );
      });
    } catch (error) {
      failed.push(messageOf(error));
    }
  }
  log.close();
  printResult(options.json, rows, () => describe(rows));
  if (failed.length > 0) throw new BitsmithError('job-failed', failed.join('; '));
}

/** @throws BitsmithError `invalid-input` naming what there is */
function chosen(
  option: string,
  given: readonly string[],
  known: readonly string[],
  usual: readonly string[] = known,
): string[] {
  const unknown = given.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new BitsmithError(
      'invalid-input',
      `--${option} "${unknown}" is not known; allowed: ${known.join(', ')}`,
    );
  }
  return given.length > 0 ? [...new Set(given)] : [...usual];
}

function describe(rows: readonly BenchmarkRow[]): string {
  return table(
    [
      'device',
      'network',
      'weights + activations',
      'batch',
      'steps/s',
      'samples/s',
      'step against full precision',
    ],
    rows.map((row) => [
      row.device,
      row.network,
      methods(row),
      row.batchSize,
      rate(row.stepsPerSecond),
      Math.round(row.samplesPerSecond),
      row.ratio.toFixed(2),
    ]),
  );
}

function methods({ weights, activations }: BenchmarkRow): string {
  return `${weights} + ${activations}`;
}

function rate(value: number): string {
  return value.toFixed(1);
}
