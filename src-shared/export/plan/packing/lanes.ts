import { BitsmithError } from '../../../base/errors.ts';
import type { IntegerWeights } from '../../ir/graph.ts';
import { isBinary, isTernary } from './weights.ts';

/**
 * Weights for lanes (`bs_lane_weights`): 32 filters in a word, filter f at bit f & 31. Group g of 32 filters has
 * `laneWordsPerTap` words for each tap, those of tap k from word words · (g · taps + k) on: the filters whose weight is 0
 * (not in weights without a zero), then those whose weight is +1. Bits of filters that do not exist are 0.
 *
 * @throws BitsmithError `invalid-input` where a code is not -1, 0 or +1
 */
export function packLanes(weights: IntegerWeights): Uint32Array {
  if (!isTernary(weights)) {
    throw new BitsmithError(
      'invalid-input',
      'weights for lanes must be -1, 0 or +1, at most 65535 in a filter',
    );
  }
  const { filters, taps, codes } = weights;
  const words = laneWordsPerTap(weights);
  const lanes = new Uint32Array(laneWords(weights));
  for (let filter = 0; filter < filters; filter++) {
    const bit = 1 << (filter & 31);
    for (let tap = 0; tap < taps; tap++) {
      const code = codes[filter * taps + tap] ?? 0;
      if (code < 0) continue;
      const at = words * ((filter >> 5) * taps + tap) + (code === 0 ? 0 : words - 1);
      lanes[at] = ((lanes[at] ?? 0) | bit) >>> 0;
    }
  }
  return lanes;
}

/** `words` of `bs_lane_weights`: 1 for weights -1 and +1, else 2. */
export function laneWordsPerTap(weights: IntegerWeights): 1 | 2 {
  return isBinary(weights) ? 1 : 2;
}

/** 32-bit words of `packLanes`. */
export function laneWords(weights: IntegerWeights): number {
  return laneWordsPerTap(weights) * Math.ceil(weights.filters / 32) * weights.taps;
}
