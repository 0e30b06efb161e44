/* SPDX-License-Identifier: Apache-2.0 */
#include "filter.h"
#include "quad.h"

/** Which of the numbers in `count` planes are at least `number`. */
static inline bs_quad reached(bs_quad at_least, const uint32_t *planes, uint32_t count, uint32_t number)
{
    for (; count > 0U; count--) {
        const bs_quad plane = bs_quad_load(planes);
        at_least = ((number & 1U) != 0U) ? bs_quad_and(at_least, plane) : bs_quad_or(at_least, plane);
        number >>= 1;
        planes += 4;
    }
    return (number != 0U) ? bs_quad_fill(0) : at_least;
}

/** The output's words: code +1, code -1. */
typedef struct {
    bs_quad plus;
    bs_quad minus;
} codes;

/** `lowest` is the lowest plane of dense counters, which fall as the sum rises. */
static codes compare(const bs_counting *counting, const uint32_t *planes, const uint32_t *lowest, uint32_t variant,
                     int ternary)
{
    codes found;
    uint32_t i;
    found.minus = bs_quad_fill(0);
    found.plus = found.minus;
    for (i = 0; i < (ternary ? 2U : 1U); i++) {
        uint32_t number = counting->reach[(2U * variant) + i];
        bs_quad at_least = bs_quad_fill(0xFFFFFFFFU);
        if (counting->dense) {
            at_least = ((number & 1U) != 0U) ? bs_quad_load(lowest) : at_least;
            at_least = bs_quad_not(reached(at_least, planes, counting->planes, number >> 1));
        } else if ((variant == 0U) && (i == 0U)) {
            at_least = bs_quad_load(planes + (4U * (counting->planes - 1U)));
        } else {
            at_least = reached(at_least, planes, counting->planes, number);
        }
        if (i == 0U) {
            found.plus = at_least;
        } else {
            found.minus = bs_quad_not(at_least);
        }
    }
    return found;
}

static inline bs_quad blend(bs_quad where, bs_quad a, bs_quad b)
{
    return bs_quad_or(bs_quad_and(a, where), bs_quad_and(b, bs_quad_not(where)));
}

/** Up to four words, as many as there are. */
static bs_quad load_some(const uint32_t *words, uint32_t count)
{
    uint32_t four[4];
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        four[i] = (i < count) ? words[i] : 0U;
    }
    return bs_quad_load(four);
}

/** Thresholds by the code of the skip value at each pixel. */
static BS_SHARED codes compare_variants(const bs_sliced_job *job, const bs_counting *counting, const uint32_t *planes,
                                        const uint32_t *lowest, const uint32_t *skip, uint32_t words)
{
    const int ternary = job->out->planes == 2U;
    const int three = job->thresholds->variants == 3U;
    const bs_quad last = load_some(skip, words);
    const bs_quad first = three ? load_some(skip + job->skip->words, words) : bs_quad_not(last);
    codes found = compare(counting, planes, lowest, 0, ternary);
    codes other = compare(counting, planes, lowest, 1, ternary);
    found.plus = blend(first, found.plus, other.plus);
    found.minus = blend(first, found.minus, other.minus);
    if (three) {
        other = compare(counting, planes, lowest, 2, ternary);
        found.plus = blend(last, other.plus, found.plus);
        found.minus = blend(last, other.minus, found.minus);
    }
    return found;
}

/** Counts the entries of all taps of a tile; `sums` gets the complements of the sum's planes, then zeros. */
static BS_SHARED void count_all(const bs_sliced_job *job, bs_counter_mve count, const uint32_t *tile, uint32_t *sums)
{
    const uint32_t taps = job->weights->taps;
    const uint32_t bits = bs_bit_length((taps * job->tap_words) | 8U);
    uint16_t numbers[32];
    uint8_t steps[32];
    bs_tally_mve tally;
    uint32_t i;
    for (i = 0; i < 32U; i++) {
        numbers[i] = (uint16_t)i;
        steps[i] = (uint8_t)((i == 0U) ? 0U : 1U);
    }
    tally.count = (bits < 5U) ? 5U : bits;
    for (i = 0; i < tally.count; i++) {
        bs_quad_store(&tally.planes[4U * i], bs_quad_fill(0));
    }
    tally.less = (job->weights->decode != NULL) ? (const void *)numbers : (const void *)steps;
    tally.flip = 0;
    for (i = 0; i < taps; i += 32U) {
        tally.less_count = (taps - i < 32U) ? (taps - i) : 32U;
        count(tile, &tally);
        tile += (size_t)32U * 4U * job->tap_words;
    }
    for (i = 0; i < BS_TALLY_PLANES; i++) {
        bs_quad_store(sums + (4U * i),
                      (i < bits) ? bs_quad_not(bs_quad_load(&tally.planes[4U * i])) : bs_quad_fill(0));
    }
}

