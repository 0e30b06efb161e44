import type { Packing } from './types.ts';
import { countsOf, isTernary } from './weights.ts';

const PLACES = [1, 3, 9, 27, 81] as const;

/** Five weights in a byte, 1.6 bits each: weight + 1 is a digit of base 3, the first weight the least significant. */
export const base3: Packing = {
  id: 'base3',
  title: 'Base 3, 1.6 bits a weight',
  decoder: 'bs_decode_base3',
  decoderBytes: 480,
  fits: isTernary,
  pack: ({ codes }) => ({
    data: Uint8Array.from({ length: Math.ceil(codes.length / PLACES.length) }, (_, byte) =>
      PLACES.reduce((sum, place, digit) => sum + ((codes[byte * PLACES.length + digit] ?? 0) + 1) * place, 0),
    ),
  }),
  bytes: ({ codes }) => Math.ceil(codes.length / PLACES.length),
  decodeCost: (of) => {
    const { filters, weights, nonzeros } = countsOf(of);
    return 68 * filters + 3.4 * weights + 7.1 * nonzeros;
  },
  unpack: ({ data }, filters, taps) => ({
    filters,
    taps,
    codes: Int8Array.from({ length: filters * taps }, (_, index) => {
      const place = PLACES[index % PLACES.length] ?? 1;
      return (Math.floor((data[Math.floor(index / PLACES.length)] ?? 0) / place) % 3) - 1;
    }),
  }),
};
