import { channelsOf, type IntegerGraph, type LinearNode, type ThresholdNode } from '../ir/graph.ts';

/**
 * Σ w · (p − zero) = Σ w · p − Σ w · zero: what each filter's sum over raw bytes begins with, or undefined where all of
 * it is 0. Padding holds p = zero, so the correction is the same at the border.
 */
export function startOf(graph: IntegerGraph, node: LinearNode): Int32Array | undefined {
  const { zero } = graph.input;
  const { filters, taps, codes } = node.weights;
  const start = Int32Array.from({ length: filters }, (_, filter) => {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const channel = node.kind === 'depthwise-conv2d' ? filter : tap;
      sum -= (codes[filter * taps + tap] ?? 0) * (zero[channel % zero.length] ?? 0);
    }
    return sum;
  });
  return start.some((value) => value !== 0) ? start : undefined;
}

/** d · (p − zero) ≥ t is d · p ≥ t + d · zero: thresholds on raw bytes. */
export function shiftThresholds(graph: IntegerGraph, node: ThresholdNode): ThresholdNode {
  const { zero } = graph.input;
  const channels = channelsOf(node.shape);
  const values = node.values.map((value, index) => {
    const channel = Math.floor(index / node.steps) % channels;
    return value + (node.direction[channel] ?? 1) * (zero[channel % zero.length] ?? 0);
  });
  return { ...node, values };
}
