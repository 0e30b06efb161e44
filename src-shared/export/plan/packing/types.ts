import type { IntegerWeights } from '../../ir/graph.ts';

export const PACKING_IDS = ['steps', 'delta', 'masks', 'bitmap', 'base3', 'bits'] as const;
export type PackingId = (typeof PACKING_IDS)[number];

/** Tables as they lie in flash: `data` and `signs` of `bs_packed`, without padding. */
export interface PackedWeights {
  data: Uint8Array;
  /** Only of packings that have a second table. */
  signs?: Uint8Array;
}

/** How weights in {-1, 0, +1} lie in flash, and which function of the runtime reads them (`bitsmith_sliced.h`). */
export interface Packing {
  id: PackingId;
  title: string;
  /** Function of the runtime. */
  decoder: `bs_decode_${PackingId}`;
  /** Bytes of the decoder's code and tables (Thumb-2, -O2), to weigh against the weights saved. */
  decoderBytes: number;
  /** Whether all codes can be packed, and a filter has at most `MAX_TAPS` taps. */
  fits: (weights: IntegerWeights) => boolean;
  /** @param weights that fit */
  pack: (weights: IntegerWeights) => PackedWeights;
  /** Bytes of `pack`'s tables. */
  bytes: (weights: IntegerWeights) => number;
  /** Instructions to decode all filters once on a Cortex-M4. A law fitted to measurements, within 15 %. */
  decodeCost: (weights: IntegerWeights) => number;
  /** The inverse of `pack`. */
  unpack: (packed: PackedWeights, filters: number, taps: number) => IntegerWeights;
}

/** Taps of a filter are 16-bit numbers. */
export const MAX_TAPS = 65535;
