import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseDevice } from '#main/backends/devices.ts';
import { tf } from '#main/backends/tfjs.ts';
import { resolveDataFolder } from '#main/platform/data-folder.ts';
import { loadSamples, readDatasetInfo } from '#main/services/dataset/index.ts';
import { normalizationOf } from '#shared/dataset/normalization.ts';
import type { DatasetInfo, Samples } from '#shared/dataset/types.ts';
import { costReport } from '#shared/model/cost.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '#shared/train/checkpoint.ts';
import { Trainer } from '#shared/train/trainer.ts';
import { compress } from './compress-time.ts';

/**
 * Proves that every recipe starts, lowers its loss and resumes, in a small part of its time:
 * `npm run bench:recipes -- [--steps N] [--macs N] [--only a,b] [--device ID] [--data-dir DIR] [--out FILE]`.
 * Two epochs of N steps each, paused between them and resumed from the checkpoint's bytes; schedules and phases are
 * compressed to those two epochs. The batch is as large as the multiply-accumulates allow.
 */
const { values: given } = parseArgs({
  options: {
    device: { type: 'string', default: 'wasm' },
    steps: { type: 'string', default: '120' },
    macs: { type: 'string', default: '600e6' },
    only: { type: 'string', default: '' },
    'data-dir': { type: 'string' },
    out: { type: 'string' },
  },
});
const RECIPES = path.join(import.meta.dirname, '../../resources/recipes');
const TEST_SAMPLES = 200;
const steps = Number(given.steps);
const device = await chooseDevice(given.device, () => Promise.resolve(0));
const folder = resolveDataFolder(given['data-dir']).root;
const wanted = given.only.split(',').filter(Boolean);
const names = fs
  .readdirSync(RECIPES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -5))
  .filter((name) => wanted.length === 0 || wanted.includes(name));

interface Row {
  recipe: string;
  data: string;
  batch: number;
  steps: number;
  first: number;
  last: number;
  falls: boolean;
  seconds: number;
}
const rows: Row[] = [];
for (const name of names) {
  const row = await prove(name);
  rows.push(row);
  console.error(
    `${name}: batch ${row.batch}, loss ${row.first.toFixed(4)} → ${row.last.toFixed(4)}, ${row.seconds.toFixed(0)} s` +
      (row.falls ? '' : '  DOES NOT FALL'),
  );
}
const report = markdown();
if (given.out) fs.writeFileSync(given.out, report);
else console.log(report);
process.exit(rows.every(({ falls }) => falls) ? 0 : 1);

async function prove(name: string): Promise<Row> {
  const document = JSON.parse(fs.readFileSync(path.join(RECIPES, `${name}.json`), 'utf8')) as object;
  const recipe = parseRunConfig(document, name);
  const source = dataFor(recipe.dataset.name);
  const macs = costReport(resolveRun(recipe, source.info)).total.macsTotal;
  const batchSize = Math.max(2, Math.min(recipe.training.batchSize, Math.floor(Number(given.macs) / macs)));
  const config = parseRunConfig(
    {
      ...recipe,
      dataset: { ...recipe.dataset, validation: 0 },
      training: { ...compress(recipe.training, 2), batchSize, metricsEvery: 5 },
    },
    name,
  );
  const train = Uint32Array.from({ length: batchSize * steps }, (_, i) => i % source.train.count);
  const test = Uint32Array.from({ length: TEST_SAMPLES }, (_, i) => i);
  const start = performance.now();
  const losses: number[] = [];
  let checkpoint: Checkpoint | undefined;
  for (const untilEpoch of [1, 2]) {
    const trainer = new Trainer({
      tf,
      model: resolveRun(config, source.info),
      plan: config.training,
      seed: config.seed,
      configHash: name,
      normalization: normalizationOf(config.dataset.normalization, source.info),
      augmentation: config.dataset.augmentation,
      samples: source.train,
      test: source.test,
      split: { train, validation: new Uint32Array(), test },
      untilEpoch,
      ...(checkpoint ? { resume: decodeCheckpoint(encodeCheckpoint(checkpoint), name) } : {}),
      command: () => null,
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      now: () => performance.now() / 1000,
    });
    trainer.prepare();
    for await (const event of trainer.run()) {
      if (event.type === 'checkpoint') checkpoint = event.checkpoint;
      if (event.type !== 'metrics') continue;
      losses.push(...event.points.filter(({ series }) => series === 'train/loss').map(({ value }) => value));
    }
    trainer.dispose();
  }
  const tenth = Math.max(1, Math.floor(losses.length / 10));
  const [first, last] = [mean(losses.slice(0, tenth)), mean(losses.slice(-tenth))];
  return {
    recipe: name,
    data: source.title,
    batch: batchSize,
    steps: 2 * steps,
    first,
    last,
    falls: last < first,
    seconds: (performance.now() - start) / 1000,
  };
}

interface Source {
  title: string;
  info: DatasetInfo;
  train: Samples;
  test: Samples;
}

/** The recipe's own data where it is in the catalogue; else CIFAR-10 in its place, enlarged where it must be. */
function dataFor(name: string): Source {
  const stand = name === 'mnist' || name === 'cifar-10' ? name : 'cifar-10';
  const info = readDatasetInfo(folder, stand);
  const [train, test] = [loadSamples(folder, info, 'train'), loadSamples(folder, info, 'test')];
  if (name !== 'imagenet') {
    return { title: stand === name ? info.title : `${info.title} in its place`, info, train, test };
  }
  const count = 400;
  return {
    title: `${info.title}, enlarged to 224×224, in its place`,
    info: { ...info, shape: [224, 224, 3] },
    train: enlarge(train, 7, count),
    test: enlarge(test, 7, TEST_SAMPLES),
  };
}

/** The first `count` samples, each pixel repeated `factor` times each way. */
function enlarge({ shape, images, labels }: Samples, factor: number, count: number): Samples {
  const [height, width, channels] = shape;
  const [tall, wide] = [height * factor, width * factor];
  const large = new Uint8Array(count * tall * wide * channels);
  for (let i = 0, at = 0; i < count; i++) {
    for (let y = 0; y < tall; y++) {
      for (let x = 0; x < wide; x++) {
        const from = ((i * height + Math.floor(y / factor)) * width + Math.floor(x / factor)) * channels;
        for (let c = 0; c < channels; c++) large[at++] = images[from + c] ?? 0;
      }
    }
  }
  return { count, shape: [tall, wide, channels], images: large, labels: labels.slice(0, count) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function markdown(): string {
  const lines = rows.map(
    ({ recipe, data, batch, steps: count, first, last, seconds }) =>
      `| \`${recipe}\` | ${data} | ${batch} | ${count} | ${first.toFixed(4)} | ${last.toFixed(4)} | ${seconds.toFixed(0)} |`,
  );
  return [
    '| recipe | data | batch | steps | loss, first tenth | loss, last tenth | seconds |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
    `On ${device.title}. Paused after half of the steps and resumed from the checkpoint.`,
    '',
  ].join('\n');
}
