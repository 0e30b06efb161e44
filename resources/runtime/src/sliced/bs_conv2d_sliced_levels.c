/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "../internal.h"
#include "sliced.h"

typedef struct {
    const bs_sliced_window *windows;
    uint32_t window_count;
    const bs_sliced_level *levels;
    uint32_t level_count;
    const int32_t *bias;
    const bs_sliced_totals *totals;
    void *output;
    uint16_t *list;
    /** Scratch: one word for each window, whether its tiles' sums of all taps are known. */
    uint32_t *have_sums;
    /** The levels' readers. */
    uint32_t *readers;
    /** For each gathered tile 32 totals, then the tiles of all windows. */
    uint32_t *tile;
    size_t tile_words;
} bs_levels_job;

/** Exchanges bits of two rows of 8 x 8 blocks: those of `mask`, `distance` rows and bits apart. */
#define EXCHANGE(a, b, distance, mask)                                 \
    do {                                                               \
        const uint32_t moved = (((a) >> (distance)) ^ (b)) & (mask);   \
        (b) ^= moved;                                                  \
        (a) ^= moved << (distance);                                    \
    } while (0)

/**
 * Up to 8 planes (missing ones are 0) as bytes: byte b of bytes[i] is the number at lane 8 * b + i. Four 8 x 8 blocks of
 * bits are transposed at a time.
 */
static void planes_to_bytes(const uint32_t *planes, uint32_t count, uint32_t *bytes)
{
    uint32_t i;
    for (i = 0; i < 8U; i++) {
        bytes[i] = (i < count) ? planes[i] : 0U;
    }
    for (i = 0; i < 4U; i++) {
        EXCHANGE(bytes[i], bytes[i + 4U], 4U, 0x0F0F0F0FU);
    }
    EXCHANGE(bytes[0], bytes[2], 2U, 0x33333333U);
    EXCHANGE(bytes[1], bytes[3], 2U, 0x33333333U);
    EXCHANGE(bytes[4], bytes[6], 2U, 0x33333333U);
    EXCHANGE(bytes[5], bytes[7], 2U, 0x33333333U);
    for (i = 0; i < 8U; i += 2U) {
        EXCHANGE(bytes[i], bytes[i + 1U], 1U, 0x55555555U);
    }
}

/** totals += factor * number, for the 32 numbers in up to 8 planes. */
static void add_bytes(const uint32_t *planes, uint32_t count, uint32_t factor, uint32_t *totals)
{
    uint32_t bytes[8];
    uint32_t lane;
    planes_to_bytes(planes, count, bytes);
    for (lane = 0; lane < 8U; lane++) {
        totals[lane] += factor * (bytes[lane] & 255U);
        totals[lane + 8U] += factor * ((bytes[lane] >> 8) & 255U);
        totals[lane + 16U] += factor * ((bytes[lane] >> 16) & 255U);
        totals[lane + 24U] += factor * (bytes[lane] >> 24);
    }
}

/** The same for 9 to 16 planes. */
static void add_halves(const uint32_t *planes, uint32_t count, uint32_t factor, uint32_t *totals)
{
    uint32_t low[8];
    uint32_t high[8];
    uint32_t lane;
    planes_to_bytes(planes, 8, low);
    planes_to_bytes(planes + 8, count - 8U, high);
    for (lane = 0; lane < 8U; lane++) {
        const uint32_t even = (low[lane] & 0x00FF00FFU) | ((high[lane] & 0x00FF00FFU) << 8);
        const uint32_t odd = ((low[lane] >> 8) & 0x00FF00FFU) | (high[lane] & 0xFF00FF00U);
        totals[lane] += factor * (even & 0xFFFFU);
        totals[lane + 8U] += factor * (odd & 0xFFFFU);
        totals[lane + 16U] += factor * (even >> 16);
        totals[lane + 24U] += factor * (odd >> 16);
    }
}

/** totals += factor * number, for the 32 numbers in the planes. */
static void add_planes(const uint32_t *planes, uint32_t count, uint32_t factor, uint32_t *totals)
{
    while (count > 8U) {
        const uint32_t now = (count < 16U) ? count : 16U;
        add_halves(planes, now, factor, totals);
        planes += now;
        count -= now;
        factor <<= 16;
    }
    if (count > 0U) {
        add_bytes(planes, count, factor, totals);
    }
}

