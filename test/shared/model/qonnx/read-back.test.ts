import { describe, expect, it } from 'vitest';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { readModel, readNodes } from '#shared/model/qonnx/read/read-model.ts';
import { statedSpec } from '#shared/model/qonnx/stated-spec.ts';
import { writeModel } from '#shared/model/qonnx/write/write-model.ts';
import { resolveModel, type ResolvedModel } from '#shared/model/resolve.ts';
import { initialValues } from '#shared/model/variables.ts';
import type { OnnxModel } from '#shared/model/qonnx/onnx.ts';
import { randomNetwork } from '#test/support/qonnx-networks.ts';
import { deployments, NETWORKS, OTHER_SIDE } from '#test/support/trained-methods.ts';

const OPTIONS = { version: '1', documentation: '' } as const;
const write = (made: { graph: Parameters<typeof writeModel>[0]; model: ResolvedModel }) =>
  writeModel(made.graph, made.model, { input: 'bytes', ...OPTIONS }).model;

/** A specification as a file before training. */
function untrained(model: ResolvedModel): OnnxModel {
  const graph = buildTrainedGraph(model, initialValues(model, 1), { zero: [0], scale: 1 });
  return writeModel(graph, model, { input: 'normalized', ...OPTIONS }).model;
}

/** Methods that stand for all that deploy alike: reading the nodes gives these. */
const WEIGHTS = ['bnn', 'twn', 'ttq', 'abc-net', 'multi-level-ternary', 'lsq', 'int8'];
const ACTIVATIONS = ['bnn', 'gxnor', 'rebnet', 'multi-level-ternary', 'lsq'];

describe('a file that is read back', () => {
  for (const side of ['weights', 'activations'] as const) {
    it.each(deployments(side))(`is the same network: $id ${side} in $network`, ({ id, network }) => {
      const method = (which: string) => ({ method: which === side ? id : OTHER_SIDE[side] });
      const methods = { weights: method('weights'), activations: method('activations') };
      const made = randomNetwork(NETWORKS[network], methods);
      const written = write(made);
      const read = readModel(written, 'net.onnx').spec;
      expect(read).toEqual(statedSpec(made.model));
      // Whatever rules the draft has: the file says the methods of every layer.
      const rules = { weights: { method: 'full-precision' }, activations: { method: 'full-precision' } };
      expect(untrained(resolveModel(read, rules))).toEqual(untrained(made.model));

      const nodes = readNodes(written, 'net.onnx').spec;
      expect(nodes.layers.map(shapeOf)).toEqual(statedSpec(made.model).layers.map(shapeOf));
    });
  }

  it.each(WEIGHTS)('says by its nodes alone that weights are %s', (id) => {
    const made = randomNetwork(NETWORKS.codes, {
      weights: { method: id },
      activations: { method: 'rebnet' },
    });
    const { spec, notes } = readNodes(write(made), 'net.onnx');
    const methods = spec.layers.flatMap((layer) => ('weights' in layer ? [layer.weights] : []));
    expect(methods).toHaveLength(4);
    expect(methods.every((choice) => (choice as { method: string }).method === id)).toBe(true);
    expect(notes.join(' ')).toContain(`${id} for conv1, conv2, deep, out`);
  });

  it.each(ACTIVATIONS)('says by its nodes alone that activations are %s', (id) => {
    const made = randomNetwork(NETWORKS.codes, { weights: { method: 'twn' }, activations: { method: id } });
    const { spec } = readNodes(write(made), 'net.onnx');
    const methods = spec.layers.flatMap((layer) => ('activations' in layer ? [layer.activations] : []));
    expect(methods.map((choice) => (choice as { method: string }).method)).toEqual([id, id, id]);
  });

  it('keeps what nodes do not say, unless they were changed', () => {
    const layers = [
      { id: 'conv1', kind: 'conv2d', filters: 4, kernel: 3, initial: { kind: 'lecun-normal' } },
      { id: 'act1', kind: 'activation' },
      { id: 'drop', kind: 'dropout', rate: 0.25 },
      { id: 'flat', kind: 'flatten' },
      { id: 'out', kind: 'dense', units: 4, bias: true },
    ];
    const made = randomNetwork(layers, { weights: { method: 'xnor-net' }, activations: { method: 'tbn' } });
    const written = write(made);
    const kept = readModel(written, 'net.onnx');
    expect(kept.spec.layers.map(({ kind }) => kind)).toContain('dropout');
    expect(kept.notes).toEqual(['Weights are not taken over: the network is to be trained.']);

    const [conv, ...nodes] = written.graph.nodes.toReversed();
    const graph = { ...written.graph, nodes: [...nodes.toReversed(), { ...conv!, name: 'renamed' }] };
    expect(readModel({ ...written, graph }, 'net.onnx').spec).toEqual(kept.spec);
    const values = graph.initializers.map((tensor) =>
      tensor.name === 'conv1/weight/codes' ? { ...tensor, dims: [8, ...tensor.dims.slice(1)] } : tensor,
    );
    const changed = readModel({ ...written, graph: { ...graph, initializers: values } }, 'net.onnx');
    expect(changed.spec.layers.map(({ kind }) => kind)).toEqual(['conv2d', 'activation', 'flatten', 'dense']);
    expect(changed.spec.layers[0]).toMatchObject({ filters: 8, weights: { method: 'bnn' } });
    expect(changed.notes[0]).toMatch(/changed since Bitsmith wrote it/);
  });
});

/** A layer without its methods, its inputs spelled out. */
function shapeOf(layer: object, index: number, layers: readonly object[]): object {
  const { weights: _, activations: __, inputs, ...rest } = layer as Record<string, unknown>;
  const before = layers[index - 1] as { id: string } | undefined;
  return { ...rest, inputs: inputs ?? [before?.id ?? 'input'] };
}
