import { describe, expect, it } from 'vitest';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { lower, lowerWithFacts, type LoweringFacts } from '#shared/export/passes/lower.ts';
import { argMax, interpretAll } from '#shared/verify/interpret.ts';
import { builtGraph } from '#test/support/graph-text.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';
import { interpretNaively } from '#test/support/naive-interpreter.ts';
import { evaluateTrained, unroundedOf, type TrainedValue } from '#test/support/training-arithmetic.ts';

const NETWORKS = [
  ...Array.from({ length: 250 }, (_, seed) => ({
    seed,
    title: `seed ${seed}`,
    trained: randomTrainedGraph(seed),
  })),
  // Most of their convolutions pad with −1.
  ...Array.from({ length: 60 }, (_, seed) => ({
    seed,
    title: `signs, seed ${seed}`,
    trained: randomTrainedGraph(seed, 'signs'),
  })),
];

describe('lowering random networks', () => {
  it('gives at every activation the codes of the training arithmetic, and logits within the documented error', () => {
    let compared = 0;
    for (const { seed, title, trained } of NETWORKS) {
      const { graph: integer, ...facts } = lowerWithFacts(trained);
      // Its sums still hold the constants that dead channels added, and so does the error of the logits.
      const whole = builtGraph(trained);
      for (const sample of samplesFor(trained, 5, seed)) {
        const real = evaluateTrained(trained, sample);
        const { values, logits } = interpretAll(integer, sample);
        for (const node of trained.nodes) {
          if (node.kind !== 'activation') continue;
          compared += expectCodes(title, node.id, real, values, facts);
        }
        const output = real.get(trained.output);
        expectLogits(title, whole, logits, output ? unroundedOf(output) : []);
      }
    }
    expect(compared).toBeGreaterThan(1000);
    const outside = NETWORKS.flatMap(({ trained }) => trained.nodes.filter((node) => 'outside' in node));
    expect(outside.length).toBeGreaterThan(20);
  });

  it('means the same to the naive interpreter, in every node', () => {
    for (const { seed, title, trained } of [...NETWORKS.slice(0, 120), ...NETWORKS.slice(250)]) {
      const integer = lower(trained);
      for (const sample of samplesFor(trained, 5, seed)) {
        const naive = interpretNaively(integer, sample);
        const { values, logits } = interpretAll(integer, sample);
        for (const [id, value] of values)
          expect([...value], `${title}, ${id}`).toEqual(naive.get(id)?.map((v) => v + 0));
        expect(argMax(logits)).toBe(argMax(naive.get(integer.output) ?? []));
      }
    }
  });

  it('keeps every value within its proven range', () => {
    for (const { seed, title, trained } of NETWORKS) {
      const integer = lower(trained);
      for (const sample of samplesFor(trained, 5, seed)) {
        const { values } = interpretAll(integer, sample);
        for (const node of integer.nodes) {
          for (const value of values.get(node.id) ?? []) {
            if (value < node.range.low || value > node.range.high) {
              throw new Error(
                `${title}: ${node.id} is ${value}, outside [${node.range.low}, ${node.range.high}]`,
              );
            }
          }
        }
      }
    }
  });
});

function expectCodes(
  name: string,
  id: string,
  real: ReadonlyMap<string, TrainedValue>,
  values: ReadonlyMap<string, Int32Array>,
  { deadChannels: { removed, dropped }, turned }: LoweringFacts,
): number {
  const { terms = [], ranks } = real.get(id) ?? {};
  const expected = new Map([[id, ranks?.values ?? terms[0]?.integers]]);
  if (ranks) terms.forEach(({ integers }, t) => expected.set(`${id}.term${t}`, integers));
  let compared = 0;
  for (const [node, integers] of expected) {
    // A term that nobody reads has no node, nor has a value that is a constant to all who read it.
    if ((node !== id && !values.has(node)) || dropped.includes(node)) continue;
    const { before = 1, kept = [0] } = removed.find((fact) => fact.node === node) ?? {};
    const signs = turned.find((fact) => fact.node === node) ?? { channels: [] as number[], of: 1 };
    const alive = integers
      ?.map((integer, i) => (signs.channels.includes(i % signs.of) ? 0 - integer : integer))
      .filter((_, i) => kept.includes(i % before));
    expect([...(values.get(node) ?? [])], `${name}, ${node}`).toEqual(alive);
    compared++;
  }
  return compared;
}

function expectLogits(
  name: string,
  integer: IntegerGraph,
  logits: Int32Array,
  real: readonly number[],
): void {
  const affine = integer.nodes.at(-1);
  if (affine?.kind !== 'affine') throw new Error('the last node is the affine one');
  const unit = 2 ** -affine.exponent;
  // Half a unit for the bias, half for the multiplier of each term's integer, and the test's own rounding.
  const rounding = affine.inputs.reduce((sum, id) => {
    const { low, high } = integer.nodes.find((node) => node.id === id)?.range ?? { low: NaN, high: NaN };
    return sum + Math.max(-low, high) / 2;
  }, 0.5);
  const float = 1e-9 * Math.max(...real.map(Math.abs), 1);
  expect(real.length, name).toBe(logits.length);
  real.forEach((value, index) => {
    const got = (logits[index] ?? NaN) * unit;
    expect(Math.abs(got - value), `${name} class ${index}`).toBeLessThan(rounding * unit + float);
  });
}