/**
 * A level's next filter: decoded, counted in the gathered tiles, added to their totals.
 *
 * @return what has to be added to every total besides
 */
static uint32_t add_level(const bs_levels_job *job, uint32_t level, uint32_t filter, uint32_t tiles)
{
    const bs_sliced_level *const part = &job->levels[level];
    const bs_packed *const weights = part->weights;
    const bs_sliced_window *const window = &job->windows[part->window];
    const uint32_t tap_words = bs_tap_words_sliced(window);
    const uint32_t multiplier = (part->multipliers != NULL) ? (uint32_t)part->multipliers[filter] : 1U;
    const int signs = (tap_words == 1U) && (window->in.low == -1);
    uint32_t *const saved = job->readers + ((size_t)level * BS_READER_WORDS);
    uint32_t *tile = job->tile + 32;
    uint32_t *totals = job->tile;
    uint32_t factor = signs ? (multiplier * 2U) : multiplier;
    uint32_t constant = 0;
    bs_reader reader;
    bs_tally tally;
    bs_next_filter next;
    uint32_t bits;
    uint32_t i;
    (void)memcpy(&reader, saved, sizeof reader);
    next = bs_read_filter(weights, &reader, job->list, &tally);
    (void)memcpy(saved, &reader, sizeof reader);
    for (i = 0; i < part->window; i++) {
        tile += bs_tile_words(&job->windows[i]);
    }
    bits = bs_bit_length(((next.positives + next.negatives) * tap_words) | 8U);
    if (next.dense) {
        factor = 0U - factor;
    }
    /* The counters hold an offset plus (entries of +1 weights) - (entries of -1 weights), or minus that. */
    constant = 0U - (factor * ((1U << bits) - (next.dense ? 1U : 0U)));
    if (signs || (tap_words == 2U)) {
        constant -= multiplier * (next.positives - next.negatives);
    }
    for (i = 0; i < tiles; i++) {
        if (next.dense) {
            if (job->have_sums[part->window] == 0U) {
                bs_count_all(weights, part->count, tap_words, tile,
                             tile + ((size_t)weights->taps * tap_words));
            }
            bs_tally_begin(&tally, tile + ((size_t)weights->taps * tap_words) + 1U, bits);
            tally.flip = 0;
            part->count(tile, &tally);
            add_planes(tile + ((size_t)weights->taps * tap_words), 1, factor, totals);
            add_planes(tally.planes, bits, factor << 1, totals);
        } else {
            bs_constant_planes(tally.planes, bits + 1U, (1U << bits) - 1U);
            tally.flip = bits + 1U;
            part->count(tile, &tally);
            add_planes(tally.planes, bits + 1U, factor, totals);
        }
        tile += job->tile_words;
        totals += job->tile_words;
    }
    if (next.dense) {
        job->have_sums[part->window] = 1;
    }
    return constant;
}

/** A tile's totals to bit planes: codes low, +1 or -1, 0, +1. */
static void store_planes(const bs_levels_job *job, uint32_t filter, uint32_t index, uint32_t count, uint32_t constant,
                         const uint32_t *totals)
{
    const bs_sliced_map *const out = job->totals->sliced;
    const bs_thresholds *const thresholds = job->totals->thresholds;
    const int32_t *const limits = thresholds->values + ((size_t)filter * thresholds->steps);
    const int32_t high = limits[thresholds->steps - 1U];
    const int32_t low = limits[0];
    uint32_t *const to = (uint32_t *)job->output + ((size_t)filter * out->planes * out->words) + index;
    uint32_t plus = 0;
    uint32_t minus = 0;
    uint32_t i = count;
    while (i > 0U) {
        int32_t total;
        i--;
        total = (int32_t)(totals[i] + constant);
        plus = (plus << 1) | ((total >= high) ? 1U : 0U);
        minus = (minus << 1) | ((total < low) ? 1U : 0U);
    }
    to[0] = plus;
    if (out->planes == 2U) {
        to[out->words] = minus;
    }
}

