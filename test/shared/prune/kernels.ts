import { RandomStream } from '#shared/base/random.ts';
import { parseWith } from '#shared/base/schema.ts';
import { PruningSchema, type Pruning } from '#shared/prune/config.ts';
import type { PrunableLayer } from '#shared/prune/masks.ts';
import type { WeightShape } from '#shared/quant/types.ts';

export function pruning(over: Record<string, unknown> = {}): Pruning {
  return parseWith(PruningSchema, { sparsity: 0.5, ...over }, 'the pruning');
}

export function convShape(kh: number, kw: number, cin: number, cout: number): WeightShape {
  return { shape: [kh, kw, cin, cout], filters: cout, fanIn: kh * kw * cin, filterAxis: 3 };
}

export function denseShape(inputs: number, units: number): WeightShape {
  return { shape: [inputs, units], filters: units, fanIn: inputs, filterAxis: 1 };
}

export function depthwiseShape(kh: number, kw: number, channels: number): WeightShape {
  return { shape: [kh, kw, channels, 1], filters: channels, fanIn: kh * kw, filterAxis: 2 };
}

export function sizeOf({ shape }: WeightShape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function normalKernel(shape: WeightShape, seed: number): Float32Array {
  const random = new RandomStream(seed, 'kernel');
  return Float32Array.from({ length: sizeOf(shape) }, () => random.nextNormal());
}

export function prunable(
  shape: WeightShape,
  kernel: ArrayLike<number>,
  over: Partial<PrunableLayer> = {},
): PrunableLayer {
  return {
    id: 'layer',
    kernel: Float32Array.from(kernel),
    shape,
    mask: new Float32Array(sizeOf(shape)).fill(1),
    sparsity: 0.5,
    ownSparsity: false,
    ...over,
  };
}

export function openCount(mask: ArrayLike<number> | undefined): number {
  return Array.from(mask ?? []).filter((open) => open === 1).length;
}
