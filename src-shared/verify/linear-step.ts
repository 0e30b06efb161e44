import { mapShape, type Border, type LinearNode } from '../export/ir/graph.ts';
import { fillPairs, pairsFit, sumPairs, windowPairs } from './window-pairs.ts';

/**
 * A linear node as a step. The input is copied into a frame of zeros (padding contributes nothing) or of `outside`, and
 * every filter becomes a list of offsets under the window: those of +1, those of −1, and those of larger codes with their factor.
 * Four windows share each walk of the lists, or four pairs of them where the sums fit 16 bits.
 */
export function linearStep(
  node: LinearNode,
  shape: readonly number[],
  source: Int32Array,
  target: Int32Array,
): () => void {
  const plan = node.kind === 'dense' ? densePlan(source.length) : convPlan(node, shape);
  const { framed, copy } = frame(plan, source);
  const lists = Array.from({ length: node.weights.filters }, (_, filter) => listsOf(node, plan, filter));
  const windows = plan.windows;
  const filters = node.weights.filters;
  const pairs = windowPairs(windows, node.kind === 'dense' ? 1 : mapShape(node.shape)[1], framed.length);
  const reach = largestReach(node);
  return () => {
    copy();
    if (pairs && pairsFit(framed, reach)) {
      fillPairs(pairs, framed);
      for (let filter = 0; filter < filters; filter++) {
        sumPairs(pairs, lists[filter]!, target, filter, filters);
      }
      return;
    }
    for (let filter = 0; filter < filters; filter++) {
      sumWindows(framed, windows, lists[filter]!, target, filter, filters);
    }
  };
}

interface Plan {
  height: number;
  width: number;
  channels: number;
  padding: Border;
  outside: number;
  /** Offset of each window's first element in the frame. */
  windows: Int32Array;
  /** Offset under the window of each tap, for filter 0; filter f adds f · filterStep. */
  offsets: Int32Array;
  filterStep: number;
}

function densePlan(length: number): Plan {
  return {
    height: 1,
    width: 1,
    channels: length,
    padding: { top: 0, left: 0, bottom: 0, right: 0 },
    outside: 0,
    windows: new Int32Array(1),
    offsets: Int32Array.from({ length }, (_, i) => i),
    filterStep: 0,
  };
}

function convPlan(node: Extract<LinearNode, { kernel: unknown }>, shape: readonly number[]): Plan {
  const [height, width, channels] = mapShape(shape);
  const [outHeight, outWidth] = mapShape(node.shape);
  const { top, left, bottom, right } = node.padding;
  const row = (width + left + right) * channels;
  const windows = Int32Array.from(
    { length: outHeight * outWidth },
    (_, i) => Math.floor(i / outWidth) * node.strides[0] * row + (i % outWidth) * node.strides[1] * channels,
  );
  const seen = node.kind === 'conv2d' ? channels : 1;
  const offsets = Int32Array.from({ length: node.weights.taps }, (_, tap) => {
    const pixel = Math.floor(tap / seen);
    const ky = Math.floor(pixel / node.kernel[1]);
    const kx = pixel % node.kernel[1];
    return ky * node.dilation[0] * row + kx * node.dilation[1] * channels + (tap % seen);
  });
  const padding = { top, left, bottom, right };
  const filterStep = node.kind === 'conv2d' ? 0 : 1;
  return { height, width, channels, padding, outside: node.outside ?? 0, windows, offsets, filterStep };
}

function frame(plan: Plan, source: Int32Array): { framed: Int32Array; copy: () => void } {
  const { top, left, bottom, right } = plan.padding;
  if (top + left + bottom + right === 0) return { framed: source, copy: () => undefined };
  const width = plan.width + left + right;
  const framed = new Int32Array((plan.height + top + bottom) * width * plan.channels).fill(plan.outside);
  const row = plan.width * plan.channels;
  const copy = () => {
    for (let y = 0; y < plan.height; y++) {
      framed.set(source.subarray(y * row, (y + 1) * row), ((y + top) * width + left) * plan.channels);
    }
  };
  return { framed, copy };
}

