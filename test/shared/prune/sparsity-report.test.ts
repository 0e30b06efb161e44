import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { measureSparsity } from '#shared/prune/measure-sparsity.ts';
import { SparsityReportSchema, sparsityMeter } from '#shared/prune/sparsity-report.ts';
import { codeSparsity, effectualPlanes, planesOf } from '#shared/quant/measures/planes.ts';
import { multiLevelTernary } from '#shared/quant/methods/multi-level-ternary/index.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';
import { denseShape, normalKernel } from './kernels.ts';
import { FLOAT, LENET, livelyValues, resolved, rules } from './networks.ts';

beforeAll(() => TEST_BACKENDS[0]?.activate());

describe('bit planes', () => {
  it.each([
    [0, 1, 0],
    [1, 1, 1],
    [-1, 1, 1],
    [2, 2, 1],
    [3, 2, 2],
    [-5, 3, 2],
    [127, 7, 7],
    [-128, 8, 1],
  ])('code %i takes %i planes, of which %i are not empty', (code, planes, effectual) => {
    expect(planesOf(code)).toBe(planes);
    expect(effectualPlanes(code)).toBe(effectual);
  });
});

/** Deployed codes of standard normal weights. */
function normalCodes(levels: number, over: Record<string, unknown> = {}): Int8Array[] {
  const { weights } = multiLevelTernary;
  if (!weights) throw new Error('no weights');
  const parameters = weights.parameters.parse({ levels, ...over });
  const shape = denseShape(400, 1000);
  return weights.form.deploy(normalKernel(shape, 11), shape, parameters, {}).levels.map(({ codes }) => codes);
}

describe('multi-level ternary weights of a standard normal distribution', () => {
  it.each([
    [1, 0.576, 0.576],
    [2, 0.808, 1.19],
    [3, 0.922, 1.75],
  ])('%i levels: word density %f, %f levels per word that are not zero', (levels, density, perWord) => {
    const { zeroWords, zeroBits, planes } = codeSparsity(normalCodes(levels));
    expect(planes).toBe(levels);
    expect(1 - zeroWords).toBeCloseTo(density, 2);
    expect((1 - zeroBits) * levels).toBeCloseTo(perWord, 1);
  });

  it('density of each level', () => {
    const { zeroCodes } = codeSparsity(normalCodes(3));
    [0.576, 0.614, 0.561].forEach((density, level) =>
      expect(1 - (zeroCodes[level] ?? 0)).toBeCloseTo(density, 2),
    );
  });

  it.each([2, 3])('%i levels with nested support are as sparse as one', (levels) => {
    expect(1 - codeSparsity(normalCodes(levels, { nestedSupport: true })).zeroWords).toBeCloseTo(0.576, 2);
  });
});

const TWO_LEVELS = {
  weights: { method: 'multi-level-ternary', levels: 2 },
  activations: { method: 'multi-level-ternary', levels: 3 },
};

/** A network with padding, strides, pooling between activation and layer, depthwise and dense layers. */
const NETWORK = [
  { id: 'conv1', kind: 'conv2d', filters: 4, kernel: 3 },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'pool1', kind: 'max-pool' },
  { id: 'conv2', kind: 'conv2d', filters: 3, kernel: [2, 3], strides: 2 },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'act2', kind: 'activation' },
  { id: 'depth', kind: 'depthwise-conv2d', kernel: 3 },
  { id: 'norm3', kind: 'batch-norm' },
  { id: 'act3', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 4 },
];

function graphOf(weights = TWO_LEVELS.weights, activations = TWO_LEVELS.activations): TrainedGraph {
  const model = resolved(NETWORK, rules(weights, activations));
  return buildTrainedGraph(model, livelyValues(model, 4), { zero: [128], scale: 1 / 128 });
}

function samples(count: number): Uint8Array[] {
  const random = new RandomStream(5, 'samples');
  return Array.from({ length: count }, () => Uint8Array.from({ length: 64 }, () => random.nextBelow(256)));
}

/**
 * Every multiply-accumulate and every pair of levels of one layer by itself, from the definition. The input is the codes
 * of each level, [levels][row][column][channel].
 */
