import type { Lists } from './linear-step.ts';

/**
 * Two neighbouring windows in one number: low half the first one's element, high half the second one's, as the plain sum
 * a + 65536 · b. Sums of these are pairs of sums modulo 2³², exact where both sums fit 16 bits, whatever wraps on the
 * way. `fits` decides that from the elements themselves, not from anything that lowering has proven.
 */
export interface WindowPairs {
  /** Offset of each pair's first element in the frame. */
  offsets: Int32Array;
  /** Number of each pair's first window. */
  windows: Int32Array;
  /** Whether it has a second one: the last window of an odd row stands alone. */
  whole: Uint8Array;
  elements: Int32Array;
  /** Elements between the two. */
  step: number;
}

/** @param width windows in a row; undefined where there are no two beside each other */
export function windowPairs(
  windows: Int32Array,
  width: number,
  frameLength: number,
): WindowPairs | undefined {
  if (width < 2) return undefined;
  const rows = windows.length / width;
  const perRow = Math.ceil(width / 2);
  const first = Array.from(
    { length: rows * perRow },
    (_, i) => Math.floor(i / perRow) * width + 2 * (i % perRow),
  );
  return {
    offsets: Int32Array.from(first, (window) => windows[window]!),
    windows: Int32Array.from(first),
    whole: Uint8Array.from(first, (window) => (window % width === width - 1 ? 0 : 1)),
    elements: new Int32Array(frameLength),
    step: windows[1]! - windows[0]!,
  };
}

/**
 * Whether all sums fit: Σ |w| of any filter times the largest |x|.
 *
 * @param reach the largest Σ |w| of a filter
 */
export function pairsFit(framed: Int32Array, reach: number): boolean {
  let largest = 0;
  for (let i = 0; i < framed.length; i++) {
    const value = framed[i]!;
    if (value > largest) largest = value;
    else if (-value > largest) largest = -value;
  }
  return largest * reach <= 32_767;
}

export function fillPairs({ elements, step }: WindowPairs, framed: Int32Array): void {
  const { length } = framed;
  for (let i = 0; i < length - step; i++) elements[i] = framed[i]! + (framed[i + step]! << 16);
  for (let i = Math.max(0, length - step); i < length; i++) elements[i] = framed[i]!;
}

/** target[window · filters + filter] for all windows of one filter. */
export function sumPairs(
  { elements: x, offsets: pairs, windows, whole }: WindowPairs,
  { offsets, plus, minus, factors }: Lists,
  target: Int32Array,
  filter: number,
  filters: number,
): void {
  const all = offsets.length;
  const count = pairs.length;
  for (let pair = 0; pair < count; pair += 4) {
    // The last group may be short: it repeats its last pair.
    const last = count - 1;
    const w0 = pairs[pair]!;
    const w1 = pairs[Math.min(pair + 1, last)]!;
    const w2 = pairs[Math.min(pair + 2, last)]!;
    const w3 = pairs[Math.min(pair + 3, last)]!;
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
      s0 = (s0 + Math.imul(factor, x[w0 + at]!)) | 0;
      s1 = (s1 + Math.imul(factor, x[w1 + at]!)) | 0;
      s2 = (s2 + Math.imul(factor, x[w2 + at]!)) | 0;
      s3 = (s3 + Math.imul(factor, x[w3 + at]!)) | 0;
    }
    store(pair, s0);
    if (pair + 1 < count) store(pair + 1, s1);
    if (pair + 2 < count) store(pair + 2, s2);
    if (pair + 3 < count) store(pair + 3, s3);
  }

  function store(pair: number, sum: number): void {
    const low = (sum << 16) >> 16;
    const out = windows[pair]! * filters + filter;
    target[out] = low;
    if (whole[pair] === 1) target[out + filters] = (sum - low) >> 16;
  }
}