export interface Lists {
  /** Offsets of +1, then of −1, then of the others. */
  offsets: Int32Array;
  plus: number;
  minus: number;
  factors: Int32Array;
}

/** The largest Σ |w| of a filter. */
function largestReach({ weights: { filters, taps, codes } }: LinearNode): number {
  let largest = 0;
  for (let filter = 0; filter < filters; filter++) {
    let sum = 0;
    for (let i = filter * taps; i < (filter + 1) * taps; i++) sum += Math.abs(codes[i]!);
    largest = Math.max(largest, sum);
  }
  return largest;
}

function listsOf(node: LinearNode, plan: Plan, filter: number): Lists {
  const { taps } = node.weights;
  const codes = node.weights.codes.subarray(filter * taps, (filter + 1) * taps);
  const pick = (test: (code: number) => boolean) =>
    Array.from(codes.keys()).filter((tap) => test(codes[tap]!));
  const plus = pick((code) => code === 1);
  const minus = pick((code) => code === -1);
  const others = pick((code) => Math.abs(code) > 1);
  const offsetOf = (tap: number) => plan.offsets[tap]! + filter * plan.filterStep;
  return {
    offsets: Int32Array.from([...plus, ...minus, ...others], offsetOf),
    plus: plus.length,
    minus: plus.length + minus.length,
    factors: Int32Array.from(others, (tap) => codes[tap]!),
  };
}

/** target[window · filters + filter] for all windows of one filter. */
function sumWindows(
  x: Int32Array,
  windows: Int32Array,
  { offsets, plus, minus, factors }: Lists,
  target: Int32Array,
  filter: number,
  filters: number,
): void {
  const count = windows.length;
  const all = offsets.length;
  let window = 0;
  for (; window + 4 <= count; window += 4) {
    const w0 = windows[window]!;
    const w1 = windows[window + 1]!;
    const w2 = windows[window + 2]!;
    const w3 = windows[window + 3]!;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let i = 0;
    for (; i < plus; i++) {
      const at = offsets[i]!;
      s0 = (s0 + x[w0 + at]!) | 0;
      s1 = (s1 + x[w1 + at]!) | 0;
      s2 = (s2 + x[w2 + at]!) | 0;
      s3 = (s3 + x[w3 + at]!) | 0;
    }
    for (; i < minus; i++) {
      const at = offsets[i]!;
      s0 = (s0 - x[w0 + at]!) | 0;
      s1 = (s1 - x[w1 + at]!) | 0;
      s2 = (s2 - x[w2 + at]!) | 0;
      s3 = (s3 - x[w3 + at]!) | 0;
    }
    for (; i < all; i++) {
      const at = offsets[i]!;
      const factor = factors[i - minus]!;
      s0 = (s0 + factor * x[w0 + at]!) | 0;
      s1 = (s1 + factor * x[w1 + at]!) | 0;
      s2 = (s2 + factor * x[w2 + at]!) | 0;
      s3 = (s3 + factor * x[w3 + at]!) | 0;
    }
    const out = window * filters + filter;
    target[out] = s0;
    target[out + filters] = s1;
    target[out + 2 * filters] = s2;
    target[out + 3 * filters] = s3;
  }
  for (; window < count; window++) {
    const w0 = windows[window]!;
    let sum = 0;
    let i = 0;
    for (; i < plus; i++) sum = (sum + x[w0 + offsets[i]!]!) | 0;
    for (; i < minus; i++) sum = (sum - x[w0 + offsets[i]!]!) | 0;
    for (; i < all; i++) sum = (sum + factors[i - minus]! * x[w0 + offsets[i]!]!) | 0;
    target[window * filters + filter] = sum;
  }
}
