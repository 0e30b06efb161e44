import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { asReal, evaluateLayer, type LayerValue } from '#shared/train/evaluate/layers.ts';
import { TensorProgram } from '#shared/train/evaluate/program.ts';
import { interpretFloat } from '#shared/verify/float/interpret-float.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** TensorFlow.js in floating point from layer to layer: nothing is kept as integers. */
function tensorValues(graph: TrainedGraph, sample: Uint8Array): Map<string, number[]> {
  const program = new TensorProgram(tf);
  const names = new Map<string, LayerValue>([['input', { real: 'input' }]]);
  const shapes = new Map<string, readonly number[]>([['input', graph.input.shape]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => names.get(name)!);
    const value = evaluateLayer(program, node, inputs, shapes.get(node.inputs[0] ?? '') ?? [], 2 ** 20);
    names.set(node.id, { real: asReal(program, value) });
    shapes.set(node.id, node.shape);
  }
  const { shape, zero, scale } = graph.input;
  const x = Float32Array.from(sample, (p, i) => (p - zero[i % zero.length]!) * Math.fround(scale));
  const result = new Map<string, number[]>();
  for (const node of graph.nodes) {
    const name = asReal(program, names.get(node.id)!);
    tf.tidy(() => {
      const value = program.run(name, { input: tf.tensor(x, [1, ...shape]) });
      result.set(node.id, Array.from(value.dataSync()));
    });
  }
  program.dispose();
  return result;
}

describe('the float network', () => {
  beforeAll(() => TEST_BACKENDS[0]?.activate());

  it.each(Array.from({ length: 25 }, (_, i) => i + 1))(
    'number %i is the one that TensorFlow.js computes, layer by layer',
    (seed) => {
      const graph = randomTrainedGraph(seed);
      const [sample] = samplesFor(graph, 1) as [Uint8Array];
      const own = interpretFloat(graph, sample);
      const theirs = tensorValues(graph, sample);
      const flipped = new Set<string>();
      for (const node of graph.nodes) {
        const [a, b] = [own.get(node.id)!, theirs.get(node.id)!];
        expect(a.length).toBe(b.length);
        const span = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
        const largest = b.reduce((most, value, i) => Math.max(most, Math.abs(value - a[i]!)), 0);
        const near = largest <= span * 2e-5;
        // Sums in another order may fall to the other side of a threshold: then what reads it differs, too.
        if (!near && node.kind === 'activation') flipped.add(node.id);
        else if (!near)
          expect(
            node.inputs.some((name) => flipped.has(name)),
            node.id,
          ).toBe(true);
        if (!near) flipped.add(node.id);
      }
      expect(flipped.size).toBeLessThan(graph.nodes.length);
    },
  );
});
