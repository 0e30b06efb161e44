import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { resolveModel, type QuantizationRules, type ResolvedModel } from '#shared/model/resolve.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { networkVariables } from '#shared/model/variables.ts';
import { layerKindOf } from '#shared/model/layers/registry.ts';
import { filterOf } from '#shared/quant/parts/scales.ts';
import { removeChannels, type SmallerNetwork } from '#shared/prune/remove-channels.ts';
import { createEvaluator } from '#shared/train/evaluate.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';
import { DEPTHWISE, FLOAT, LENET, RESIDUAL, livelyValues, resolved, rules } from './networks.ts';

type Values = Record<string, Float32Array>;

beforeAll(() => TEST_BACKENDS[0]?.activate());

/** Masks of whole filters, as pruning makes them. */
function withMasks(model: ResolvedModel, values: Values, closed: Record<string, number[]>): Values {
  const masks = Object.entries(closed).map(([id, filters]) => {
    const layer = model.layers.find(({ spec }) => spec.id === id);
    const shape = layer && layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
    if (!shape) throw new RangeError(`no kernel in ${id}`);
    const kernel = values[`${id}/kernel`] ?? new Float32Array();
    return [
      `${id}/mask`,
      Float32Array.from(kernel, (_, i) => (filters.includes(filterOf(shape, i)) ? 0 : 1)),
    ] as const;
  });
  return { ...values, ...Object.fromEntries(masks) };
}

async function logitsOf(model: ResolvedModel, values: Values): Promise<Float32Array> {
  const [height = 1, width = 1, channels = 1] = model.inputShape;
  const random = new RandomStream(9, 'inputs');
  const pixels = Float32Array.from({ length: 8 * height * width * channels }, () => random.nextNormal());
  const evaluator = createEvaluator(
    tf,
    buildTrainedGraph(model, values, { zero: new Array<number>(channels).fill(0), scale: 1 }),
  );
  const logits = tf.tidy(() => evaluator.logits(tf.tensor(pixels, [8, height, width, channels])));
  const numbers = (await logits.data()) as Float32Array;
  logits.dispose();
  evaluator.dispose();
  return numbers;
}

interface Outcome extends SmallerNetwork {
  after: ResolvedModel;
  difference: number;
}

/** Removes channels and measures the largest change of a logit. */
async function remove(
  layers: unknown[],
  given: QuantizationRules,
  closed: Record<string, number[]>,
  edit?: (values: Values) => void,
): Promise<Outcome> {
  const model = resolved(layers, given);
  const plain = livelyValues(model, 3);
  edit?.(plain);
  const values = withMasks(model, plain, closed);
  const untouched = JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([name, v]) => [name, [...v]])),
  );
  const smaller = removeChannels(model, given, values);
  expect(JSON.stringify(Object.fromEntries(Object.entries(values).map(([name, v]) => [name, [...v]])))).toBe(
    untouched,
  );
  const after = resolveModel(smaller.spec, given);
  for (const { name, shape } of networkVariables(after)) {
    expect(smaller.values[name]).toHaveLength(shape.reduce((product, extent) => product * extent, 1));
  }
  const [before, now] = await Promise.all([logitsOf(model, values), logitsOf(after, smaller.values)]);
  return {
    ...smaller,
    after,
    difference: Math.max(...before.map((logit, i) => Math.abs(logit - (now[i] ?? NaN)))),
  };
}

const channelsOf = ({ after }: Outcome, id: string) =>
  after.layers.find(({ spec }) => spec.id === id)?.shape.at(-1);

