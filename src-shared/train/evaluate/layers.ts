import type { Tensor, Tensor4D } from '../../base/tensorflow.ts';
import { byRank, ranksOf, termsOf } from '../../export/arithmetic/staircase-terms.ts';
import {
  addTerms,
  additionOf,
  padChannels,
  repeatChannels,
  type Value,
} from '../../export/arithmetic/value.ts';
import type { TrainedActivation, TrainedNode, TrainedPool } from '../../export/trained-graph.ts';
import { shortcutTensor } from '../../model/layers/shortcut-a/index.ts';
import { floatActivation } from '../../quant/methods/full-precision/index.ts';
import { combined, realOf, termsOfRanks, type IntegerValue, type TensorTerm } from './integers.ts';
import { integerLinear, realLinear } from './linear.ts';
import { averagePooled, maxPool, maxPooled, tensorPadding } from './pooling.ts';
import type { TensorProgram } from './program.ts';
import { staircaseCodes, steps } from './staircase.ts';

/** What a layer yields: integers with pending arithmetic, or real numbers where a layer computes in floating point. */
export type LayerValue = { integers: IntegerValue } | { real: string };

/**
 * @param shape of the first input, without the batch axis
 * @param poolLimit of a max-pooling (`poolSumLimits`)
 */
export function evaluateLayer(
  program: TensorProgram,
  node: TrainedNode,
  inputs: readonly LayerValue[],
  shape: readonly number[],
  poolLimit: number,
): LayerValue {
  const { tf } = program;
  const [input = { real: 'input' }] = inputs;
  const integers = 'integers' in input ? input.integers : null;
  // Operations that are added while a program is prepared, never while it runs.
  const real = () => asReal(program, input);
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      if (!integers?.codes || node.weights.float) return { real: realLinear(program, node, real()) };
      return { integers: integerLinear(program, node, integers) };
    case 'batch-norm': {
      const { factor, offset } = node;
      if (integers) {
        const { terms, steps: before, offset: constant } = integers;
        const step = { kind: 'batch-norm', factor, offset } as const;
        const pending = { terms, steps: [...before, step], codes: false };
        return { integers: constant ? { ...pending, offset: constant } : pending };
      }
      const [x, f, o] = [real(), program.constant(factor), program.constant(offset)];
      return { real: program.operation((get) => tf.add(tf.mul(get(x), f), o)) };
    }
    case 'max-pool': {
      if (integers) return { integers: maxPooled(program, node, integers, poolLimit) };
      const x = real();
      return { real: program.operation((get) => maxPool(tf, get(x), node)) };
    }
    case 'average-pool':
      // Padded zeros count as codes; among sums with steps pending they would be something else.
      if (integers && (isUnpadded(node) || (node.countPadding && integers.codes))) {
        return { integers: averagePooled(program, node, node.size[0] * node.size[1], integers) };
      }
      return { real: realAverage(program, node, real()) };
    case 'global-average-pool': {
      const [height = 1, width = 1] = shape;
      if (integers) return { integers: averagePooled(program, 'global', height * width, integers) };
      const x = real();
      return { real: program.operation((get) => tf.mean(get(x), [1, 2])) };
    }
    case 'shortcut-a': {
      const { before, after, strides } = node;
      const cut = (name: string) =>
        program.operation((get) => shortcutTensor(tf, get(name), strides, before, after));
      if (!integers) return { real: cut(real()) };
      return { integers: mapTerms(padChannels(integers, before, after), cut) };
    }
    case 'add':
      return added(program, inputs);
    case 'flatten': {
      const flat = (name: string) =>
        program.operation((get) => tf.reshape(get(name), [get(name).shape[0] ?? 1, ...node.shape]));
      if (!integers) return { real: flat(real()) };
      const pixels = shape.slice(0, -1).reduce((product, length) => product * length, 1);
      return { integers: mapTerms(repeatChannels(integers, pixels), flat) };
    }
    case 'activation':
      return activated(program, node, input);
  }
}

export function asReal(program: TensorProgram, value: LayerValue): string {
  return 'real' in value ? value.real : realOf(program, value.integers);
}

function activated(program: TensorProgram, node: TrainedActivation, input: LayerValue): LayerValue {
  const { tf } = program;
  const { staircase, name } = node;
  if (!staircase) {
    const x = asReal(program, input);
    return { real: program.operation((get) => floatActivation(tf, name, get(x))) };
  }
  const y = 'real' in input ? input.real : realOf(program, combined(program, input.integers));
  const channels = node.shape.at(-1) ?? 1;
  const terms = termsOf(staircase);
  const numbers = terms.map(({ scale, codes }) => ({
    scale: new Float64Array(channels).fill(scale),
    limits: new Float64Array(channels).fill(Math.max(...codes.map(Math.abs))),
  }));
  const [first, ...more] = terms;
  if (first && more.length === 0) {
    const single = { thresholds: staircase.thresholds, inclusive: staircase.inclusive, ...first };
    const codes = program.operation((get) => staircaseCodes(tf, single, get(y)));
    const own = numbers.map((term) => ({ ...term, name: codes }));
    return { integers: { terms: own, steps: [], codes: true } };
  }
  const ranks = ranksOf(terms);
  const rank = program.operation((get) => steps(tf, staircase, ranks, get(y)));
  const tables = terms.map(({ codes }) => byRank(codes, ranks));
  return { integers: termsOfRanks(program, rank, tables, numbers) };
}

function added(program: TensorProgram, inputs: readonly LayerValue[]): LayerValue {
  const { tf } = program;
  return inputs.reduce((left, right): LayerValue => {
    if ('real' in left || 'real' in right) {
      const [a, b] = [asReal(program, left), asReal(program, right)];
      return { real: program.operation((get): Tensor => tf.add(get(a), get(b))) };
    }
    const [a, b] = [left.integers, right.integers];
    const [x, y] = [a.terms[0], b.terms[0]];
    if (additionOf(a, b) !== 'integers' || !x || !y) return { integers: addTerms(a, b) };
    const name = program.operation((get): Tensor => tf.add(get(x.name), get(y.name)));
    const limits = x.limits.map((limit, channel) => limit + (y.limits[channel] ?? 0));
    return { integers: { terms: [{ name, scale: x.scale, limits }], steps: [], codes: true } };
  });
}

/** The value with an operation that moves elements around applied to the integers of each term. */
function mapTerms(value: Value<TensorTerm>, move: (name: string) => string): IntegerValue {
  const { offset, steps: pending, codes } = value;
  const terms = value.terms.map(({ name, scale, limits }): TensorTerm => ({
    name: move(name),
    scale,
    limits,
  }));
  return { terms, ...(offset ? { offset } : {}), steps: pending, codes };
}

function realAverage(program: TensorProgram, node: TrainedPool, input: string): string {
  const { tf } = program;
  const padding = tensorPadding(node.padding);
  return program.operation((get) => {
    const x = get(input) as Tensor4D;
    const pool = (from: Tensor4D, sides: typeof padding) =>
      tf.avgPool(from, [...node.size], [...node.strides], sides);
    return node.countPadding && padding !== 'valid' ? pool(tf.pad(x, padding), 'valid') : pool(x, padding);
  });
}

function isUnpadded({ padding }: TrainedPool): boolean {
  return Object.values(padding).every((rows) => rows === 0);
}
