/** Statistics of the inputs of the first batch, from which quantizers of activations may start. */

/** Mean of |x|; 0 for no values. */
export function meanMagnitude(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i] ?? 0);
  return sum / Math.max(x.length, 1);
}

/** Root of the mean of x². */
export function rootMeanSquare(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) ** 2;
  return Math.sqrt(sum / Math.max(x.length, 1));
}

/** Mean of |x| where |x| > delta; 0 where nothing is. */
export function meanAbove(x: ArrayLike<number>, delta: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    const magnitude = Math.abs(x[i] ?? 0);
    if (magnitude <= delta) continue;
    sum += magnitude;
    count++;
  }
  return sum / Math.max(count, 1);
}
