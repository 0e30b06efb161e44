/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

/* Up to eight bits of each of four lanes, a byte each. */
static uint32_t four_bytes(const uint32_t *planes, uint32_t count, uint32_t lane)
{
    uint32_t bytes = 0;
    uint32_t i;
    for (i = count; i != 0U; i--) {
        /* The product has the four bits at the bottom of its bytes. */
        bytes = (bytes << 1) | ((((planes[i - 1U] >> lane) & 15U) * 0x00204081U) & 0x01010101U);
    }
    return bytes;
}

void bs_lane_sums(const bs_lane_weights *weights, uint32_t group, const uint16_t *list, uint32_t positives,
                  uint32_t negatives, int32_t *sums)
{
    const uint32_t *const lanes = weights->lanes + ((size_t)group * weights->taps * weights->words);
    const uint32_t inputs = positives + negatives;
    /*
     * Counted is (entries of +1 inputs) + (most that -1 inputs can have) - (entries of -1 inputs), from 0 to `most`. An
     * entry is weight + 1, or, of one word, half of that; so the sum is what is counted, or twice that, less `inputs`.
     */
    const uint32_t most = inputs * weights->words;
    /* Planes of the counters, and how many of them are in each byte of a number. */
    uint32_t planes;
    uint32_t counts[3];
    uint32_t start;
    uint32_t lane;
    bs_tally tally;
    tally.flip = 4;
    while ((most >> tally.flip) != 0U) {
        tally.flip++;
    }
    start = ~(negatives * weights->words);
    for (lane = 0; lane < BS_TALLY_PLANES; lane++) {
        tally.planes[lane] = (lane < tally.flip) ? (0U - (start & 1U)) : 0U;
        start >>= 1;
    }
    planes = tally.flip;
    tally.less = (list + weights->taps) - negatives;
    tally.less_count = negatives;
    tally.more = list;
    tally.more_count = positives;
    if (weights->words == 2U) {
        bs_count_ternary(lanes, &tally);
    } else {
        bs_count_binary(lanes, &tally);
    }
    for (lane = 0; lane < 3U; lane++) {
        counts[lane] = (planes < 8U) ? planes : 8U;
        planes -= counts[lane];
    }
    for (lane = 0; lane < 32U; lane += 4U) {
        uint32_t low = four_bytes(&tally.planes[0], counts[0], lane);
        uint32_t high = four_bytes(&tally.planes[8], counts[1], lane);
        uint32_t top = four_bytes(&tally.planes[16], counts[2], lane);
        uint32_t i;
        for (i = 0; i < 4U; i++) {
            const uint32_t counted = (low & 255U) | ((high & 255U) << 8) | ((top & 255U) << 16);
            sums[lane + i] = (int32_t)((counted << (2U - weights->words)) - inputs);
            low >>= 8;
            high >>= 8;
            top >>= 8;
        }
    }
}