describe('a chain of layers', () => {
  const closed = { conv1: [0, 3], conv2: [1, 2, 7], dense1: [0, 4, 5, 9] };

  it('computes the same with fewer filters, through batch norm, pooling, flatten and dense', async () => {
    const outcome = await remove(LENET, FLOAT, closed);
    expect(outcome.layers).toEqual([
      { id: 'conv1', before: 6, after: 4 },
      { id: 'conv2', before: 8, after: 5 },
      { id: 'dense1', before: 10, after: 6 },
    ]);
    expect(outcome.inexact).toEqual([]);
    expect(outcome.left).toBe(0);
    expect(channelsOf(outcome, 'flat')).toBe(2 * 2 * 5);
    expect(outcome.difference).toBeLessThan(2e-5);
  });

  it.each([
    ['bnn', 'gxnor'],
    ['gxnor', 'gxnor'],
    ['ttq', 'bnn'],
    ['lsq', 'tot-net'],
  ])(
    'weights %s, activations %s: the same logits, also of methods without a code 0',
    async (weights, activations) => {
      const outcome = await remove(LENET, rules(weights, activations), closed);
      expect(channelsOf(outcome, 'conv2')).toBe(5);
      expect(outcome.difference).toBeLessThan(2e-4);
    },
  );

  it('puts a lost constant into a new bias where neither bias nor batch norm takes it', async () => {
    const outcome = await remove(LENET, FLOAT, { dense1: [2, 3] });
    expect(outcome.spec.layers.at(-1)).toMatchObject({ id: 'out', bias: true });
    expect([...(outcome.values['out/bias'] ?? [])].some((b) => b !== 0)).toBe(true);
    expect(outcome.difference).toBeLessThan(2e-5);
  });

  it('cuts the variables of a method that has one scale per filter', async () => {
    const outcome = await remove(LENET, rules('bnn-plus', 'gxnor'), closed);
    const variable = networkVariables(outcome.after).find(
      ({ layer, role }) => layer === 'conv2' && role === 'quantizer',
    );
    expect(variable?.shape.reduce((product, extent) => product * extent, 1)).toBe(5);
    expect(outcome.difference).toBeLessThan(2e-4);
  });

  it('statistics over a whole kernel change with the slices that go: TWN is repaired by training, not by removal', async () => {
    const outcome = await remove(LENET, rules('twn', 'gxnor'), closed);
    expect(channelsOf(outcome, 'conv1')).toBe(4);
    expect(outcome.difference).toBeGreaterThan(0);
    expect(outcome.difference).toBeLessThan(10);
  });

  it('a network without masked filters stays as it is', async () => {
    const outcome = await remove(LENET, FLOAT, { conv1: [] });
    expect(outcome.layers).toEqual([]);
    expect(outcome.difference).toBe(0);
  });

  it('one channel stays even where all are masked', async () => {
    const outcome = await remove(LENET, FLOAT, { conv1: [0, 1, 2, 3, 4, 5] });
    expect(channelsOf(outcome, 'conv1')).toBe(1);
    expect(outcome.difference).toBeLessThan(2e-5);
  });
});

describe('depthwise layers', () => {
  it('lose the channel with the layer that feeds them', async () => {
    const outcome = await remove(DEPTHWISE, FLOAT, { point: [1, 4], depth: [1, 4], point2: [0] });
    expect(outcome.layers).toEqual([
      { id: 'point', before: 6, after: 4 },
      { id: 'depth', before: 6, after: 4 },
      { id: 'point2', before: 8, after: 7 },
    ]);
    expect(outcome.inexact).toEqual([]);
    expect(outcome.difference).toBeLessThan(2e-5);
  });

  it('a masked depthwise filter alone frees the channel that feeds it', async () => {
    const outcome = await remove(DEPTHWISE, FLOAT, { depth: [2] });
    expect(channelsOf(outcome, 'point')).toBe(5);
    expect(outcome.difference).toBeLessThan(2e-5);
  });

  it('a constant that runs into padding differs at the borders, and is told', async () => {
    const visible = (values: Values) => values['norm1/beta']?.fill(2);
    const outcome = await remove(DEPTHWISE, FLOAT, { point: [1] }, visible);
    expect(channelsOf(outcome, 'point')).toBe(5);
    expect(outcome.inexact).toEqual(['point2']);
    expect(outcome.difference).toBeGreaterThan(1e-4);
    const silent = await remove(DEPTHWISE, FLOAT, { point: [1] }, (values) => {
      values['norm1/beta']?.fill(-5);
      values['norm1/mean']?.fill(0);
    });
    expect(silent.inexact).toEqual([]);
    expect(silent.difference).toBeLessThan(2e-5);
  });
});

