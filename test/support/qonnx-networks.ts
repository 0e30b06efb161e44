import { RandomStream } from '#shared/base/random.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { resolveModel, type ResolvedModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { initialValues, networkVariables } from '#shared/model/variables.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

export interface RandomNetwork {
  model: ResolvedModel;
  graph: TrainedGraph;
}

/**
 * A network as it is before training, with biases and batch norms that spread the sums as trained ones do, on samples of
 * 8×8 pixels and `channels` channels.
 */
export function randomNetwork(
  layers: readonly object[],
  methods: { weights: object; activations: object },
  options: { channels?: number; input?: readonly [number, number, number] } = {},
): RandomNetwork {
  const { channels = 1 } = options;
  const spec = ModelSpecSchema.parse({
    version: 1,
    name: 'random',
    input: { shape: options.input ?? [8, 8, channels] },
    layers,
  });
  const model = resolveModel(spec, {
    weights: WeightChoiceSchema.parse(methods.weights),
    activations: ActivationChoiceSchema.parse(methods.activations),
  });
  const values = initialValues(model, 5);
  const random = new RandomStream(9, 'qonnx');
  for (const { name, short, role } of networkVariables(model)) {
    const value = values[name];
    if (role !== 'layer' || !value) continue;
    const spread = () => random.nextUniform() - 0.5;
    if (short === 'bias' || short === 'beta' || short === 'mean')
      value.forEach((_, i) => (value[i] = spread()));
    if (short === 'gamma' || short === 'variance') value.forEach((_, i) => (value[i] = 0.75 + spread()));
  }
  const zero = Array.from({ length: channels }, (_, c) => 120 + 3 * c);
  return { model, graph: buildTrainedGraph(model, values, { zero, scale: Math.fround(1 / 60) }) };
}

/** Bytes that look like noise, a ramp, black and white. */
export function fewSamples(size: number): Uint8Array[] {
  const random = new RandomStream(3, 'samples');
  const noise = () => Uint8Array.from({ length: size }, () => Math.floor(256 * random.nextUniform()));
  return [
    noise(),
    noise(),
    Uint8Array.from({ length: size }, (_, i) => (i * 7) % 256),
    new Uint8Array(size).fill(255),
  ];
}
