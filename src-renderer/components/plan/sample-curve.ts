/** A curve as it is drawn: ascending x, and y at each. */
export interface SampledCurve {
  x: number[];
  y: number[];
}

const INTERVALS = 240;
/** Halvings of one interval: a jump is drawn as upright as anybody can see. */
const DEPTH = 16;
/** Between two samples the curve may move by this share of its whole range. */
const STEP = 0.02;

/**
 * Samples a function so that a straight line from sample to sample looks like it: evenly, and finer where it moves fast
 * or jumps. Knows nothing of what it draws, so whatever trains can be drawn.
 */
export function sampleCurve(curve: (x: number) => number, from: number, to: number): SampledCurve {
  const x = Array.from({ length: INTERVALS + 1 }, (_, i) => from + ((to - from) * i) / INTERVALS);
  const y = x.map(curve);
  const range = Math.max(...y) - Math.min(...y);
  const sampled: SampledCurve = { x: [x[0] ?? from], y: [y[0] ?? 0] };

  function refine(a: number, ya: number, b: number, yb: number, depth: number): void {
    const middle = (a + b) / 2;
    if (depth > 0 && Math.abs(yb - ya) > STEP * range) {
      const ym = curve(middle);
      refine(a, ya, middle, ym, depth - 1);
      refine(middle, ym, b, yb, depth - 1);
      return;
    }
    sampled.x.push(b);
    sampled.y.push(yb);
  }
  for (let i = 1; i < x.length; i++) refine(x[i - 1] ?? from, y[i - 1] ?? 0, x[i] ?? to, y[i] ?? 0, DEPTH);
  return sampled;
}
