import { beforeAll, describe, expect, it } from 'vitest';
import { normalizationOf, normalizationTable } from '#shared/dataset/normalization.ts';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { networkVariables } from '#shared/model/variables.ts';
import { resolveRun } from '#shared/run/config.ts';
import { variableValues, type Checkpoint } from '#shared/train/checkpoint.ts';
import { createEvaluator } from '#shared/train/evaluate.ts';
import { countCorrect } from '#shared/train/evaluate-samples.ts';
import { interpret } from '#shared/verify/interpret.ts';
import { cornerSamples, smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** A network that is trained with −1 in its padding computes with −1 in its padding, in evaluation and as integers. */

const MINUS_ONE = { padValue: 'minus-one' };
const LAYERS = [
  { id: 'conv1', kind: 'conv2d', filters: 5, kernel: 3 },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'conv2', kind: 'conv2d', filters: 6, kernel: 3, bias: true, ...MINUS_ONE },
  { id: 'pool', kind: 'max-pool' },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'act2', kind: 'activation' },
  { id: 'depth', kind: 'depthwise-conv2d', kernel: 3, strides: 2, ...MINUS_ONE },
  { id: 'norm3', kind: 'batch-norm' },
  { id: 'act3', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 4 },
  { id: 'normo', kind: 'batch-norm' },
];
const info = {
  name: 'corners',
  shape: [8, 8, 1] as const,
  classes: ['a', 'b', 'c', 'd'],
  mean: [100],
  standardDeviation: [60],
};

async function trained(weights: string, activations: string) {
  const config = smallConfig({
    dataset: { name: 'corners', validation: 0.2 },
    model: { version: 1, name: 'net', input: { shape: [8, 8, 1] }, layers: LAYERS },
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
  const normalization = normalizationOf(config.dataset.normalization, info);
  return { accuracy, normalization, graph: buildTrainedGraph(model, values, normalization) };
}

async function logitsOf(graph: TrainedGraph, pixels: Float32Array, count: number): Promise<Float32Array> {
  const evaluator = createEvaluator(tf, graph);
  const logits = tf.tidy(() => evaluator.logits(tf.tensor(pixels, [count, 8, 8, 1])));
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  evaluator.dispose();
  return values;
}

describe('a network with −1 in its padding', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([
    ['bnn', 'bnn'],
    ['twn', 'xnor-net'],
    ['multi-level-ternary', 'bnn-plus'],
  ])('weights %s, activations %s: trained, evaluated and lowered alike', async (weights, activations) => {
    const { graph, normalization, accuracy } = await trained(weights, activations);
    const samples = cornerSamples(100, 2);
    const table = normalizationTable(normalization);
    const pixels = Float32Array.from(samples.images, (p) => table[p] ?? 0);
    const logits = await logitsOf(graph, pixels, samples.count);
    expect(countCorrect(logits, samples.labels) / samples.count).toBeCloseTo(accuracy ?? NaN, 10);

    const integer = lower(graph);
    const outside = integer.nodes.flatMap((node) => ('outside' in node ? [node.inputs[0]] : []));
    expect(new Set(outside)).toEqual(new Set(['act1', 'act2']));
    const output = integer.nodes.at(-1);
    const exponent = output?.kind === 'affine' ? output.exponent : NaN;
    const expected = Array.from({ length: samples.count }, (_, i) =>
      Array.from(
        interpret(integer, samples.images.subarray(i * 64, (i + 1) * 64)),
        (logit) => Math.fround(logit) * 2 ** -exponent,
      ),
    );
    expect([...logits]).toEqual(expected.flat());

    // With zeros in its padding it would be another network.
    const zeros = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, outside: 0 as const })) };
    expect(await logitsOf(zeros, pixels, samples.count)).not.toEqual(logits);
  });
});
