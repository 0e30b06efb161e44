import { beforeAll, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { normalizationOf } from '#shared/dataset/normalization.ts';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { networkVariables } from '#shared/model/variables.ts';
import { METHODS } from '#shared/quant/registry.ts';
import { resolveRun } from '#shared/run/config.ts';
import { countCorrect } from '#shared/train/evaluate-samples.ts';
import { interpret } from '#shared/verify/interpret.ts';
import { cornerSamples, smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/**
 * Every method, from training to integers: the integer reference is right on as many test samples as training's own
 * evaluation, or lowering says which layer it refuses and why.
 */

const LAYERS = [
  { id: 'conv1', kind: 'conv2d', filters: 6, kernel: 3 },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'conv2', kind: 'conv2d', filters: 8, kernel: 3 },
  { id: 'pool2', kind: 'max-pool' },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'act2', kind: 'activation' },
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

async function train(
  weights: string,
  activations: string,
): Promise<{ graph: TrainedGraph; accuracy: number }> {
  const config = smallConfig({
    dataset: { name: 'corners', validation: 0.2 },
    model: { version: 1, name: 'net', input: { shape: [8, 8, 1] }, layers: LAYERS },
    quantization: { weights: { method: weights }, activations: { method: activations } },
    training: { epochs: 3, batchSize: 20, learningRate: 0.02 },
  });
  const trainer = smallTrainer(tf, { config });
  trainer.prepare();
  let values: Record<string, Float32Array> = {};
  let accuracy = 0;
  const model = resolveRun(config, info);
  for await (const event of trainer.run()) {
    if (event.type === 'checkpoint') {
      const { tensors } = event.checkpoint;
      values = Object.fromEntries(
        networkVariables(model).map(({ name }) => [name, tensors.get(name)?.data as Float32Array]),
      );
    }
    if (event.type === 'ended') accuracy = event.accuracy ?? 0;
  }
  trainer.dispose();
  return { graph: buildTrainedGraph(model, values, normalizationOf('centered', info)), accuracy };
}

/** Accuracy of the integer reference, or the reason why there is none. */
function deploy(graph: TrainedGraph): number | string {
  try {
    const integers = lower(graph);
    const samples = cornerSamples(100, 2);
    const logits = Array.from({ length: 100 }, (_, i) => [
      ...interpret(integers, samples.images.subarray(i * 64, (i + 1) * 64)),
    ]).flat();
    return countCorrect(logits, samples.labels) / 100;
  } catch (error) {
    if (error instanceof BitsmithError && error.code === 'unsupported') return error.message;
    throw error;
  }
}

/**
 * What today's exporter refuses with each method's defaults: floating point (INQ before its last portion is one), several
 * weight levels without a common unit, and activation levels that are no multiples of one.
 */
const REFUSED_WEIGHTS = [
  'full-precision',
  'ttq',
  'residual-expansion',
  'multi-level-ternary',
  'abc-net',
  'lq-nets',
  'inq',
];
const REFUSED_ACTIVATIONS = ['full-precision', 'rebnet', 'multi-level-ternary', 'abc-net', 'lq-nets'];

async function check(weights: string, activations: string, refused: boolean): Promise<void> {
  const { graph, accuracy } = await train(weights, activations);
  const deployed = deploy(graph);
  if (refused) expect(deployed).toMatch(/layer \w+ cannot be lowered to integers: /);
  else {
    expect(typeof deployed === 'number' ? '' : deployed).toBe('');
    expect(deployed).toBeCloseTo(accuracy, 10);
  }
}

describe('from training to integers', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(METHODS.filter(({ weights }) => weights).map(({ card }) => card.id))('weights by %s', (id) =>
    check(id, 'gxnor', REFUSED_WEIGHTS.includes(id)),
  );

  it.each(METHODS.filter(({ activations }) => activations).map(({ card }) => card.id))(
    'activations by %s',
    (id) => check('twn', id, REFUSED_ACTIVATIONS.includes(id)),
  );
});