function bruteForce(graph: TrainedGraph, layer: string, inputs: number[][][][][]) {
  const node = graph.nodes.find(({ id }) => id === layer);
  if (node?.kind !== 'conv2d' && node?.kind !== 'depthwise-conv2d' && node?.kind !== 'dense')
    throw new Error(layer);
  const counts = {
    bit: { dense: 0, weights: 0, activations: 0, both: 0 },
    word: { dense: 0, weights: 0, activations: 0, both: 0 },
  };
  const dense = node.kind === 'dense';
  const [rows, columns, filters] = dense
    ? [1, 1, node.shape[0] ?? 1]
    : (node.shape as [number, number, number]);
  const [kh, kw] = dense ? [1, 1] : node.kernel;
  const [sy, sx] = dense ? [1, 1] : node.strides;
  const { top, left } = dense ? { top: 0, left: 0 } : node.padding;
  const depthwise = node.kind === 'depthwise-conv2d';
  const levels = node.weights.levels;
  const activationLevels = inputs.length;
  const channels = inputs[0]?.[0]?.[0]?.[0]?.length ?? 1;
  const batch = inputs[0]?.length ?? 0;
  for (let s = 0; s < batch; s++)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        for (let f = 0; f < filters; f++)
          for (let ky = 0; ky < kh; ky++)
            for (let kx = 0; kx < kw; kx++)
              for (const channel of depthwise ? [f] : Array.from({ length: channels }, (_, i) => i)) {
                const at = depthwise
                  ? (ky * kw + kx) * filters + f
                  : ((ky * kw + kx) * channels + channel) * filters + f;
                const w = levels.map(({ codes }) => (codes[at] === 0 ? 0 : 1));
                const a = inputs.map((level) =>
                  level[s]?.[r * sy + ky - top]?.[c * sx + kx - left]?.[channel] ? 1 : 0,
                );
                const [ws, as] = [w.reduce<number>((x, y) => x + y, 0), a.reduce<number>((x, y) => x + y, 0)];
                counts.bit.dense += levels.length * activationLevels;
                counts.bit.weights += ws * activationLevels;
                counts.bit.activations += levels.length * as;
                counts.bit.both += ws * as;
                counts.word.dense += 1;
                counts.word.weights += Math.min(ws, 1);
                counts.word.activations += Math.min(as, 1);
                counts.word.both += Math.min(ws, 1) * Math.min(as, 1);
              }
  const perSample = (o: typeof counts.bit) =>
    Object.fromEntries(Object.entries(o).map(([k, v]) => [k, v / batch]));
  return { bit: perSample(counts.bit), word: perSample(counts.word) };
}

/** Random steps of an activation's staircase as its values, and as codes per level. */
function randomActivations(graph: TrainedGraph, activation: string, shape: readonly number[], count: number) {
  const node = graph.nodes.find(({ id }) => id === activation);
  if (node?.kind !== 'activation' || !node.staircase) throw new Error(activation);
  const terms = [node.staircase, ...(node.staircase.more ?? [])];
  const random = new RandomStream(8, activation);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const steps = Array.from({ length: count * size }, () => random.nextBelow(terms[0]?.codes.length ?? 1));
  const values = Float32Array.from(steps, (step) =>
    terms.reduce((sum, { codes, scale }) => sum + (codes[step] ?? 0) * scale, 0),
  );
  const [height, width, channels] = shape.length === 3 ? (shape as [number, number, number]) : [1, 1, size];
  const nested = terms.map(({ codes }) =>
    Array.from({ length: count }, (_, s) =>
      Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) =>
          Array.from(
            { length: channels },
            (_, c) => codes[steps[((s * height + y) * width + x) * channels + c] ?? 0] ?? 0,
          ),
        ),
      ),
    ),
  );
  return { values, nested };
}

