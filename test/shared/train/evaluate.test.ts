import { beforeAll, describe, expect, it } from 'vitest';
import { normalizationOf } from '#shared/dataset/normalization.ts';
import { normalizationTable } from '#shared/dataset/normalization.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { networkVariables } from '#shared/model/variables.ts';
import { resolveRun } from '#shared/run/config.ts';
import { variableValues, type Checkpoint } from '#shared/train/checkpoint.ts';
import { createEvaluator } from '#shared/train/evaluate.ts';
import { countCorrect } from '#shared/train/evaluate-samples.ts';
import { argMax, interpret } from '#shared/verify/interpret.ts';
import { cornerSamples, smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** What training evaluates is what the exporter lowers: the integer reference decides alike on every sample. */

const TAIL = [
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 4 },
  { id: 'normo', kind: 'batch-norm' },
];
const block = (n: number) => [
  { id: `norm${n}`, kind: 'batch-norm' },
  { id: `act${n}`, kind: 'activation' },
];

const NETWORKS: Record<string, unknown[]> = {
  'convolution, pooling before the norm': [
    { id: 'conv1', kind: 'conv2d', filters: 5, kernel: 3, padding: 'valid' },
    { id: 'pool1', kind: 'max-pool' },
    ...block(1),
    { id: 'conv2', kind: 'conv2d', filters: 7, kernel: 3, bias: true },
    ...block(2),
    ...TAIL,
  ],
  'depthwise, strided and dilated, pooling after the activation': [
    { id: 'conv1', kind: 'conv2d', filters: 6, kernel: 3, strides: 2 },
    ...block(1),
    { id: 'deep', kind: 'depthwise-conv2d', kernel: 3, dilation: 2 },
    ...block(2),
    { id: 'pool', kind: 'max-pool' },
    ...TAIL,
  ],
  'dense only': [
    { id: 'flat0', kind: 'flatten' },
    { id: 'd1', kind: 'dense', units: 12, bias: true },
    ...block(1),
    { id: 'out', kind: 'dense', units: 4 },
    { id: 'normo', kind: 'batch-norm' },
  ],
};
const METHODS = [
  ['twn', 'gxnor'],
  ['bnn', 'bnn'],
  ['twn', 'bnn'],
  ['bnn', 'gxnor'],
] as const;

const info = {
  name: 'corners',
  shape: [8, 8, 1] as const,
  classes: ['a', 'b', 'c', 'd'],
  mean: [100],
  standardDeviation: [60],
};

async function trained(layers: unknown[], weights: string, activations: string, normalization: string) {
  const config = smallConfig({
    dataset: { name: 'corners', validation: 0.2, normalization },
    model: { version: 1, name: 'net', input: { shape: [8, 8, 1] }, layers },
    quantization: { weights: { method: weights }, activations: { method: activations } },
    training: { epochs: 2, batchSize: 20, learningRate: 0.02 },
  });
  const trainer = smallTrainer(tf, { config });
  trainer.prepare();
  let checkpoint: Checkpoint | undefined;
  let accuracy: number | null = null;
  for await (const event of trainer.run()) {
    if (event.type === 'checkpoint') checkpoint = event.checkpoint;
    if (event.type === 'ended') accuracy = event.accuracy;
  }
  trainer.dispose();
  const model = resolveRun(config, info);
  const values = Object.fromEntries(
    networkVariables(model).map((variable) => [
      variable.name,
      (checkpoint && variableValues(checkpoint, variable)) ?? new Float32Array(),
    ]),
  );
  const normalizationValues = normalizationOf(config.dataset.normalization, info);
  return {
    accuracy,
    normalization: normalizationValues,
    graph: buildTrainedGraph(model, values, normalizationValues),
  };
}

describe.each(Object.entries(NETWORKS))('%s', (_name, layers) => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(METHODS)(
    'weights %s, activations %s: evaluation and integer reference agree',
    async (weights, activations) => {
      for (const kind of ['centered', 'standardize']) {
        const run = await trained(layers, weights, activations, kind);
        const samples = cornerSamples(100, 2);
        const table = normalizationTable(run.normalization);
        const evaluator = createEvaluator(tf, run.graph);
        const logits = tf.tidy(() =>
          evaluator.logits(
            tf.tensor(
              Float32Array.from(samples.images, (p) => table[p] ?? 0),
              [100, 8, 8, 1],
            ),
          ),
        );
        const float = Float32Array.from(await logits.data());
        logits.dispose();
        evaluator.dispose();
        expect(countCorrect(float, samples.labels) / 100).toBeCloseTo(run.accuracy ?? NaN, 10);
        const graph = lower(run.graph);
        for (let i = 0; i < 100; i++) {
          const integers = interpret(graph, samples.images.subarray(i * 64, (i + 1) * 64));
          const row = [...float.subarray(i * 4, i * 4 + 4)];
          const best = argMax(integers);
          // The fixed-point logits may order two classes differently only where the float ones are all but equal.
          expect((row[best] ?? NaN) - Math.max(...row), `sample ${i}`).toBeGreaterThan(-1e-3);
        }
      }
    },
  );
});
