/** A function that was sampled for drawing: smooth pieces, and the jumps between them. */
export interface SampledCurve {
  /** Polylines of one continuous piece each, from left to right. */
  pieces: [x: number, y: number][][];
  jumps: Jump[];
}

/** A discontinuity. */
export interface Jump {
  x: number;
  /** Limits from the left and from the right. */
  below: number;
  above: number;
  /** Which of them the function takes at x itself. */
  takes: 'below' | 'above';
}

const CELLS = 480;

/**
 * Samples a function that is continuous but for isolated jumps. Jumps are found by bisection down to neighbouring
 * float64 numbers, so steps stand where they are and a steep slope is no step.
 */
export function sampleCurve(f: (x: number) => number, from: number, to: number): SampledCurve {
  const xs = Array.from({ length: CELLS + 1 }, (_, i) => from + ((to - from) * i) / CELLS);
  const points = xs.map((x): [number, number] => [x, f(x)]);
  const heights = points.map(([, y]) => y);
  const tolerance = Math.max(Math.max(...heights) - Math.min(...heights), 1e-6) / 2000;
  const jumps: Jump[] = [];
  points.slice(1).forEach((right, i) => findJumps(f, points[i] ?? right, right, tolerance, jumps));
  const edges = [...jumps, null];
  let left: Jump | null = null;
  const pieces = edges.map((next) => {
    const [low, high] = [left?.x ?? -Infinity, next?.x ?? Infinity];
    const piece = [
      ...(left ? [[left.x, left.above] as [number, number]] : []),
      ...points.filter(([x]) => x > low && x < high),
      ...(next ? [[next.x, next.below] as [number, number]] : []),
    ];
    left = next;
    return straighten(piece);
  });
  return { pieces: pieces.filter((piece) => piece.length > 0), jumps };
}

/** Halves an interval for as long as its ends differ much; what is left when it cannot be halved is a jump. */
function findJumps(
  f: (x: number) => number,
  [a, fa]: [number, number],
  [b, fb]: [number, number],
  tolerance: number,
  jumps: Jump[],
): void {
  if (Math.abs(fb - fa) <= tolerance) return;
  const middle = a + (b - a) / 2;
  if (middle <= a || middle >= b || b - a < Number.MIN_VALUE * 2 ** 52) {
    const takes = isThreshold(b) || !isThreshold(a) ? 'above' : 'below';
    jumps.push({ x: takes === 'above' ? b : a, below: fa, above: fb, takes });
    return;
  }
  const fm = f(middle);
  findJumps(f, [a, fa], [middle, fm], tolerance, jumps);
  findJumps(f, [middle, fm], [b, fb], tolerance, jumps);
}

/** Whether someone wrote the number down: a float32 threshold, or one with few decimals. Its neighbours are neither. */
function isThreshold(x: number): boolean {
  return Math.fround(x) === x || String(x).length < 12;
}

/** Leaves out points on the straight line between their neighbours. */
function straighten(piece: [number, number][]): [number, number][] {
  return piece.filter(([x, y], i) => {
    const [before, after] = [piece[i - 1], piece[i + 1]];
    if (!before || !after) return true;
    const share = (x - before[0]) / (after[0] - before[0]);
    return Math.abs(before[1] + share * (after[1] - before[1]) - y) > 1e-9;
  });
}

/** The half width of the interval around 0 that shows all jumps of the value, and 2 at least. */
export function curveReach(value: (x: number) => number): number {
  const { jumps } = sampleCurve(value, -20, 20);
  const farthest = Math.max(0, ...jumps.map(({ x }) => Math.abs(x)));
  return Math.max(2, Math.ceil(farthest * 1.2 * 2) / 2);
}
