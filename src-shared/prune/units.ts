import type { WeightShape } from '../quant/types.ts';
import type { Pruning } from './config.ts';

/**
 * How the weights of a kernel fall into units that are masked as one. Every kernel is seen as
 * [positions, inputs, filters], row-major: conv2d [kh·kw, cin, cout], dense [1, inputs, units], depthwise
 * [kh·kw, 1, channels]. A unit is `unitInputs` neighbouring input channels of one filter with all their positions; the
 * last one of a filter may have fewer.
 */
export interface Units {
  positions: number;
  inputs: number;
  filters: number;
  /** Input channels of a unit. */
  unitInputs: number;
  /** Units of one filter. */
  perFilter: number;
  /** Units of the kernel; the number of a unit is (unit within the filter) · filters + filter. */
  count: number;
}

export function structuredUnits(
  shape: WeightShape,
  { granularity, groupChannels }: Pick<Pruning, 'granularity' | 'groupChannels'>,
): Units {
  const last = shape.shape.length - 1;
  const inputs = shape.filterAxis === last ? (shape.shape[last - 1] ?? 1) : 1;
  const unitInputs = granularity === 'channel' ? inputs : Math.min(groupChannels, inputs);
  const perFilter = Math.ceil(inputs / unitInputs);
  return {
    positions: shape.fanIn / inputs,
    inputs,
    filters: shape.filters,
    unitInputs,
    perFilter,
    count: perFilter * shape.filters,
  };
}

/** The unit that element `i` of the kernel belongs to. */
export function unitOf({ inputs, filters, unitInputs }: Units, i: number): number {
  const filter = i % filters;
  const input = Math.floor(i / filters) % inputs;
  return Math.floor(input / unitInputs) * filters + filter;
}

/** Number of weights of each unit, and the sum of their squares. */
export function unitSums(kernel: Float32Array, units: Units): { sizes: Float64Array; squares: Float64Array } {
  const sizes = new Float64Array(units.count);
  const squares = new Float64Array(units.count);
  for (let i = 0; i < kernel.length; i++) {
    const unit = unitOf(units, i);
    const w = kernel[i] ?? 0;
    sizes[unit] = (sizes[unit] ?? 0) + 1;
    squares[unit] = (squares[unit] ?? 0) + w * w;
  }
  return { sizes, squares };
}