describe('operations', () => {
  const graph = graphOf();
  const count = 3;
  const shapes: Record<string, readonly number[]> = { pool1: [4, 4, 4], act2: [2, 2, 3], flat: [12] };
  const coded = { pool1: 'act1', act2: 'act2', flat: 'act3' } as const;
  const given = Object.entries(coded).map(
    ([value, activation]) =>
      [value, randomActivations(graph, activation, shapes[value] ?? [], count)] as const,
  );
  const meter = sparsityMeter(graph);
  meter.add(new Map(given.map(([name, { values }]) => [name, values])), count);
  const report = SparsityReportSchema.parse(meter.report());
  const layer = (id: string) => report.layers.find((each) => each.id === id);

  it('asks for what layers read, and for nothing of layers that read samples', () => {
    expect(meter.wanted).toEqual(['pool1', 'act2', 'flat']);
    expect(layer('conv1')?.activations).toBeNull();
    expect(layer('conv1')?.bit.dense).toBe(2 * 8 * 8 * 9 * 4);
    expect(layer('conv1')?.bit.activations).toBe(layer('conv1')?.bit.dense);
  });

  it.each([
    ['conv2', 'pool1'],
    ['depth', 'act2'],
    ['out', 'flat'],
  ])('of %s are those of a count of every pair of levels', (id, value) => {
    const inputs = given.find(([name]) => name === value)?.[1].nested ?? [];
    const wanted = bruteForce(graph, id, inputs);
    for (const level of ['bit', 'word'] as const) {
      for (const which of ['dense', 'weights', 'activations', 'both'] as const) {
        expect(layer(id)?.[level][which], `${level} ${which}`).toBeCloseTo(wanted[level][which] ?? NaN, 9);
      }
    }
    expect(layer(id)?.weights.planes).toBe(2);
    expect(layer(id)?.activations?.planes).toBe(3);
  });

  it('of the network are the sum of its layers, and a reduction is their quotient', () => {
    for (const level of ['bit', 'word'] as const) {
      const sum = (which: 'dense' | 'both') =>
        report.layers.reduce((all, each) => all + each[level][which], 0);
      expect(report[level].dense).toBeCloseTo(sum('dense'), 6);
      expect(report.reductions[level].both).toBeCloseTo(sum('dense') / sum('both'), 9);
    }
  });

  it('the reduction at bit level is never below that at word level', () => {
    for (const variant of ['weights', 'activations', 'both'] as const) {
      expect(report.reductions.bit[variant]).toBeGreaterThanOrEqual(report.reductions.word[variant]);
    }
  });
});

describe('measured over samples', () => {
  it('the multi-level binary network with the same levels has the reduction 1 in every sense', async () => {
    const graph = graphOf({ method: 'rebnet' } as never, { method: 'rebnet', levels: 3 });
    const valid = { ...graph, nodes: graph.nodes.map((node) => ({ ...node })) };
    const report = await measureSparsity(tf, valid, samples(4), () => Promise.resolve());
    expect(report.reductions.word.weights).toBe(1);
    expect(report.reductions.bit.weights).toBe(1);
    expect(report.layers.map(({ activations }) => activations?.zeroWords ?? 0)).toEqual([0, 0, 0, 0]);
    // Only the taps that lie in padding are skipped.
    const dense = report.layers.find(({ id }) => id === 'out');
    expect(dense?.bit.both).toBe(dense?.bit.dense);
  });

  it('a tap in the padding is skipped where it adds nothing, and is an operation where it reads −1', async () => {
    for (const [padValue, skipped] of [
      ['zero', true],
      ['minus-one', false],
    ] as const) {
      const layers = NETWORK.map((layer) =>
        ['conv2', 'depth'].includes(layer.id) ? { ...layer, padValue } : layer,
      );
      const model = resolved(layers, rules('bnn', 'bnn'));
      const graph = buildTrainedGraph(model, livelyValues(model, 4), { zero: [128], scale: 1 / 128 });
      const report = await measureSparsity(tf, graph, samples(2), () => Promise.resolve());
      for (const layer of report.layers.filter(({ id }) => ['conv2', 'depth'].includes(id))) {
        for (const { both, dense } of [layer.word, layer.bit]) expect(both < dense).toBe(skipped);
      }
    }
  });

  it('is the mean over all samples, whatever the batches are', async () => {
    const report = await measureSparsity(tf, graphOf(), samples(45), () => Promise.resolve());
    expect(report.samples).toBe(45);
    const first = await measureSparsity(tf, graphOf(), samples(20), () => Promise.resolve());
    const rest = await measureSparsity(tf, graphOf(), samples(45).slice(20), () => Promise.resolve());
    expect(report.bit.both).toBeCloseTo((20 * first.bit.both + 25 * rest.bit.both) / 45, 6);
    for (const { activations } of report.layers.slice(1)) {
      expect(activations?.zeroWords).toBeGreaterThan(0);
      expect(activations?.zeroWords).toBeLessThan(1);
    }
  });

  it('a full-precision network has only the word sparsity of its mask', async () => {
    const model = resolved(LENET, FLOAT);
    const values = livelyValues(model, 1);
    values['conv2/mask'] = (values['conv2/kernel'] ?? new Float32Array()).map((_, i) =>
      i % 4 === 0 ? 1 : 0,
    );
    const graph = buildTrainedGraph(model, values, { zero: [0], scale: 1 });
    const report = await measureSparsity(tf, graph, samples(1), () => Promise.resolve());
    expect(report.layers.find(({ id }) => id === 'conv2')?.weights.zeroWords).toBe(0.75);
    expect(report.layers.find(({ id }) => id === 'conv2')?.word).toMatchObject({
      dense: 768,
      weights: 192,
      both: 192,
    });
    expect(report.reductions.bit).toEqual(report.reductions.word);
  });
});
