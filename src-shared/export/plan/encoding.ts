import type { IntegerWeights } from '../ir/graph.ts';
import type { Encoding } from './types.ts';

/** Binary weights need their signs alone, ternary ones two bit planes, all others a byte each. */
export function encodingOf({ codes }: IntegerWeights): Encoding {
  if (codes.some((code) => code < -1 || code > 1)) return 'bytes';
  return codes.includes(0) ? 'ternary' : 'binary';
}

/** Words of one filter's row of a bit plane. */
export function wordsOf(taps: number): number {
  return Math.ceil(taps / 32);
}

/** One bit plane: [filters, words], bit k & 31 of word k >> 5 set where the code of tap k passes the test. */
export function packPlane(
  { filters, taps, codes }: IntegerWeights,
  test: (code: number) => boolean,
): Uint32Array {
  const words = wordsOf(taps);
  const plane = new Uint32Array(filters * words);
  for (let filter = 0; filter < filters; filter++) {
    for (let tap = 0; tap < taps; tap++) {
      if (!test(codes[filter * taps + tap] ?? 0)) continue;
      const at = filter * words + (tap >>> 5);
      plane[at] = ((plane[at] ?? 0) | (1 << (tap & 31))) >>> 0;
    }
  }
  return plane;
}

/** Bytes of the stored weights. */
export function weightBytesOf(weights: IntegerWeights, encoding: Encoding): number {
  if (encoding === 'bytes') return weights.codes.length;
  return weights.filters * wordsOf(weights.taps) * 4 * (encoding === 'ternary' ? 2 : 1);
}
