import { describe, expect, it } from 'vitest';
import { elementsOf, type IntegerGraph } from '#shared/export/ir/graph.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { patternSamples } from '#shared/verify/patterns.ts';
import { ThresholdHits } from '#shared/verify/threshold-hits.ts';
import { searchAdversarial, type AdversarialSamples } from '#shared/verify/threshold-search.ts';
import { workOf } from '#shared/verify/work.ts';
import { smallNetwork } from '#test/support/firmware.ts';
import { samplesFor } from '#test/support/graphs.ts';

const network = smallNetwork();
const graph = lower(network);

function search(evaluations: number, starts: readonly Uint8Array[] = []): AdversarialSamples {
  const steps = searchAdversarial(graph, starts, evaluations);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

describe('patternSamples', () => {
  const input = { shape: [4, 5, 2], zero: [7, 9] };
  const samples = patternSamples({ input });

  it('are of the input’s size, and all different', () => {
    expect(samples.every((sample) => sample.length === 40)).toBe(true);
    expect(new Set(samples.map((sample) => sample.join())).size).toBe(samples.length);
  });

  it('have the extremes, the zero points, a checkerboard and a single bright pixel', () => {
    const has = (test: (sample: Uint8Array) => boolean) => expect(samples.some(test)).toBe(true);
    has((sample) => sample.every((byte) => byte === 0));
    has((sample) => sample.every((byte) => byte === 255));
    has((sample) => sample.every((byte, i) => byte === input.zero[i % 2]));
    has((sample) =>
      sample.every((byte, i) => byte === ((Math.floor(i / 10) + (Math.floor(i / 2) % 5)) % 2) * 255),
    );
    has(
      (sample) =>
        sample.filter((byte) => byte === 255).length === 2 && sample[38] === 255 && sample[39] === 255,
    );
  });

  it('exist for a vector and for a single element', () => {
    expect(patternSamples({ input: { shape: [3], zero: [0, 0, 0] } })[0]?.length).toBe(3);
    expect(patternSamples({ input: { shape: [1, 1, 1], zero: [0] } })[0]?.length).toBe(1);
  });
});

describe('ThresholdHits', () => {
  /** A threshold node over hand-made sums: two channels, two steps, the second channel falling. */
  const node = {
    kind: 'threshold',
    id: 't',
    inputs: ['s'],
    shape: [1, 3, 2],
    type: 'i8',
    range: { low: -1, high: 1 },
    steps: 2,
    values: Int32Array.of(-2, 5, -3, 4),
    direction: Int8Array.of(1, -1),
    codes: [-1, 0, 1],
  } as const;
  const sums = { id: 's', type: 'i32' };
  const hand = { nodes: [sums, node] } as unknown as IntegerGraph;
  const values = (numbers: number[]) => new Map([['s', Int32Array.from(numbers)]]);

  it('counts each side of a threshold once, with the channel’s direction', () => {
    const hits = new ThresholdHits(hand);
    expect(hits.all).toBe(4);
    // Channel 0: 5 is exact, 4 is one below; channel 1: −4 is exact (direction −1), 3 is exact for −3.
    const inference = values([5, -4, 4, 3, 0, 0]);
    expect(hits.count(inference)).toBe(4);
    expect(hits.hit).toBe(0);
    expect(hits.add(inference)).toBe(4);
    expect(hits.hit).toBe(3);
    expect(hits.add(inference)).toBe(0);
    // One below −2, and one below −3 in the falling channel.
    expect(hits.add(values([-3, 4, 6, 0, 6, 0]))).toBe(2);
    expect(hits.hit).toBe(4);
  });
});

describe('searchAdversarial', () => {
  it('hits more thresholds than the patterns, and says truly how many', () => {
    const few = search(0);
    expect(few.samples.length).toBe(patternSamples(graph).length);
    const more = search(200, samplesFor(network, 3));
    expect(more.samples.length).toBeGreaterThan(few.samples.length);
    expect(more.thresholdsHit).toBeGreaterThan(few.thresholdsHit);
    const thresholds = graph.nodes.filter((node) => node.kind === 'threshold');
    expect(more.thresholds).toBe(thresholds.reduce((sum, { values }) => sum + values.length, 0));
    const hits = new ThresholdHits(graph);
    for (const sample of more.samples) hits.add(interpretAll(graph, sample).values);
    expect(hits.hit).toBe(more.thresholdsHit);
  });

  it('is the same every time, and changes no sample that it is given', () => {
    const starts = samplesFor(network, 6).map((sample) => Buffer.from(sample));
    const before = Buffer.concat(starts);
    const first = search(60, starts);
    expect(Buffer.concat(starts).equals(before)).toBe(true);
    expect(search(60, starts)).toEqual(first);
  });
});

describe('workOf', () => {
  it('counts the products of nonzero weights, and every element', () => {
    const work = (zeros: boolean): number => {
      const nodes = graph.nodes.map((node) =>
        'weights' in node && zeros
          ? { ...node, weights: { ...node.weights, codes: node.weights.codes.map(() => 0) } }
          : node,
      );
      return workOf({ ...graph, nodes });
    };
    const elements = graph.nodes.reduce((sum, node) => sum + elementsOf(node.shape), 14 * 14);
    expect(work(true)).toBe(elements);
    const products = graph.nodes.reduce((sum, node) => {
      if (!('weights' in node)) return sum;
      const nonzeros = node.weights.codes.filter((code) => code !== 0).length;
      return sum + (nonzeros * elementsOf(node.shape)) / node.weights.filters;
    }, 0);
    expect(work(false)).toBeCloseTo(elements + products, 6);
  });
});
