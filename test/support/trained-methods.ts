import { normalizationOf, normalizationTable } from '#shared/dataset/normalization.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { networkVariables } from '#shared/model/variables.ts';
import { METHODS } from '#shared/quant/registry.ts';
import { resolveRun } from '#shared/run/config.ts';
import { createEvaluator } from '#shared/train/evaluate.ts';
import { cornerSamples, smallConfig, smallTrainer } from './small-run.ts';
import { tf } from './tensorflow.ts';

/** One network for every method: trained for a moment, then as the plain numbers that evaluation and export share. */

/** The methods of one side; the other side is a ternary one that is known to deploy. */
export type Side = 'weights' | 'activations';
export const OTHER_SIDE = { weights: 'gxnor', activations: 'twn' } as const;

/** Methods that leave numbers in floating point: nothing to deploy. */
export const FLOATING_POINT = ['full-precision'];

export function methodsOf(side: Side): string[] {
  return METHODS.filter((method) => method[side]).map(({ card }) => card.id);
}

/** Networks that every method deploys in. */
export const NETWORKS = {
  plain: [
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
  ],
  // Shortcuts that carry real values: pooled sums, averages, and a last addition before the average of the logits.
  stream: [
    { id: 'conv1', kind: 'conv2d', filters: 6, kernel: 3 },
    { id: 'norm1', kind: 'batch-norm' },
    { id: 'pool1', kind: 'max-pool' },
    { id: 'act1', kind: 'activation' },
    { id: 'conv2', kind: 'conv2d', filters: 6, kernel: 3, bias: true },
    { id: 'norm2', kind: 'batch-norm' },
    { id: 'join2', kind: 'add', inputs: ['pool1', 'norm2'] },
    { id: 'act2', kind: 'activation' },
    { id: 'conv3', kind: 'conv2d', filters: 8, kernel: 3, strides: 2 },
    { id: 'norm3', kind: 'batch-norm' },
    { id: 'short', kind: 'average-pool', inputs: ['join2'] },
    { id: 'wide', kind: 'shortcut-a', filters: 8, inputs: ['short'] },
    { id: 'join3', kind: 'add', inputs: ['norm3', 'wide'] },
    { id: 'act3', kind: 'activation' },
    { id: 'flat', kind: 'flatten' },
    { id: 'out', kind: 'dense', units: 4 },
  ],
  // Shortcuts that carry codes, of one scale and of several.
  codes: [
    { id: 'conv1', kind: 'conv2d', filters: 6, kernel: 3 },
    { id: 'norm1', kind: 'batch-norm' },
    { id: 'act1', kind: 'activation' },
    { id: 'pool1', kind: 'max-pool' },
    { id: 'conv2', kind: 'conv2d', filters: 6, kernel: 3 },
    { id: 'norm2', kind: 'batch-norm' },
    { id: 'join', kind: 'add', inputs: ['pool1', 'norm2'] },
    { id: 'act2', kind: 'activation' },
    { id: 'sum', kind: 'add', inputs: ['pool1', 'act2'] },
    { id: 'deep', kind: 'depthwise-conv2d', kernel: 3 },
    { id: 'norm3', kind: 'batch-norm' },
    { id: 'act3', kind: 'activation' },
    { id: 'mean', kind: 'average-pool' },
    { id: 'flat', kind: 'flatten' },
    { id: 'out', kind: 'dense', units: 4 },
  ],
};
export type NetworkName = keyof typeof NETWORKS;

/** Every method of a side that deploys, with every network that it can train. */
export function deployments(side: Side): { id: string; network: NetworkName }[] {
  return methodsOf(side)
    .filter((id) => !FLOATING_POINT.includes(id))
    .flatMap((id) =>
      (Object.keys(NETWORKS) as NetworkName[])
        // Bi-Real is defined for networks that add real values, and refused in others before training.
        .filter((network) => side === 'weights' || id !== 'bi-real' || network !== 'codes')
        .map((network) => ({ id, network })),
    );
}

const info = {
  name: 'corners',
  shape: [8, 8, 1] as const,
  classes: ['a', 'b', 'c', 'd'],
  mean: [100],
  standardDeviation: [60],
};

export interface TrainedNetwork {
  graph: TrainedGraph;
  /** Test accuracy that the trainer reported. */
  accuracy: number;
}

/** Trains a network with a method on one side; `pruned`: with half of its weights masked. */
export async function trainMethod(
  side: Side,
  id: string,
  network: NetworkName,
  pruned = false,
): Promise<TrainedNetwork> {
  const method = (which: Side) => ({ method: which === side ? id : OTHER_SIDE[side] });
  const config = smallConfig({
    dataset: { name: 'corners', validation: 0.2 },
    model: {
      version: 1,
      // Short: it becomes part of every C name.
      name: `${side.charAt(0)} ${network} ${id}`,
      input: { shape: [8, 8, 1] },
      layers: NETWORKS[network],
    },
    quantization: { weights: method('weights'), activations: method('activations') },
    training: {
      epochs: 3,
      batchSize: 20,
      learningRate: 0.02,
      ...(pruned ? { pruning: { sparsity: 0.5 } } : {}),
    },
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

export interface Sample {
  image: Uint8Array;
  label: number;
}

/** The test set on which the trainer measured the accuracy. */
export function testSamples(): Sample[] {
  const { images, labels } = cornerSamples(100, 2);
  return Array.from(labels, (label, i) => ({ image: images.slice(i * 64, (i + 1) * 64), label }));
}

/** Training's own evaluation of samples: logits by sample. */
export async function evaluateSamples(graph: TrainedGraph, samples: readonly Sample[]): Promise<number[][]> {
  const table = normalizationTable(normalizationOf('centered', info));
  const evaluator = createEvaluator(tf, graph);
  const pixels = Float32Array.from(
    samples.flatMap(({ image }) => [...image]),
    (p) => table[p] ?? 0,
  );
  const logits = tf.tidy(() => evaluator.logits(tf.tensor(pixels, [samples.length, 8, 8, 1])));
  const values = await logits.data();
  logits.dispose();
  evaluator.dispose();
  return samples.map((_, i) => Array.from(values.subarray(i * 4, i * 4 + 4)));
}
