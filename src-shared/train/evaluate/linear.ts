import type { Tensor, Tensor2D, Tensor4D } from '../../base/tensorflow.ts';
import { linearParts } from '../../export/arithmetic/linear-parts.ts';
import type { TrainedNode } from '../../export/trained-graph.ts';
import { dilateKernel } from '../../model/layers/dilate.ts';
import { framed } from '../../model/layers/pad-value.ts';
import type { IntegerValue, TensorTerm } from './integers.ts';
import { tensorPadding } from './pooling.ts';
import type { TensorProgram } from './program.ts';

type Linear = Extract<TrainedNode, { weights: unknown }>;

/** A layer over codes: one convolution of integers for each pair of a weight level and a term of the input. */
export function integerLinear(program: TensorProgram, node: Linear, input: IntegerValue): IntegerValue {
  const { operation, weights, filters } = prepare(program, node);
  const terms = linearParts(node.weights.levels, filters, input).flatMap((part): TensorTerm[] => {
    const source = input.terms[part.term];
    if (!source) return [];
    const codes = weights(Float32Array.from(part.codes));
    const name = program.operation((get) => operation(get(source.name), codes));
    return [{ name, scale: part.scale, limits: part.limits }];
  });
  return { terms, steps: node.bias ? [{ kind: 'bias', values: node.bias }] : [], codes: false };
}

/** A layer over real numbers, or with real weights: Σ_level scale · op(x, codes) + bias. */
export function realLinear(program: TensorProgram, node: Linear, input: string): string {
  const { tf } = program;
  const { operation, weights } = prepare(program, node);
  const bias = node.bias ? program.constant(node.bias) : null;
  const { float, levels } = node.weights;
  const parts = float
    ? [{ codes: weights(float), scale: null }]
    : levels.map(({ codes, scale }) => ({
        codes: weights(Float32Array.from(codes)),
        scale: program.constant(scale),
      }));
  return program.operation((get) => {
    const x = get(input);
    const terms = parts.map(({ codes, scale }): Tensor => {
      const sum = operation(x, codes);
      return scale ? tf.mul(sum, scale) : sum;
    });
    const total = terms.reduce((sum, term) => tf.add(sum, term));
    return bias ? tf.add(total, bias) : total;
  });
}

interface Prepared {
  operation(x: Tensor, weights: Tensor): Tensor;
  /** Plain weights as a constant of the operation's shape. */
  weights(values: Float32Array): Tensor;
  filters: number;
}

function prepare(program: TensorProgram, node: Linear): Prepared {
  const { tf } = program;
  const filters = node.shape.at(-1) ?? 1;
  const count = node.weights.float?.length ?? node.weights.levels[0]?.codes.length ?? 0;
  if (node.kind === 'dense') {
    const inputs = count / filters;
    return {
      filters,
      weights: (values) => program.constant(values, [inputs, filters]),
      operation: (x, w) => tf.matMul(tf.reshape(x, [x.shape[0] ?? 1, inputs]), w as Tensor2D),
    };
  }
  const [height, width] = node.kernel;
  const strides: [number, number] = [...node.strides];
  const { outside } = node;
  const frame = (x: Tensor) => (outside ? framed(tf, x, node.padding, outside) : x) as Tensor4D;
  const padding = outside ? 'valid' : tensorPadding(node.padding);
  // A dilated kernel is one with zeros between its taps: so strides and dilation go together on every back end.
  const kernel = (shape: number[]) => (values: Float32Array) =>
    program.computed(() => dilateKernel(tf, tf.tensor(values, shape, 'float32'), node.dilation));
  if (node.kind === 'depthwise-conv2d') {
    return {
      filters,
      weights: kernel([height, width, filters, 1]),
      operation: (x, w) => tf.depthwiseConv2d(frame(x), w as Tensor4D, strides, padding),
    };
  }
  return {
    filters,
    weights: kernel([height, width, count / (height * width * filters), filters]),
    operation: (x, w) => tf.conv2d(frame(x), w as Tensor4D, strides, padding),
  };
}