/** Begins the counters of a filter without zeros with the sums of all taps. `lowest` gets their lowest plane. */
static BS_SHARED void begin_dense(const bs_sliced_job *job, bs_counter_mve count, uint32_t *tile, bs_tally_mve *tally,
                                  uint32_t *lowest)
{
    uint32_t *const shared = tile + ((size_t)job->weights->taps * job->tap_words * 4U);
    uint32_t own[4 * BS_TALLY_PLANES];
    uint32_t *const sums = (job->share_sums != 0) ? shared : own;
    uint32_t i;
    if ((job->share_sums == 0) || (job->have_sums == 0)) {
        count_all(job, count, tile, sums);
    }
    bs_quad_store(lowest, bs_quad_load(sums));
    for (i = 0; i < tally->count; i++) {
        bs_quad_store(&tally->planes[4U * i], bs_quad_load(sums + (4U * (i + 1U))));
    }
}

static void store(uint32_t *to, const bs_quad words, uint32_t count, uint32_t pixels)
{
    uint32_t four[4];
    uint32_t i;
    bs_quad_store(four, words);
    for (i = 0; i < count; i++) {
        to[i] = four[i] & bs_low_bits(pixels - (i << 5));
    }
}

void bs_filter_sliced_mve(bs_sliced_job *job, bs_counter_mve count, uint32_t filter, uint32_t first, uint32_t tiles,
                          uint32_t *tile)
{
    const bs_sliced_map *const out = job->out;
    const int ternary = out->planes == 2U;
    uint32_t *to = job->output + ((size_t)filter * out->planes * out->words) + ((size_t)first * 4U);
    const uint32_t *skip = NULL;
    uint32_t t;
    bs_counting counting;
    bs_tally_mve tally;
    const bs_next_filter next = bs_next_lists(job);
    bs_plan_filter(job, filter, &next, &counting);
    tally.count = (counting.planes < 5U) ? 5U : counting.planes;
    tally.less = job->less;
    tally.less_count = job->less_count;
    tally.more = job->more;
    tally.more_count = job->more_count;
    tally.flip = counting.dense ? 0U : counting.planes;
    if (job->skip != NULL) {
        skip = job->skip_input + ((size_t)filter * job->skip->planes * job->skip->words) + ((size_t)first * 4U);
    }
    for (t = 0; t < tiles; t++) {
        const uint32_t pixels = (out->height * out->width) - ((first + t) << 7);
        const uint32_t rest = out->words - ((first + t) << 2);
        const uint32_t words = (rest < 4U) ? rest : 4U;
        uint32_t lowest[4];
        uint32_t i;
        codes found;
        if (job->prepare != NULL) {
            job->prepare(job, filter, t, tile);
        }
        if (counting.dense) {
            begin_dense(job, count, tile, &tally, lowest);
        } else {
            for (i = 0; i < counting.planes; i++) {
                bs_quad_store(&tally.planes[4U * i], bs_quad_fill(counting.start[i]));
            }
        }
        count(tile, &tally);
        if (skip != NULL) {
            found = compare_variants(job, &counting, tally.planes, lowest, skip, words);
            skip += 4;
        } else {
            found = compare(&counting, tally.planes, lowest, 0, ternary);
        }
        store(to, found.plus, words, pixels);
        if (ternary) {
            store(to + out->words, found.minus, words, pixels);
        }
        to += 4;
        tile += job->tile_words;
    }
    if (counting.dense) {
        job->have_sums = 1;
    }
}
