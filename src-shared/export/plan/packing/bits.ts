import { bitAt, packBits } from './bit-list.ts';
import type { Packing } from './types.ts';
import { countsOf, isBinary } from './weights.ts';

/** One bit a weight, for weights -1 and +1 only: set where the weight is -1. */
export const bits: Packing = {
  id: 'bits',
  title: 'Signs, 1 bit a weight',
  decoder: 'bs_decode_bits',
  decoderBytes: 416,
  fits: isBinary,
  pack: ({ codes }) => ({ data: packBits(codes.length, (index) => (codes[index] ?? 0) < 0) }),
  bytes: ({ codes }) => Math.ceil(codes.length / 8),
  decodeCost: (of) => {
    const { filters, weights } = countsOf(of);
    return 88 * filters + 6.81 * weights;
  },
  unpack: ({ data }, filters, taps) => ({
    filters,
    taps,
    codes: Int8Array.from({ length: filters * taps }, (_, index) => (bitAt(data, index) ? -1 : 1)),
  }),
};
