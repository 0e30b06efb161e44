import { filterOf } from '../quant/parts/scales.ts';
import type { DeployedWeights, WeightShape } from '../quant/types.ts';

/**
 * How much each filter gives with its quantized weights: Σ_levels scale · density, which is the mean |w| of its
 * deployed form (of a residual form, an upper bound). A filter whose weights the quantizer has set to zero counts
 * nothing, however large its latent weights are.
 *
 * @param deployed weights of the kernel without its mask, so that masked filters can come back
 */
export function quantizedImportance(deployed: DeployedWeights, shape: WeightShape): Float32Array {
  const sums = new Float64Array(shape.filters);
  const add = (i: number, magnitude: number) => {
    const filter = filterOf(shape, i);
    sums[filter] = (sums[filter] ?? 0) + magnitude;
  };
  deployed.float?.forEach((w, i) => add(i, Math.abs(w)));
  for (const { codes, scale } of deployed.levels) {
    codes.forEach((code, i) =>
      add(i, Math.abs(code * (scale[scale.length === 1 ? 0 : filterOf(shape, i)] ?? 0))),
    );
  }
  return Float32Array.from(sums, (sum) => sum / shape.fanIn);
}
