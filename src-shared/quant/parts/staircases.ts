import type { Staircase } from '../types.ts';
import { firstFloat32 } from './float32-steps.ts';

/**
 * The staircase of a step function that is given as code: `codes(x)` are the codes of the terms at a float32 number x,
 * `breaks` roughly where they change, at most once between the middles of two neighbouring breaks. The exact thresholds
 * are found by bisection over the float32 numbers, so that codes and staircase agree on every one of them. Codes may go
 * up or down.
 *
 * @param scales one per term; the value is Σ scale · code
 */
export function staircaseOf(
  codes: (x: number) => readonly number[],
  breaks: readonly number[],
  scales: readonly number[],
): Staircase {
  const sorted = [...breaks].sort((a, b) => a - b);
  const [lowest = 0, highest = 0] = [sorted[0], sorted.at(-1)];
  const probes = [
    lowest - Math.abs(lowest) - 1,
    ...sorted.slice(1).map((right, i) => ((sorted[i] ?? 0) + right) / 2),
    highest + Math.abs(highest) + 1,
  ].map(Math.fround);
  const thresholds: number[] = [];
  const steps = [codes(probes[0] ?? 0)];
  probes.slice(1).forEach((above, i) => {
    const before = steps.at(-1) ?? [];
    const threshold = firstFloat32((x) => !same(codes(x), before), probes[i] ?? 0, above);
    if (threshold === null) return;
    thresholds.push(threshold);
    steps.push(codes(above));
  });
  const terms = scales.map((scale, term) => ({ scale, codes: steps.map((step) => step[term] ?? 0) }));
  const [first = { scale: 0, codes: steps.map(() => 0) }, ...more] = terms;
  return {
    thresholds,
    inclusive: thresholds.map(() => true),
    ...first,
    ...(more.length > 0 ? { more } : {}),
  };
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.every((code, i) => code === b[i]);
}
