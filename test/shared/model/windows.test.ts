import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import { layerKindOf } from '#shared/model/layers/registry.ts';
import { LayerSpecSchema } from '#shared/model/spec.ts';
import type { ResolvedLayer } from '#shared/model/types.ts';
import { createEvaluator } from '#shared/train/evaluate.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Windows over feature maps with explicit padding, against plain loops over numbers, forward and backward. */

const BATCH = 2;

interface Case {
  fields: Record<string, unknown> & { kind: string };
  shape: [number, number, number];
}
const CASES: Case[] = [
  { fields: { kind: 'conv2d', filters: 4, kernel: 3, strides: 2, padding: 1 }, shape: [6, 7, 3] },
  {
    fields: { kind: 'conv2d', filters: 2, kernel: [5, 2], strides: [1, 3], padding: [2, 1] },
    shape: [5, 8, 2],
  },
  {
    fields: { kind: 'conv2d', filters: 3, kernel: 3, padding: { top: 0, bottom: 2, left: 1, right: 0 } },
    shape: [4, 5, 2],
  },
  { fields: { kind: 'conv2d', filters: 2, kernel: 3, dilation: 2, padding: 2 }, shape: [7, 5, 2] },
  { fields: { kind: 'conv2d', filters: 3, kernel: 1, strides: 2, padding: 0 }, shape: [5, 6, 2] },
  { fields: { kind: 'conv2d', filters: 2, kernel: 7, strides: 2, padding: 3 }, shape: [9, 8, 1] },
  { fields: { kind: 'depthwise-conv2d', kernel: 3, strides: 2, padding: 1 }, shape: [6, 7, 3] },
  {
    fields: { kind: 'depthwise-conv2d', kernel: [3, 2], padding: { top: 2, bottom: 0, left: 0, right: 1 } },
    shape: [5, 4, 2],
  },
  {
    fields: { kind: 'conv2d', filters: 4, kernel: 3, strides: 2, padding: 1, padValue: 'minus-one' },
    shape: [6, 7, 3],
  },
  {
    fields: { kind: 'conv2d', filters: 2, kernel: 3, dilation: 2, padding: [2, 1], padValue: 'minus-one' },
    shape: [6, 5, 2],
  },
  {
    fields: {
      kind: 'depthwise-conv2d',
      kernel: [3, 2],
      padding: { top: 2, bottom: 0, left: 0, right: 1 },
      padValue: 'minus-one',
    },
    shape: [5, 4, 2],
  },
  { fields: { kind: 'max-pool', size: 3, strides: 2, padding: 1 }, shape: [8, 7, 2] },
  { fields: { kind: 'max-pool', size: 2 }, shape: [4, 5, 2] },
  {
    fields: { kind: 'max-pool', size: 3, strides: 2, padding: { top: 0, bottom: 1, left: 0, right: 1 } },
    shape: [6, 6, 2],
  },
  { fields: { kind: 'average-pool', size: 3, strides: 2, padding: 1 }, shape: [6, 7, 2] },
  { fields: { kind: 'average-pool', size: 3, strides: 2, padding: 1, countPadding: true }, shape: [6, 7, 2] },
  {
    fields: {
      kind: 'average-pool',
      size: [2, 3],
      strides: [1, 2],
      padding: { top: 1, bottom: 0, left: 0, right: 2 },
      countPadding: true,
    },
    shape: [3, 4, 3],
  },
  { fields: { kind: 'shortcut-a', filters: 5, strides: 2 }, shape: [5, 7, 3] },
  { fields: { kind: 'shortcut-a', filters: 8, strides: [2, 3], zeros: 'around' }, shape: [6, 6, 3] },
  { fields: { kind: 'shortcut-a', filters: 3, strides: 2 }, shape: [4, 4, 3] },
  { fields: { kind: 'shortcut-a', filters: 4 }, shape: [2, 3, 1] },
];

function resolved({ fields, shape }: Case): ResolvedLayer {
  const spec = LayerSpecSchema.parse({ id: 'layer', ...fields });
  const out = layerKindOf(spec.kind).inferShape(spec, [shape]);
  return { spec, inputs: ['input'], inputShapes: [shape], shape: out, inputBits: 32, outputBits: 32 };
}

