import { normalizationOf } from '#shared/dataset/normalization.ts';
import { channelsOf } from '#shared/export/ir/graph.ts';
import type { TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { initialValues } from '#shared/model/variables.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { Draw } from './random-quantities.ts';

export interface PresetOptions {
  /** Of `MODEL_PRESETS`. */
  preset: string;
  /** Share of weights that are zero, 0 … 1; 0: binary weights. */
  zeros: number;
  /** Method ids of `METHODS` for the activations. */
  activations?: string;
  /** C name of the network; default: the preset's id. */
  name?: string;
}

/**
 * A preset with random weights in {−1, 0, +1} of the wanted sparsity and batch norms that spread the sums over the
 * activation's codes, as trained ones do.
 */
export function presetNetwork({
  preset: id,
  zeros,
  activations = 'gxnor',
  name,
}: PresetOptions): TrainedGraph {
  const preset = MODEL_PRESETS.find((candidate) => candidate.id === id);
  if (!preset) throw new Error(`there is no preset ${id}`);
  const { shape, classes } = preset.usual;
  const info = {
    name: 'random',
    shape,
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    mean: shape.slice(2).map(() => 128),
    standardDeviation: shape.slice(2).map(() => 64),
  };
  const config = parseRunConfig({
    dataset: { name: 'random' },
    model: { preset: id },
    quantization: { weights: { method: 'twn' }, activations: { method: activations } },
  });
  const model = resolveRun(config, info);
  const graph = buildTrainedGraph(model, initialValues(model, 1), normalizationOf('centered', info));
  return { ...withRandomNumbers(graph, zeros), name: name ?? id };
}

function withRandomNumbers(graph: TrainedGraph, zeros: number): TrainedGraph {
  const draw = new Draw(11, `preset:${graph.name}`);
  /** Estimated root mean square of every value. */
  const sizes = new Map<string, number>([['input', 74 * graph.input.scale]]);
  const nodes = graph.nodes.map((node): TrainedNode => {
    const inputs = node.inputs.map((input) => sizes.get(input) ?? 1);
    const size = Math.hypot(...inputs);
    switch (node.kind) {
      case 'conv2d':
      case 'depthwise-conv2d':
      case 'dense': {
        const filters = channelsOf(node.shape);
        const count = node.weights.levels[0]?.codes.length ?? 0;
        const codes = Int8Array.from({ length: count }, () => (draw.chance(zeros) ? 0 : draw.pick([-1, 1])));
        const scale = 1 / Math.sqrt((count / filters) * (1 - zeros));
        sizes.set(node.id, size);
        return { ...node, weights: { levels: [{ codes, scale: Float32Array.of(scale) }] } };
      }
      case 'batch-norm': {
        sizes.set(node.id, 1);
        const channels = channelsOf(node.shape);
        const factor = draw.floats(channels, 0.7 / size, 1.3 / size);
        return { ...node, factor, offset: draw.floats(channels, -0.4, 0.4) };
      }
      case 'activation':
        sizes.set(node.id, 0.8);
        return node;
      default:
        sizes.set(node.id, size);
        return node;
    }
  });
  return { ...graph, nodes };
}
