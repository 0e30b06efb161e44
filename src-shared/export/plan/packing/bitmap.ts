import { nonzerosOf } from '../../ir/graph.ts';
import { bitAt, packBits } from './bit-list.ts';
import type { Packing } from './types.ts';
import { countsOf, isTernary } from './weights.ts';

/** One bit a weight says that it is not 0; one bit for each weight that is not says its sign. */
export const bitmap: Packing = {
  id: 'bitmap',
  title: 'Bitmap, 1 bit a weight and 1 more for its sign where it is not 0',
  decoder: 'bs_decode_bitmap',
  decoderBytes: 364,
  fits: isTernary,
  pack: ({ codes }) => {
    const nonzeros = codes.filter((code) => code !== 0);
    return {
      data: packBits(codes.length, (index) => codes[index] !== 0),
      signs: packBits(nonzeros.length, (index) => (nonzeros[index] ?? 0) < 0),
    };
  },
  bytes: (weights) => Math.ceil(weights.codes.length / 8) + Math.ceil(nonzerosOf(weights) / 8),
  decodeCost: (of) => {
    const { filters, weights, nonzeros } = countsOf(of);
    return 80 * filters + 2.21 * weights + 13.6 * nonzeros;
  },
  unpack: ({ data, signs = new Uint8Array() }, filters, taps) => {
    let sign = 0;
    const codes = Int8Array.from({ length: filters * taps }, (_, index) => {
      if (!bitAt(data, index)) return 0;
      return bitAt(signs, sign++) ? -1 : 1;
    });
    return { filters, taps, codes };
  },
};