function random(count: number, purpose: string): number[] {
  const stream = new RandomStream(3, purpose);
  // Multiples of a step, all different: no two values of a window tie and no small change reorders them.
  return Array.from({ length: count }, (_, value) => ({ value, key: stream.nextUniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => (value - count / 2) / 32);
}

interface Sides {
  top: number;
  left: number;
}

function sidesOf(padding: unknown): Sides {
  if (typeof padding === 'number') return { top: padding, left: padding };
  if (Array.isArray(padding)) return { top: padding[0] as number, left: padding[1] as number };
  return typeof padding === 'object' ? (padding as Sides) : { top: 0, left: 0 };
}

function both(value: unknown, fallback = 1): [number, number] {
  return Array.isArray(value)
    ? (value as [number, number])
    : [Number(value ?? fallback), Number(value ?? fallback)];
}

/** The layer in double precision, one output value at a time. */
function reference({ fields, shape }: Case, out: readonly number[], x: number[], w: number[]): number[] {
  const [height, width, channels] = shape;
  const [rows = 1, columns = 1, filters = 1] = out;
  const [kh, kw] = both(fields.kernel ?? fields.size);
  const [sy, sx] = both(fields.strides ?? fields.size);
  const [dy, dx] = both(fields.dilation);
  const { top, left } = sidesOf(fields.padding);
  const outside = fields.padValue === 'minus-one' ? -1 : 0;
  const y: number[] = [];
  for (let b = 0; b < BATCH; b++)
    for (let oy = 0; oy < rows; oy++)
      for (let ox = 0; ox < columns; ox++)
        for (let f = 0; f < filters; f++) {
          const at = (row: number, column: number, c: number) =>
            row < 0 || row >= height || column < 0 || column >= width
              ? null
              : (x[((b * height + row) * width + column) * channels + c] ?? NaN);
          const taps: { value: number | null; ky: number; kx: number; c: number }[] = [];
          for (let ky = 0; ky < kh; ky++)
            for (let kx = 0; kx < kw; kx++)
              for (let c = 0; c < channels; c++)
                taps.push({ value: at(oy * sy + ky * dy - top, ox * sx + kx * dx - left, c), ky, kx, c });
          const own = taps.filter(({ c }) => c === f).map(({ value }) => value);
          const seen = own.filter((value) => value !== null);
          switch (fields.kind) {
            case 'conv2d':
              y.push(
                taps.reduce(
                  (sum, { value, ky, kx, c }) =>
                    sum + (value ?? outside) * (w[((ky * kw + kx) * channels + c) * filters + f] ?? NaN),
                  0,
                ),
              );
              break;
            case 'depthwise-conv2d':
              y.push(
                taps.reduce(
                  (sum, { value, ky, kx, c }) =>
                    c === f ? sum + (value ?? outside) * (w[(ky * kw + kx) * channels + c] ?? NaN) : sum,
                  0,
                ),
              );
              break;
            case 'max-pool':
              y.push(Math.max(...seen));
              break;
            case 'average-pool':
              y.push(
                seen.reduce((sum, value) => sum + value, 0) /
                  (fields.countPadding ? own.length : seen.length),
              );
              break;
            case 'shortcut-a': {
              const before = fields.zeros === 'around' ? Math.floor((filters - channels) / 2) : 0;
              const c = f - before;
              y.push(c < 0 || c >= channels ? 0 : (at(oy * sy, ox * sx, c) ?? NaN));
            }
          }
        }
  return y;
}

const title = ({ fields, shape }: Case) =>
  `${JSON.stringify(fields).replaceAll('"', '')} on ${shape.join('×')}`;

function size(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function prepare(one: Case) {
  const layer = resolved(one);
  const kind = layerKindOf(layer.spec.kind);
  const kernel = kind.kernel?.(layer.spec, layer.inputShapes)?.shape ?? [1];
  const x = random(BATCH * size(one.shape), 'x');
  const w = random(size(kernel), 'w').map((value) => 4 * value);
  const r = random(BATCH * size(layer.shape), 'r');
  const forward = (input: Tensor, weights: Tensor) =>
    kind.forward(layer, [input], {
      tf,
      variables: {},
      inference: false,
      update: () => undefined,
      quantizedKernel: () => weights,
      quantizedActivation: (value) => value,
    });
  return { layer, kind, kernel, x, w, r, forward };
}

/** d(Σ r · y)/dv by central differences in double precision. */
function slopes(values: number[], objective: () => number): number[] {
  const step = 1 / 256;
  return values.map((value, i) => {
    values[i] = value + step;
    const above = objective();
    values[i] = value - step;
    const below = objective();
    values[i] = value;
    return (above - below) / (2 * step);
  });
}

function expectClose(got: Iterable<number>, wanted: readonly number[], what: string): void {
  [...got].forEach((value, i) =>
    expect(Math.abs(value - (wanted[i] ?? NaN)), `${what} ${i}: ${value}`).toBeLessThan(
      1e-4 * (1 + Math.abs(wanted[i] ?? 0)),
    ),
  );
}

describe.each(TEST_BACKENDS)('windows with explicit padding on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(CASES.map((one) => [title(one), one] as const))('%s', async (_title, one) => {
    const { layer, kernel, x, w, r, forward } = prepare(one);
    const wanted = reference(one, layer.shape, x, w);
    const [y, dx, dw] = tf.tidy(() => {
      const input = tf.tensor(x, [BATCH, ...one.shape]);
      const weights = tf.tensor(w, [...kernel]);
      const weighting = tf.tensor(r, [BATCH, ...layer.shape]);
      const value = forward(input, weights);
      expect(value.shape).toEqual([BATCH, ...layer.shape]);
      const weighted = kernel.length > 1;
      const gradients = weighted
        ? tf.grads((a: Tensor, b: Tensor) => tf.sum(tf.mul(forward(a, b), weighting)))([input, weights])
        : [tf.grad((a: Tensor) => tf.sum(tf.mul(forward(a, weights), weighting)))(input), tf.zeros([1])];
      return [value, ...gradients];
    }) as [Tensor, Tensor, Tensor];
    const objective = () =>
      reference(one, layer.shape, x, w).reduce((sum, value, i) => sum + value * (r[i] ?? NaN), 0);
    expectClose(await y.data(), wanted, 'value');
    expectClose(await dx.data(), slopes(x, objective), 'input gradient');
    if (kernel.length > 1) expectClose(await dw.data(), slopes(w, objective), 'weight gradient');
    tf.dispose([y, dx, dw]);
  });

  it.each(
    CASES.filter(({ fields }) => !fields.kind.includes('conv')).map((one) => [title(one), one] as const),
  )('is evaluated as trained: %s', async (_title, one) => {
    const { layer, kind, x, w } = prepare(one);
    const node = kind.trained(layer, { variables: {} }) as TrainedNode;
    const evaluator = createEvaluator(tf, {
      name: 'one layer',
      // Samples are integers p − zero times the scale; the values drawn above are multiples of 1/32.
      input: { shape: one.shape, zero: Array.from({ length: one.shape[2] }, () => 128), scale: 1 / 32 },
      nodes: [node, { id: 'flat', kind: 'flatten', inputs: [node.id], shape: [size(layer.shape)] }],
      output: 'flat',
      classes: size(layer.shape),
    });
    const y = tf.tidy(() => evaluator.logits(tf.tensor(x, [BATCH, ...one.shape])));
    expectClose(await y.data(), reference(one, layer.shape, x, w), 'value');
    y.dispose();
    evaluator.dispose();
  });
});