describe('layers with −1 in their padding', () => {
  const signs = rules('bnn', 'bnn');
  const layers = (padValue: string) =>
    [
      ...DEPTHWISE.slice(0, 6),
      { id: 'conv', kind: 'conv2d', filters: 8, kernel: 3 },
      ...DEPTHWISE.slice(7),
    ].map((layer) => (['depth', 'conv'].includes(layer.id) ? { ...layer, padValue } : layer));
  /** The constant behind both activations. */
  const constant = (sign: number) => (values: Values) => {
    for (const name of ['norm1', 'norm2']) {
      values[`${name}/beta`]?.fill(100 * sign);
      values[`${name}/mean`]?.fill(0);
    }
    values['depth/bias']?.fill(0);
  };

  it.each([
    ['minus-one', -1, true],
    ['minus-one', 1, false],
    ['zero', -1, false],
    ['zero', 1, false],
  ])('padded with %s, a constant %i is lost exactly: %s', async (padValue, sign, exact) => {
    const outcome = await remove(layers(padValue), signs, { point: [1, 4] }, constant(sign));
    expect(channelsOf(outcome, 'point')).toBe(4);
    expect(outcome.inexact).toEqual(exact ? [] : ['conv']);
    if (exact) expect(outcome.difference).toBeLessThan(2e-4);
    else expect(outcome.difference).toBeGreaterThan(1e-2);
  });
});

describe('residual adds', () => {
  /** Dead channels give zero behind the activations, so that padding does not see them. */
  const silent = (values: Values) => {
    for (const norm of ['norm0', 'norm1', 'norm2']) {
      values[`${norm}/beta`]?.fill(-1);
      values[`${norm}/mean`]?.fill(0);
    }
  };

  it('lose a channel when every branch agrees', async () => {
    const outcome = await remove(RESIDUAL, FLOAT, { stem: [0, 2], inner: [4], outer: [0, 2] }, silent);
    expect(outcome.layers).toEqual([
      { id: 'stem', before: 6, after: 4 },
      { id: 'inner', before: 5, after: 4 },
      { id: 'outer', before: 6, after: 4 },
    ]);
    expect(outcome.left).toBe(0);
    expect(outcome.inexact).toEqual([]);
    expect(channelsOf(outcome, 'flat')).toBe(4 * 4 * 4);
    expect(outcome.difference).toBeLessThan(2e-5);
  });

  it('keep a channel that only one branch has given up: its weights are zero then', async () => {
    const outcome = await remove(RESIDUAL, FLOAT, { stem: [0, 1], inner: [], outer: [1, 2] }, silent);
    expect(channelsOf(outcome, 'join')).toBe(5);
    expect(outcome.left).toBe(2);
    expect(outcome.difference).toBeLessThan(2e-5);
  });
});

describe('random networks', () => {
  it('compute the same without the filters that are gone', async () => {
    for (let trial = 0; trial < 25; trial++) {
      const random = new RandomStream(trial, 'networks');
      const layers: { id: string; kind: string; [field: string]: unknown }[] = [];
      const closed: Record<string, number[]> = {};
      for (let block = 0; block < 3; block++) {
        const filters = 2 + random.nextBelow(6);
        const dense = block === 2;
        if (dense) layers.push({ id: 'flat', kind: 'flatten' });
        const id = `w${block}`;
        const bias = random.nextBelow(2) === 1;
        layers.push(
          dense
            ? { id, kind: 'dense', units: filters, bias }
            : { id, kind: 'conv2d', filters, kernel: 1 + random.nextBelow(3), padding: 'valid', bias },
        );
        if (!dense && random.nextBelow(2))
          layers.push({
            id: `p${block}`,
            kind: random.nextBelow(2) ? 'max-pool' : 'average-pool',
            size: 2,
            strides: 1,
          });
        if (random.nextBelow(3)) layers.push({ id: `n${block}`, kind: 'batch-norm' });
        layers.push({ id: `a${block}`, kind: 'activation' });
        if (random.nextBelow(2)) layers.push({ id: `d${block}`, kind: 'dropout' });
        closed[id] = Array.from({ length: filters }, (_, f) => f).filter(() => random.nextBelow(3) === 0);
      }
      layers.push({ id: 'out', kind: 'dense', units: 3 });
      const outcome = await remove(layers, FLOAT, closed);
      expect(outcome.inexact).toEqual([]);
      expect(outcome.difference, `trial ${trial}`).toBeLessThan(1e-4);
      for (const [id, filters] of Object.entries(closed)) {
        const before = Number(layers.find((layer) => layer.id === id)?.[id === 'w2' ? 'units' : 'filters']);
        expect(channelsOf(outcome, id)).toBe(Math.max(1, before - filters.length));
      }
    }
  });
});
