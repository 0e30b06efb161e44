import type { WeightShape } from '../types.ts';
import type { Granularity } from './scales.ts';

/** Shape of a variable with one value per scale group, such that it broadcasts against the kernel. */
export function scaleShape(shape: WeightShape, granularity: Granularity): number[] {
  return shape.shape.map((extent, axis) => (granularity === 'filter' && axis === shape.filterAxis ? extent : 1));
}
