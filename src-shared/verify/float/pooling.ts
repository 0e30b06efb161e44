import { mapShape } from '../../export/ir/graph.ts';
import type { TrainedPool } from '../../export/trained-graph.ts';

/** Largest, or mean, of the elements under each window; of real numbers, [height, width, channels]. */
export function floatPool(node: TrainedPool, input: Float32Array, shape: readonly number[]): Float32Array {
  const [height, width, channels] = mapShape(shape);
  const [rows, columns] = mapShape(node.shape);
  const { size, strides, padding } = node;
  const result = new Float32Array(rows * columns * channels);
  const largest = node.kind === 'max-pool';
  for (let oy = 0; oy < rows; oy++) {
    for (let ox = 0; ox < columns; ox++) {
      for (let c = 0; c < channels; c++) {
        let value = largest ? -Infinity : 0;
        let count = 0;
        for (let ky = 0; ky < size[0]; ky++) {
          const y = oy * strides[0] + ky - padding.top;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < size[1]; kx++) {
            const x = ox * strides[1] + kx - padding.left;
            if (x < 0 || x >= width) continue;
            const element = input[(y * width + x) * channels + c]!;
            value = largest ? Math.max(value, element) : value + element;
            count++;
          }
        }
        const elements = node.countPadding ? size[0] * size[1] : count;
        result[(oy * columns + ox) * channels + c] = largest ? value : Math.fround(value) / elements;
      }
    }
  }
  return result;
}

/** The mean of every channel over all pixels. */
export function floatGlobalPool(input: Float32Array, shape: readonly number[]): Float32Array {
  const [height, width, channels] = mapShape(shape);
  const sums = new Float64Array(channels);
  for (let i = 0; i < input.length; i++) sums[i % channels] = sums[i % channels]! + input[i]!;
  return Float32Array.from(sums, (sum) => Math.fround(sum) / (height * width));
}
