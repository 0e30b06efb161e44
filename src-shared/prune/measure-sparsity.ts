import type { TF } from '../base/tensorflow.ts';
import type { TrainedGraph } from '../export/trained-graph.ts';
import { createEvaluator } from '../train/evaluate.ts';
import { sparsityMeter, type SparsityReport } from './sparsity-report.ts';

const BATCH = 20;

/**
 * Measures the sparsity of a trained network over samples, in the deployment form that is exported.
 *
 * @param samples raw bytes, each of the network's input shape
 * @param breathe awaited between batches
 */
export async function measureSparsity(
  tf: TF,
  graph: TrainedGraph,
  samples: readonly Uint8Array[],
  breathe: () => Promise<void>,
): Promise<SparsityReport> {
  const meter = sparsityMeter(graph);
  const evaluators = meter.wanted.map((name) => ({
    name,
    evaluator: createEvaluator(tf, upTo(graph, name)),
  }));
  try {
    for (let from = 0; from < samples.length; from += BATCH) {
      const batch = samples.slice(from, from + BATCH);
      const x = tf.tensor(normalized(graph, batch), [batch.length, ...graph.input.shape], 'float32');
      const values = new Map<string, Float32Array>();
      for (const { name, evaluator } of evaluators) {
        const value = evaluator.logits(x);
        values.set(name, (await value.data()) as Float32Array);
        value.dispose();
        await breathe();
      }
      x.dispose();
      meter.add(values, batch.length);
    }
    return meter.report();
  } finally {
    for (const { evaluator } of evaluators) evaluator.dispose();
  }
}

/** The part of a network that computes one of its values. */
function upTo(graph: TrainedGraph, output: string): TrainedGraph {
  const end = graph.nodes.findIndex(({ id }) => id === output);
  return { ...graph, nodes: graph.nodes.slice(0, end + 1), output };
}

/** x = (p − zero[channel]) · scale, in float32. */
function normalized({ input }: TrainedGraph, samples: readonly Uint8Array[]): Float32Array {
  const size = input.shape.reduce((product, extent) => product * extent, 1);
  const channels = input.zero.length;
  const values = new Float32Array(samples.length * size);
  samples.forEach((sample, s) => {
    sample.forEach((p, i) => (values[s * size + i] = (p - (input.zero[i % channels] ?? 0)) * input.scale));
  });
  return values;
}
