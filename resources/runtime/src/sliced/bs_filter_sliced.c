/* SPDX-License-Identifier: Apache-2.0 */
#include "filter.h"

/** Which of the numbers in `count` planes are at least `number`. */
static inline uint32_t reached(uint32_t at_least, const uint32_t *planes, uint32_t count, uint32_t number)
{
    const uint32_t *const end = planes + count;
    while (planes != end) {
        BS_COMPARE(at_least, *planes, number);
        planes++;
    }
    return (number != 0U) ? 0U : at_least;
}

/** The output's words: code +1, code -1. */
typedef struct {
    uint32_t plus;
    uint32_t minus;
} bs_codes;

/** `lowest` is the lowest plane of dense counters, which fall as the sum rises. */
static BS_SHARED bs_codes compare(const bs_counting *counting, const uint32_t *planes, uint32_t lowest,
                                  uint32_t variant, int ternary)
{
    bs_codes codes = {0, 0};
    uint32_t i;
    for (i = 0; i < (ternary ? 2U : 1U); i++) {
        uint32_t number = counting->reach[(2U * variant) + i];
        uint32_t at_least = 0xFFFFFFFFU;
        if (counting->dense) {
            BS_COMPARE(at_least, lowest, number);
            at_least = ~reached(at_least, planes, counting->planes, number);
        } else {
            at_least = reached(at_least, planes, counting->planes, number);
        }
        if (i == 0U) {
            codes.plus = at_least;
        } else {
            codes.minus = ~at_least;
        }
    }
    return codes;
}

static inline uint32_t blend(uint32_t where, uint32_t a, uint32_t b)
{
    return (a & where) | (b & ~where);
}

/** Thresholds by the code of the skip value at each pixel. */
static BS_SHARED bs_codes compare_variants(const bs_sliced_job *job, const bs_counting *counting, const uint32_t *planes,
                                 uint32_t lowest, const uint32_t *skip)
{
    const int ternary = job->out->planes == 2U;
    const int three = job->thresholds->variants == 3U;
    const uint32_t first = three ? skip[job->skip->words] : ~skip[0];
    bs_codes codes = compare(counting, planes, lowest, 0, ternary);
    bs_codes other = compare(counting, planes, lowest, 1, ternary);
    codes.plus = blend(first, codes.plus, other.plus);
    codes.minus = blend(first, codes.minus, other.minus);
    if (three) {
        other = compare(counting, planes, lowest, 2, ternary);
        codes.plus = blend(skip[0], other.plus, codes.plus);
        codes.minus = blend(skip[0], other.minus, codes.minus);
    }
    return codes;
}

/** Counts a tile of a filter without zeros: twice the -1 weights, less the sums of all taps. @return the lowest plane */
static BS_SHARED uint32_t count_dense(const bs_sliced_job *job, uint32_t planes, uint32_t *tile, bs_tally *tally)
{
    uint32_t *const shared = tile + ((size_t)job->weights->taps * job->tap_words);
    uint32_t own[BS_TALLY_PLANES];
    uint32_t *const sums = (job->share_sums != 0) ? shared : own;
    if ((job->share_sums == 0) || (job->have_sums == 0)) {
        bs_count_all(job->weights, job->count, job->tap_words, tile, sums);
    }
    bs_tally_begin(tally, sums + 1, planes);
    job->count(tile, tally);
    return sums[0];
}

void bs_filter_sliced(bs_sliced_job *job, uint32_t filter, uint32_t first, uint32_t tiles, uint32_t *tile)
{
    const bs_sliced_map *const out = job->out;
    const int ternary = out->planes == 2U;
    uint32_t *to = job->output + ((size_t)filter * out->planes * out->words) + first;
    uint32_t rest = (out->height * out->width) - (first << 5);
    const uint32_t *skip = NULL;
    uint32_t t;
    bs_counting counting;
    bs_tally tally;
    const bs_next_filter next = bs_next_lists(job);
    bs_plan_filter(job, filter, &next, &counting);
    tally.less = job->less;
    tally.less_count = job->less_count;
    tally.more = job->more;
    tally.more_count = job->more_count;
    tally.flip = counting.dense ? 0U : counting.planes;
    if (job->skip != NULL) {
        skip = job->skip_input + ((size_t)filter * job->skip->planes * job->skip->words) + first;
    }
    for (t = 0; t < tiles; t++) {
        bs_codes codes = {0, 0};
        uint32_t lowest = 0;
        if (job->prepare != NULL) {
            job->prepare(job, filter, t, tile);
        }
        if (counting.dense) {
            lowest = count_dense(job, counting.planes, tile, &tally);
        } else {
            bs_tally_begin(&tally, counting.start, counting.planes);
            job->count(tile, &tally);
        }
        if (skip != NULL) {
            codes = compare_variants(job, &counting, tally.planes, lowest, skip);
            skip++;
        } else if (counting.dense) {
            codes = compare(&counting, tally.planes, lowest, 0, ternary);
        } else {
            codes.plus = tally.planes[counting.planes - 1U];
            if (ternary) {
                /* Not above what the top plane shows. */
                codes.minus = ~(codes.plus | reached(0xFFFFFFFFU, tally.planes, counting.planes - 1U, counting.reach[1]));
            }
        }
        if (rest < 32U) {
            codes.plus &= bs_low_bits(rest);
            codes.minus &= bs_low_bits(rest);
        }
        to[0] = codes.plus;
        if (ternary) {
            to[out->words] = codes.minus;
        }
        to++;
        tile += job->tile_words;
        rest -= 32U;
    }
    if (counting.dense) {
        job->have_sums = 1;
    }
}
