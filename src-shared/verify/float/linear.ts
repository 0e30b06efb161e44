import { mapShape } from '../../export/ir/graph.ts';
import type { TrainedNode } from '../../export/trained-graph.ts';

type Linear = Extract<TrainedNode, { weights: unknown }>;

/**
 * Σ_level scale · op(x, codes) + bias over real numbers, [height, width, channels]. Sums are taken in double precision and
 * rounded once to float32; every other operation is rounded as the trainer rounds it.
 */
export function* floatLinear(
  node: Linear,
  input: Float32Array,
  shape: readonly number[],
): Generator<void, Float32Array> {
  const filters = node.kind === 'dense' ? (node.shape.at(-1) ?? 1) : mapShape(node.shape)[2];
  const { float, levels } = node.weights;
  const parts = float ? [{ codes: float, scale: null }] : levels;
  let total: Float32Array | null = null;
  for (const { codes, scale } of parts) {
    const sums: Float32Array = yield* sumsOf(node, codes, filters, input, shape);
    if (scale) {
      const one = scale.length === 1 ? scale[0] : undefined;
      for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! * (one ?? scale[i % filters]!);
    }
    if (total === null) total = sums;
    else for (let i = 0; i < sums.length; i++) total[i] = total[i]! + sums[i]!;
  }
  const result = total ?? new Float32Array(0);
  const { bias } = node;
  if (bias) for (let i = 0; i < result.length; i++) result[i] = result[i]! + bias[i % filters]!;
  return result;
}

function* sumsOf(
  node: Linear,
  codes: Int8Array | Float32Array,
  filters: number,
  input: Float32Array,
  shape: readonly number[],
): Generator<void, Float32Array> {
  if (node.kind === 'dense') {
    const sums = new Float64Array(filters);
    for (let tap = 0; tap < input.length; tap++) {
      const x = input[tap]!;
      if (x === 0) continue;
      for (let f = 0; f < filters; f++) sums[f] = sums[f]! + x * codes[tap * filters + f]!;
    }
    return Float32Array.from(sums);
  }
  const { kernel, strides, dilation, padding, outside = 0 } = node;
  const [height, width, channels] = mapShape(shape);
  const [rows, columns] = mapShape(node.shape);
  const depthwise = node.kind === 'depthwise-conv2d';
  const result = new Float32Array(rows * columns * filters);
  const sums = new Float64Array(filters);
  for (let oy = 0; oy < rows; oy++) {
    for (let ox = 0; ox < columns; ox++) {
      sums.fill(0);
      for (let ky = 0; ky < kernel[0]; ky++) {
        const y = oy * strides[0] + ky * dilation[0] - padding.top;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const x = ox * strides[1] + kx * dilation[1] - padding.left;
          const inside = y >= 0 && y < height && x >= 0 && x < width;
          if (!inside && outside === 0) continue;
          const pixel = (y * width + x) * channels;
          const tap = ky * kernel[1] + kx;
          if (depthwise) {
            for (let f = 0; f < filters; f++) {
              sums[f] = sums[f]! + (inside ? input[pixel + f]! : outside) * codes[tap * filters + f]!;
            }
            continue;
          }
          for (let c = 0; c < channels; c++) {
            const value = inside ? input[pixel + c]! : outside;
            if (value === 0) continue;
            const at = (tap * channels + c) * filters;
            for (let f = 0; f < filters; f++) sums[f] = sums[f]! + value * codes[at + f]!;
          }
        }
      }
      result.set(sums, (oy * columns + ox) * filters);
    }
    yield;
  }
  return result;
}
