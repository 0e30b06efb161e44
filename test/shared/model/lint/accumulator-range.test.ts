import { describe, expect, it } from 'vitest';
import { typicalGraph } from '#shared/export/estimate/typical-graph.ts';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import { accumulatorRanges } from '#shared/export/passes/accumulator-range.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { narrowParts } from '#shared/export/plan/swar.ts';
import { accumulatorRange } from '#shared/model/lint/accumulator-range.ts';
import { weightCodes } from '#shared/model/lint/integer-facts.ts';
import { resolveModel, type ResolvedModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

function resolved(shape: number[], layers: object[], weights = 'bnn', activations = 'bnn'): ResolvedModel {
  return resolveModel(ModelSpecSchema.parse({ version: 1, name: 'net', input: { shape }, layers }), {
    weights: WeightChoiceSchema.parse({ method: weights }),
    activations: ActivationChoiceSchema.parse({ method: activations }),
  });
}
const found = (model: ResolvedModel) => accumulatorRange(model).map(({ rule, layer }) => `${layer}: ${rule}`);
const classifier = [
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 2 },
];

describe('the range of accumulators', () => {
  // ⌊(2³¹ − 2) / (127 · 510)⌋ = 33,155 products of int8 weights and raw bytes.
  it.each([
    [33_155, false],
    [33_156, true],
  ])('of %i int8 products of raw bytes: warned %s, exactly where lowering may refuse', (taps, warned) => {
    const model = resolved([1, 1, 1], classifier, 'int8');
    // Samples of so many bytes are no picture; the rule looks at the resolved network.
    const wide = {
      ...model,
      layers: model.layers.map((layer) => (layer.weights ? { ...layer, inputShapes: [[taps]] } : layer)),
    };
    expect(found(wide)).toEqual(warned ? ['out: accumulator-overflow'] : []);
    const refused = () =>
      accumulatorRanges('out', {
        filters: 1,
        taps,
        codes: new Int8Array(taps).fill(127),
        rangeOf: () => ({ low: -255, high: 0 }),
        magnitudeOf: () => 510,
        padded: false,
      });
    if (warned) expect(refused).toThrow('which 32 bits do not hold');
    else expect(refused).not.toThrow();
  });

  it('counts averages as the sums that the firmware keeps', () => {
    const layers = (channels: number) => [
      { id: 'c1', kind: 'conv2d', filters: channels, kernel: 1 },
      { id: 'n1', kind: 'batch-norm' },
      { id: 'a1', kind: 'activation' },
      { id: 'gap', kind: 'global-average-pool' },
      { id: 'out', kind: 'dense', units: 2 },
    ];
    expect(found(resolved([32, 32, 1], layers(64), 'int8', 'int8'))).toEqual([]);
    expect(found(resolved([32, 32, 1], layers(512), 'int8', 'int8'))).toEqual(['out: accumulator-overflow']);
  });

  it('names the layers that bit-plane kernels cannot count, as the planner has it', () => {
    const layers = (filters: number) => [
      { id: 'c1', kind: 'conv2d', filters, kernel: 1 },
      { id: 'n1', kind: 'batch-norm' },
      { id: 'a1', kind: 'activation' },
      ...classifier,
    ];
    const kernelOf = (model: ResolvedModel) => {
      const result = estimateDeployment(model, { target: 'cortex-m4' });
      if (!result.ok) throw new Error(result.problems[0]?.message);
      return result.estimate.layers.find(({ id }) => id === 'out')?.kernel;
    };
    const [narrow, wide] = [resolved([32, 32, 1], layers(31)), resolved([32, 32, 1], layers(33))];
    expect(found(narrow)).toEqual([]);
    expect(found(wide)).toEqual(['out: wide-sums']);
    expect(kernelOf(narrow)).not.toBe(kernelOf(wide));
  });

  it.each([
    [16, 0],
    [64, 3],
    [240, 9],
  ])('says in how many parts a convolution over %i channels of bytes is added', (filters, parts) => {
    const model = resolved(
      [6, 6, 1],
      [
        { id: 'c1', kind: 'conv2d', filters, kernel: 5 },
        { id: 'n1', kind: 'batch-norm' },
        { id: 'a1', kind: 'activation' },
        { id: 'c2', kind: 'conv2d', filters: 2, kernel: 3 },
        { id: 'gap', kind: 'global-average-pool' },
      ],
      'bnn',
      'int8',
    );
    const graph = lower(typicalGraph(model));
    const conv = graph.nodes.find(({ id }) => id === 'c2');
    if (conv?.kind !== 'conv2d') throw new Error('no convolution');
    // The planner proves narrower ranges from trained numbers; it never needs more parts.
    expect(narrowParts(graph, conv).length).toBeLessThanOrEqual(Math.max(1, parts));
    expect(narrowParts(graph, conv).length > 1).toBe(parts > 0);
    const [lint] = accumulatorRange(model);
    expect(lint?.rule).toBe(parts === 0 ? undefined : 'wide-sums');
    if (parts > 0) expect(lint?.message).toContain(`${parts} parts`);
  });

  it('knows the codes of a method from its own deployment', () => {
    const of = (method: string) => {
      const layer = resolved([1, 1, 4], classifier, method).layers.at(-1);
      return layer && weightCodes(layer);
    };
    expect(of('bnn')).toEqual({ levels: 1, largest: 1 });
    expect(of('twn')).toEqual({ levels: 1, largest: 1 });
    expect(of('int8')).toEqual({ levels: 1, largest: 127 });
    expect(of('full-precision')).toBeNull();
  });
});
