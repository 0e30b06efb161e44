/* How a filter is counted and compared. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_FILTER_H
#define BITSMITH_FILTER_H

#include "sliced.h"

static inline bs_next_filter bs_next_lists(bs_sliced_job *job)
{
    const bs_next_filter next = bs_find_filter(job->weights, &job->reader, job->list);
    job->less = next.less;
    job->less_count = next.negatives;
    job->more = next.more;
    job->more_count = next.positives;
    return next;
}

/** A filter as its counters see it. Counted is (entries of +1 weights) - (entries of -1 weights). */
typedef struct {
    /** What the counters must reach for: variant 0's `high`, its `low`, variant 1's `high` and so on. */
    uint32_t reach[6];
    /** Planes of the counters. */
    uint32_t planes;
    /** What the counters begin with, unless dense. */
    uint32_t start[BS_TALLY_PLANES];
    /** No weight is 0, and the tile has the sums of all taps: counted are twice the -1 weights' entries, less those. */
    int dense;
} bs_counting;

/** A threshold of the sum as one of what is counted. */
static inline int32_t bs_counted(const bs_sliced_job *job, int32_t threshold, int32_t surplus)
{
    if (job->tap_words == 2U) {
        return threshold + surplus;
    }
    if (job->low == 0) {
        return threshold;
    }
    /* sum = 2 * counted - surplus; rounded up, without the shift of a negative number. */
    return (int32_t)((uint32_t)(threshold + surplus + 1 + 0x40000) >> 1) - 0x20000;
}

static BS_SMALL BS_SHARED void bs_plan_filter(const bs_sliced_job *job, uint32_t filter, const bs_next_filter *next,
                                  bs_counting *counting)
{
    const bs_sliced_thresholds *const thresholds = job->thresholds;
    const size_t row = (size_t)filter * thresholds->variants;
    const int32_t surplus = (int32_t)next->positives - (int32_t)next->negatives;
    const uint32_t range = (next->positives + next->negatives) * job->tap_words;
    const uint32_t bits = bs_bit_length(range | 8U);
    int32_t least = -(int32_t)(next->negatives * job->tap_words);
    int32_t most = (int32_t)(next->positives * job->tap_words) + 1;
    int32_t zero = (int32_t)(1U << bits);
    uint32_t i;
    /* A list that has been decoded has all weights: then only shared sums make the detour worth it. */
    counting->dense = next->dense && ((job->share_sums != 0) || (job->weights->decode == NULL));
    counting->planes = bits + 1U;
    if (counting->dense) {
        /* Held is 2^bits - 1 + (entries of -1 weights) - (entries of +1 weights); its lowest plane stays in the tile. */
        counting->planes = bits;
        least = -(int32_t)range;
        most = (int32_t)range + 1;
    }
    for (i = 0; i < thresholds->variants * 2U; i++) {
        const int16_t *const table = ((i & 1U) == 0U) ? thresholds->high : thresholds->low;
        if (table != NULL) {
            int32_t number = bs_counted(job, table[row + (i >> 1)], surplus);
            number = (number < least) ? least : ((number > most) ? most : number);
            if (counting->dense) {
                number = -number;
            } else if (i == 0U) {
                /* The top plane shows what has reached this one. */
                bs_constant_planes(counting->start, bits + 1U, (uint32_t)(zero - 1 + number));
                zero -= number;
            } else {
                /* as it is */
            }
            counting->reach[i] = (uint32_t)(zero + number);
        }
    }
}

#endif
