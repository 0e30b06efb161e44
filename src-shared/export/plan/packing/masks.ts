import { bitAt, packBits } from './bit-list.ts';
import type { Packing } from './types.ts';
import { countsOf, isTernary } from './weights.ts';

/** Two bits a weight, whatever the weights are: one says that it is not 0, the other that it is -1. */
export const masks: Packing = {
  id: 'masks',
  title: 'Masks, 2 bits a weight',
  decoder: 'bs_decode_masks',
  decoderBytes: 348,
  fits: isTernary,
  pack: ({ codes }) => ({
    data: packBits(codes.length, (index) => codes[index] !== 0),
    signs: packBits(codes.length, (index) => (codes[index] ?? 0) < 0),
  }),
  bytes: ({ codes }) => 2 * Math.ceil(codes.length / 8),
  decodeCost: (of) => {
    const { filters, weights, nonzeros } = countsOf(of);
    return 64 * filters + 1.02 * weights + 7.1 * nonzeros;
  },
  unpack: ({ data, signs = new Uint8Array() }, filters, taps) => ({
    filters,
    taps,
    codes: Int8Array.from({ length: filters * taps }, (_, index) =>
      bitAt(data, index) ? (bitAt(signs, index) ? -1 : 1) : 0,
    ),
  }),
};