describe('windows that cannot be', () => {
  const refuse = (fields: Record<string, unknown>, shape: number[]) => () =>
    layerKindOf(String(fields.kind)).inferShape(LayerSpecSchema.parse({ id: 'layer', ...fields }), [shape]);

  it.each([
    [
      'padding as large as the window',
      { kind: 'max-pool', size: 2, padding: 2 },
      [4, 4, 1],
      /layer "layer" \(max-pool\): its padding must be smaller than its 2×2 window/,
    ],
    [
      'padding as large as a dilated kernel',
      { kind: 'conv2d', filters: 1, kernel: 3, dilation: 2, padding: [5, 0] },
      [9, 9, 1],
      /smaller than its 5×5 kernel/,
    ],
    [
      'a kernel that does not fit even with its padding',
      { kind: 'conv2d', filters: 1, kernel: 7, padding: 1 },
      [3, 9, 1],
      /a 7×7 kernel does not fit into its 3×9 input/,
    ],
    [
      'a shortcut that would remove channels',
      { kind: 'shortcut-a', filters: 2 },
      [3, 3, 4],
      /"filters" is 2, its input has 4 channels/,
    ],
  ] as const)('%s', (_title, fields, shape, message) => {
    expect(refuse(fields, [...shape])).toThrow(message);
  });

  it('refuses negative padding and an unknown word', () => {
    for (const padding of [-1, 'full', [1], { top: 1 }]) {
      expect(LayerSpecSchema.safeParse({ id: 'p', kind: 'max-pool', padding }).success).toBe(false);
    }
  });
});
