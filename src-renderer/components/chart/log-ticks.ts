/** At most so many labels fit an axis. */
const MOST = 7;

/**
 * Round places on a logarithmic axis: 1, 2 and 5 of each power of ten where they fit, else the powers, else every so many
 * of them.
 */
export function logTicks(from: number, to: number): number[] {
  if (!(from > 0) || !(to > from)) return [];
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  for (const steps of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]]) {
    const found = places(first, last, steps, 1).filter((place) => place >= from && place <= to);
    if (found.length <= MOST && found.length > 0) return found;
  }
  return places(first, last, [1], Math.ceil((last - first) / MOST)).filter(
    (place) => place >= from && place <= to,
  );
}

function places(first: number, last: number, steps: readonly number[], every: number): number[] {
  const out: number[] = [];
  // Written as a number, so that 3 · 10⁻¹ is 0.3 and not 0.30000000000000004.
  for (let power = first; power <= last; power += every) {
    for (const step of steps) out.push(Number(`${step}e${power}`));
  }
  return out;
}
