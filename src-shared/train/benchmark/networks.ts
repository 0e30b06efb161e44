import { GraphBuilder } from '../../model/presets/parts/builder.ts';
import type { ModelSpec } from '../../model/spec.ts';
import type { BenchmarkNetwork } from './synthetic-trainer.ts';

/** VGG-small at a quarter of its widths: convolutions 3×3 with batch norm and activation at full resolution. */
function vggQuarter(): ModelSpec {
  const chain = new GraphBuilder();
  for (const filters of [32, 64, 128]) {
    chain.conv(filters, 3).norm().act().conv(filters, 3).maxPool().norm().act();
  }
  return chain.flatten().dense(10).norm().spec('vgg-quarter', [32, 32, 3]);
}

/** The networks of `npm run bench:train` and `bitsmith bench`. */
export const BENCHMARK_NETWORKS: readonly BenchmarkNetwork[] = [
  {
    id: 'lenet-small',
    title: 'LeNet, small: 28×28×1, batch 100',
    shape: [28, 28, 1],
    classes: 10,
    batchSize: 100,
    model: { preset: 'lenet-small' },
  },
  {
    id: 'lenet5',
    title: 'LeNet-5, most of its weights in a dense layer: 28×28×1, batch 50',
    shape: [28, 28, 1],
    classes: 10,
    batchSize: 50,
    model: { preset: 'lenet5' },
  },
  {
    id: 'vgg-quarter',
    title: 'VGG-small at a quarter of its widths: 32×32×3, batch 16',
    shape: [32, 32, 3],
    classes: 10,
    batchSize: 16,
    model: vggQuarter(),
  },
];
