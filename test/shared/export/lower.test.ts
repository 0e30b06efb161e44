import { describe, expect, it } from 'vitest';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { argMax, interpretAll } from '#shared/verify/interpret.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';
import { interpretNaively } from '#test/support/naive-interpreter.ts';
import { evaluateTrained, unroundedOf, type TrainedValue } from '#test/support/training-arithmetic.ts';

const SEEDS = Array.from({ length: 250 }, (_, seed) => seed);

describe('lowering random networks', () => {
  it('gives at every activation the codes of the training arithmetic, and logits within the documented error', () => {
    let compared = 0;
    for (const seed of SEEDS) {
      const trained = randomTrainedGraph(seed);
      const integer = lower(trained);
      for (const sample of samplesFor(trained, 5, seed)) {
        const real = evaluateTrained(trained, sample);
        const { values, logits } = interpretAll(integer, sample);
        for (const node of trained.nodes) {
          if (node.kind === 'activation') compared += expectCodes(`seed ${seed}`, node.id, real, values);
        }
        const output = real.get(trained.output);
        expectLogits(`seed ${seed}`, integer, logits, output ? unroundedOf(output) : []);
      }
    }
    expect(compared).toBeGreaterThan(1000);
  });

  it('means the same to the naive interpreter, in every node', () => {
    for (const seed of SEEDS.slice(0, 120)) {
      const trained = randomTrainedGraph(seed);
      const integer = lower(trained);
      for (const sample of samplesFor(trained, 5, seed)) {
        const naive = interpretNaively(integer, sample);
        const { values, logits } = interpretAll(integer, sample);
        for (const [id, value] of values)
          expect([...value], `seed ${seed}, ${id}`).toEqual(naive.get(id)?.map((v) => v + 0));
        expect(argMax(logits)).toBe(argMax(naive.get(integer.output) ?? []));
      }
    }
  });

  it('keeps every value within its proven range', () => {
    for (const seed of SEEDS) {
      const trained = randomTrainedGraph(seed);
      const integer = lower(trained);
      for (const sample of samplesFor(trained, 5, seed)) {
        const { values } = interpretAll(integer, sample);
        for (const node of integer.nodes) {
          for (const value of values.get(node.id) ?? []) {
            if (value < node.range.low || value > node.range.high) {
              throw new Error(
                `seed ${seed}: ${node.id} is ${value}, outside [${node.range.low}, ${node.range.high}]`,
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
): number {
  const { terms = [], ranks } = real.get(id) ?? {};
  const expected = new Map([[id, ranks?.values ?? terms[0]?.integers]]);
  if (ranks) terms.forEach(({ integers }, t) => expected.set(`${id}.term${t}`, integers));
  let compared = 0;
  for (const [node, integers] of expected) {
    // A term that nobody reads has no node.
    if (node !== id && !values.has(node)) continue;
    expect([...(values.get(node) ?? [])], `${name}, ${node}`).toEqual(integers);
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