/** A tile's totals, or their codes, to elements. */
static void store_elements(const bs_levels_job *job, uint32_t filter, uint32_t index, uint32_t count,
                           uint32_t constant, const uint32_t *totals)
{
    const bs_map *const map = job->totals->map;
    uint32_t y = (index << 5) / map->width;
    uint32_t x = (index << 5) - (y * map->width);
    size_t at = ((size_t)y * map->row_step) + ((size_t)x * map->channels) + filter;
    uint32_t i;
    for (i = 0; i < count; i++) {
        if (job->totals->thresholds != NULL) {
            ((int8_t *)job->output)[at] = bs_code_of(job->totals->thresholds, filter, (int32_t)(totals[i] + constant));
        } else {
            ((int32_t *)job->output)[at] = (int32_t)(totals[i] + constant);
        }
        x++;
        at += map->channels;
        if (x == map->width) {
            x = 0;
            y++;
            at = ((size_t)y * map->row_step) + filter;
        }
    }
}

static void gather(const bs_levels_job *job, uint32_t first, uint32_t tiles, const uint32_t *const *inputs)
{
    uint32_t *words = job->tile + 32;
    uint32_t w;
    for (w = 0; w < job->window_count; w++) {
        const bs_sliced_window *const window = &job->windows[w];
        uint32_t t;
        bs_tile_form form;
        form.channel = 0;
        form.channels = window->in.channels;
        form.channel_step = bs_tap_words_sliced(window);
        form.tap_step = form.channels * form.channel_step;
        for (t = 0; t < tiles; t++) {
            bs_tile_sliced(window, first + t, &form, inputs[w], words + (t * job->tile_words));
        }
        job->have_sums[w] = 0;
        words += bs_tile_words(window);
    }
}

static void convolve(const bs_levels_job *job, uint32_t first, uint32_t tiles)
{
    const uint32_t rest = (job->windows[0].height * job->windows[0].width) - (first << 5);
    uint32_t filter;
    uint32_t i;
    for (i = 0; i < job->level_count; i++) {
        bs_reader reader;
        bs_reader_begin(&reader, job->levels[i].weights);
        (void)memcpy(job->readers + ((size_t)i * BS_READER_WORDS), &reader, sizeof reader);
    }
    for (filter = 0; filter < job->levels[0].weights->filters; filter++) {
        uint32_t constant = (job->bias != NULL) ? (uint32_t)job->bias[filter] : 0U;
        for (i = 0; i < tiles; i++) {
            (void)memset(job->tile + (i * job->tile_words), 0, 32U * sizeof *job->tile);
        }
        for (i = 0; i < job->level_count; i++) {
            constant += add_level(job, i, filter, tiles);
        }
        for (i = 0; i < tiles; i++) {
            const uint32_t left = rest - (i << 5);
            const uint32_t count = (left < 32U) ? left : 32U;
            const uint32_t *const totals = job->tile + (i * job->tile_words);
            if (job->totals->sliced != NULL) {
                store_planes(job, filter, first + i, count, constant, totals);
            } else {
                store_elements(job, filter, first + i, count, constant, totals);
            }
        }
    }
}

bs_status bs_conv2d_sliced_levels(const bs_sliced_window *windows, uint32_t window_count, const bs_sliced_level *levels,
                                  uint32_t level_count, const int32_t *bias, const bs_sliced_totals *totals,
                                  uint32_t tiles, const uint32_t *const *inputs, void *output, uint32_t *tile,
                                  uint16_t *list)
{
    bs_levels_job job;
    uint32_t words;
    uint32_t first;
    uint32_t i;
    if (windows == NULL || window_count == 0U || levels == NULL || level_count == 0U || totals == NULL ||
        (totals->sliced == NULL && totals->map == NULL) || (totals->sliced != NULL && totals->thresholds == NULL) ||
        tiles == 0U || inputs == NULL || output == NULL || tile == NULL || list == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    job.windows = windows;
    job.window_count = window_count;
    job.levels = levels;
    job.level_count = level_count;
    job.bias = bias;
    job.totals = totals;
    job.output = output;
    job.list = list;
    job.have_sums = tile;
    job.readers = tile + window_count;
    job.tile = job.readers + ((size_t)level_count * BS_READER_WORDS);
    job.tile_words = 32;
    for (i = 0; i < window_count; i++) {
        job.tile_words += bs_tile_words(&windows[i]);
    }
    words = ((windows[0].height * windows[0].width) + 31U) >> 5;
    for (first = 0; first < words; first += tiles) {
        const uint32_t together = (words - first < tiles) ? (words - first) : tiles;
        gather(&job, first, together, inputs);
        convolve(&job, first, together);
    }
    return BS_OK;
}
