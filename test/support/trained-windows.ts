import type { TrainedNode } from '#shared/export/trained-graph.ts';

interface PoolWindow {
  size: readonly [number, number];
  strides: readonly [number, number];
  shape: readonly number[];
  padding: { top: number; left: number };
}

/** The elements under each window that lie inside the map, by output element. */
export function poolWindows(node: PoolWindow, shape: readonly number[], x: readonly number[]): number[][] {
  const [height = 1, width = 1, channels = 1] = shape;
  const [rows = 1, columns = 1] = node.shape;
  const out: number[][] = [];
  for (let oy = 0; oy < rows; oy++)
    for (let ox = 0; ox < columns; ox++)
      for (let c = 0; c < channels; c++) {
        const window: number[] = [];
        for (let ky = 0; ky < node.size[0]; ky++)
          for (let kx = 0; kx < node.size[1]; kx++) {
            const y = oy * node.strides[0] + ky - node.padding.top;
            const column = ox * node.strides[1] + kx - node.padding.left;
            if (y < 0 || y >= height || column < 0 || column >= width) continue;
            window.push(x[(y * width + column) * channels + c] ?? NaN);
          }
        out.push(window);
      }
  return out;
}

type Linear = Extract<TrainedNode, { weights: unknown }>;

/** Calls back with the index of the weight (trained order) and of the input element under it, or the padding's code. */
export function forEachTap(
  node: Linear,
  shape: readonly number[],
  pixel: number,
  filter: number,
  visit: (weight: number, under: { at: number } | { code: number }) => void,
): void {
  const filters = node.shape.at(-1) ?? 1;
  if (node.kind === 'dense') {
    const inputs = shape.reduce((product, length) => product * length, 1);
    for (let i = 0; i < inputs; i++) visit(i * filters + filter, { at: i });
    return;
  }
  const [height = 1, width = 1, channels = 1] = shape;
  const columns = node.shape[1] ?? 1;
  const seen = node.kind === 'conv2d' ? channels : 1;
  for (let ky = 0; ky < node.kernel[0]; ky++)
    for (let kx = 0; kx < node.kernel[1]; kx++) {
      const y = Math.floor(pixel / columns) * node.strides[0] - node.padding.top + ky * node.dilation[0];
      const x = (pixel % columns) * node.strides[1] - node.padding.left + kx * node.dilation[1];
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      for (let c = 0; c < seen; c++) {
        const channel = node.kind === 'conv2d' ? c : filter;
        const weight = ((ky * node.kernel[1] + kx) * seen + c) * filters + filter;
        if (inside) visit(weight, { at: (y * width + x) * channels + channel });
        else visit(weight, { code: node.outside ?? 0 });
      }
    }
}
