import { describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import { writeModel } from '#shared/model/qonnx/write/write-model.ts';
import { interpretFloat } from '#shared/verify/float/interpret-float.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { evaluateOnnx, type Tensor } from '#test/support/onnx-evaluator.ts';
import { fewSamples, randomNetwork, type RandomNetwork } from '#test/support/qonnx-networks.ts';
import { deployments, NETWORKS, OTHER_SIDE } from '#test/support/trained-methods.ts';

/** Channels last, as our values are. */
function channelsLast({ dims, data }: Tensor): number[] {
  const [, channels = 1, height = 1, width = 1] = dims;
  if (dims.length < 4) return data;
  return Array.from({ length: data.length }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return data[(i % channels) * height * width + pixel] ?? NaN;
  });
}

function channelsFirst(sample: Uint8Array, [height = 1, width = 1, channels = 1]: readonly number[]): Tensor {
  const data = Array.from({ length: sample.length }, (_, i) => {
    const pixel = i % (height * width);
    return sample[pixel * channels + Math.floor(i / (height * width))] ?? NaN;
  });
  return { dims: [1, channels, height, width], data };
}

/** Runs the file beside the reference; how many codes of activations were compared. */
function compare({ graph, model }: RandomNetwork): number {
  const written = writeModel(graph, model, { input: 'bytes', version: '1', documentation: '' }).model;
  // Some methods leave floats before training has come to its end: then there are no integers to compare with.
  const floats = graph.nodes.some((node) => 'weights' in node && node.weights.float);
  const integer = floats ? null : lower(graph);
  let codes = 0;
  for (const sample of fewSamples(graph.input.shape.reduce((a, b) => a * b, 1))) {
    const values = evaluateOnnx(written, channelsFirst(sample, graph.input.shape));
    const float = interpretFloat(graph, sample);
    const stated = [...written.graph.values, ...written.graph.outputs];
    expect(stated).toHaveLength(written.graph.nodes.length);
    expect(stated.map(({ name }) => values.get(name)?.dims)).toEqual(stated.map(({ shape }) => shape));
    const exact = integer && interpretAll(integer, sample).values;
    for (const node of graph.nodes) {
      const ours = values.get(node.id);
      if (node.kind !== 'activation' || !ours) continue;
      const reference = exact?.get(node.id);
      if (node.staircase?.more || !reference) continue;
      // −0 is 0: an integer has no sign of its own there.
      expect(
        channelsLast(ours).map((code) => code + 0),
        node.id,
      ).toEqual([...reference]);
      codes += reference.length;
    }
    const logits = values.get(written.graph.outputs[0]?.name ?? '')?.data ?? [];
    const expected = [...(float.get(graph.output) ?? [])];
    const size = Math.max(...expected.map(Math.abs), 1e-3);
    expect(logits.map((value, i) => Math.abs(value - (expected[i] ?? NaN)) / size < 1e-4)).toEqual(
      expected.map(() => true),
    );
  }
  return codes;
}

describe('a QONNX file computes what the reference computes', () => {
  for (const side of ['weights', 'activations'] as const) {
    it.each(deployments(side))(`with $id ${side} in the $network network`, ({ id, network }) => {
      const method = (which: string) => ({ method: which === side ? id : OTHER_SIDE[side] });
      const made = randomNetwork(NETWORKS[network], {
        weights: method('weights'),
        activations: method('activations'),
      });
      const codes = compare(made);
      const several = made.graph.nodes.some((node) => node.kind === 'activation' && node.staircase?.more);
      if (!several && id !== 'inq') expect(codes).toBeGreaterThan(400);
    });
  }
});
