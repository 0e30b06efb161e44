import { describe, expect, it, beforeAll } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import { createEvaluator } from '#shared/train/evaluate.ts';
import { interpret } from '#shared/verify/interpret.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Training's evaluation of random networks on tensors is what the integer graph computes, logit by logit. */

/** How many networks of either kind each back end gets: those without speed get few. */
const COUNTS = { cpu: 20, wasm: 80, webgpu: 5 };

describe.each(TEST_BACKENDS)('evaluation on $id', (backend) => {
  beforeAll(() => backend.activate());

  it('gives the integers of the lowered network', async () => {
    for (let index = 0; index < 2 * COUNTS[backend.id]; index++) {
      const seed = 5000 + (index >> 1);
      // In half of them most convolutions pad with −1.
      const trained = randomTrainedGraph(seed, index % 2 === 0 ? 'any' : 'signs');
      if (trained.nodes.some(oneSidedDepthwise)) continue;
      const graph = lower(trained);
      const output = graph.nodes.at(-1);
      const exponent = output?.kind === 'affine' ? output.exponent : NaN;
      const samples = samplesFor(trained, 5, seed);
      const { zero, scale, shape } = trained.input;
      const pixels = samples.flatMap((sample) =>
        [...sample].map((p, i) => Math.fround((p - (zero[i % zero.length] ?? 0)) * Math.fround(scale))),
      );
      const before = tf.memory().numTensors;
      const evaluator = createEvaluator(tf, trained);
      const logits = tf.tidy(() =>
        evaluator.logits(tf.tensor(pixels, [samples.length, ...shape], 'float32')),
      );
      const values = await logits.data();
      tf.dispose(logits);
      evaluator.dispose();
      expect(tf.memory().numTensors).toBe(before);
      const expected = samples.flatMap((sample) =>
        Array.from(interpret(graph, sample), (logit) => Math.fround(logit) * 2 ** -exponent),
      );
      expect([...values], `seed ${seed}`).toEqual(expected);
    }
  });
});

/** TensorFlow.js has no depthwise convolution with unequal strides; no model has one. */
function oneSidedDepthwise(node: TrainedNode): boolean {
  return node.kind === 'depthwise-conv2d' && node.strides[0] !== node.strides[1];
}
