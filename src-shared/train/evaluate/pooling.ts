import type { TF, Tensor, Tensor4D } from '../../base/tensorflow.ts';
import type { Padding } from '../../export/trained-graph.ts';
import { averageOf, directionOf } from '../../export/arithmetic/value.ts';
import { combined, termsOfRanks, type IntegerValue, type TensorTerm } from './integers.ts';
import type { TensorProgram } from './program.ts';

export interface PoolWindow {
  size: readonly [number, number];
  strides: readonly [number, number];
  padding: Padding;
}

/**
 * Max-pooling of the integers; where a larger integer means a smaller real value, the smallest of them.
 *
 * @param limit largest magnitude of the integers where several terms are combined (`poolSumLimits`)
 */
export function maxPooled(
  program: TensorProgram,
  window: PoolWindow,
  value: IntegerValue,
  limit: number,
): IntegerValue {
  const { tf } = program;
  if (value.ranks) {
    const { name, tables } = value.ranks;
    const pooled = program.operation((get) => maxPool(tf, get(name), window));
    return termsOfRanks(program, pooled, tables, value.terms);
  }
  const single = combined(program, value, limit);
  const [term] = single.terms;
  if (!term) throw new RangeError('a value has at least one term');
  const sign = program.factor(Float64Array.from(term.scale, (_, channel) => directionOf(single, channel)));
  const directed = (x: Tensor): Tensor => (sign === null ? x : tf.mul(x, sign));
  const name = program.operation((get) => directed(maxPool(tf, directed(get(term.name)), window)));
  const pooled: TensorTerm = { name, scale: term.scale, limits: term.limits };
  return { ...single, terms: [pooled] };
}

/** Sums over windows, whose value is the average; zeros in the padding count as elements. */
export function averagePooled(
  program: TensorProgram,
  window: PoolWindow | 'global',
  count: number,
  value: IntegerValue,
): IntegerValue {
  const { tf } = program;
  const average = averageOf(value, count);
  const terms = average.terms.map(({ name, scale, limits }): TensorTerm => {
    const sum = program.operation((get) =>
      window === 'global'
        ? tf.sum(get(name), [1, 2])
        : positions(tf, get(name), window).reduce((a, b): Tensor => tf.add(a, b)),
    );
    return { name: sum, scale, limits };
  });
  return { ...average, terms };
}

export function maxPool(tf: TF, x: Tensor, { size, strides, padding }: PoolWindow): Tensor {
  return tf.maxPool(x as Tensor4D, [...size], [...strides], tensorPadding(padding));
}

export function tensorPadding({
  top,
  bottom,
  left,
  right,
}: Padding): 'valid' | [[0, 0], [number, number], [number, number], [0, 0]] {
  if (top + bottom + left + right === 0) return 'valid';
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** The map under each position of a window, as many as a window has elements; zeros lie in the padding. */
function positions(tf: TF, x: Tensor, { size, strides, padding }: PoolWindow): Tensor[] {
  const { top, bottom, left, right } = padding;
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const framed =
    top + bottom + left + right === 0
      ? x
      : tf.pad(x, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ]);
  const rows = Math.floor((height + top + bottom - size[0]) / strides[0]) + 1;
  const columns = Math.floor((width + left + right - size[1]) / strides[1]) + 1;
  return Array.from({ length: size[0] * size[1] }, (_, i): Tensor => {
    const [dy, dx] = [Math.floor(i / size[1]), i % size[1]];
    return tf.stridedSlice(
      framed,
      [0, dy, dx, 0],
      [batch, dy + (rows - 1) * strides[0] + 1, dx + (columns - 1) * strides[1] + 1, channels],
      [1, strides[0], strides[1], 1],
    );
  });
}
