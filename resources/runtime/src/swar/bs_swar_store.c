/* SPDX-License-Identifier: Apache-2.0 */
#include "swar.h"

/*
 * How many of `steps` rising values a number reaches, by a search that always takes the same steps: `size` values, one
 * less than a power of two, are left after the first question, which is about the `lead` values in front of so many.
 */
typedef struct {
    const int32_t *values;
    uint32_t lead;
    uint32_t size;
} bs_search;

static bs_search search_of(const int32_t *values, uint32_t steps)
{
    bs_search search;
    search.values = values;
    search.size = 0;
    while ((search.size * 2U) + 1U <= steps) {
        search.size = (search.size * 2U) + 1U;
    }
    search.lead = steps - search.size;
    return search;
}

/* Where the search for a number is: that many values in front are reached. */
static inline const int32_t *lead_of(const bs_search *search, int32_t total)
{
    const int32_t *at = search->values;
    if ((search->lead != 0U) && (total >= at[search->lead - 1U])) {
        at += search->lead;
    }
    return at;
}

static inline const int32_t *step_of(const int32_t *at, uint32_t half, int32_t total)
{
    return (total >= at[half - 1U]) ? (at + half) : at;
}

/* Totals to numbers of thresholds that they reach, four at a time; `count` is a multiple of 4. */
static void count_reached(const bs_search *search, uint32_t count, uint32_t *totals)
{
    const uint32_t *const end = totals + count;
    for (; totals < end; totals += 4) {
        const int32_t a = bs_swar_signed(totals[0]);
        const int32_t b = bs_swar_signed(totals[1]);
        const int32_t c = bs_swar_signed(totals[2]);
        const int32_t d = bs_swar_signed(totals[3]);
        const int32_t *at_a = lead_of(search, a);
        const int32_t *at_b = lead_of(search, b);
        const int32_t *at_c = lead_of(search, c);
        const int32_t *at_d = lead_of(search, d);
        uint32_t half;
        for (half = (search->size + 1U) >> 1; half != 0U; half >>= 1) {
            at_a = step_of(at_a, half, a);
            at_b = step_of(at_b, half, b);
            at_c = step_of(at_c, half, c);
            at_d = step_of(at_d, half, d);
        }
        totals[0] = (uint32_t)(at_a - search->values);
        totals[1] = (uint32_t)(at_b - search->values);
        totals[2] = (uint32_t)(at_c - search->values);
        totals[3] = (uint32_t)(at_d - search->values);
    }
}

static void store_codes(const bs_swar_output *out, uint32_t filter, uint32_t count, uint32_t *totals, int8_t *output)
{
    const bs_thresholds *const thresholds = out->thresholds;
    const bs_search search = search_of(thresholds->values + ((size_t)filter * thresholds->steps), thresholds->steps);
    const int8_t *const codes = thresholds->codes;
    const size_t step = out->map->channels;
    const uint32_t rounded = (count + 3U) & ~3U;
    uint32_t i;
    if ((thresholds->direction != NULL) && (thresholds->direction[filter] < 0)) {
        for (i = 0; i < rounded; i++) {
            totals[i] = 0U - totals[i];
        }
    }
    count_reached(&search, rounded, totals);
    for (i = 0; i < count; i++) {
        output[i * step] = codes[totals[i]];
    }
}

static void store_planes(const bs_swar_output *out, uint32_t filter, size_t pixel, uint32_t count, const uint32_t *totals,
                         uint32_t *words)
{
    const bs_sliced_map *const map = out->sliced;
    const bs_thresholds *const thresholds = out->thresholds;
    const int32_t *const values = thresholds->values + ((size_t)filter * thresholds->steps);
    const int32_t sign = ((thresholds->direction != NULL) && (thresholds->direction[filter] < 0)) ? -1 : 1;
    uint32_t *const plane = words + ((size_t)filter * map->planes * map->words);
    uint32_t i;
    for (i = 0; i < count; i++) {
        const int32_t total = bs_swar_signed(totals[i]) * sign;
        const size_t at = (pixel + i) >> 5;
        const uint32_t bit = 1U << ((pixel + i) & 31U);
        if (total >= values[thresholds->steps - 1U]) {
            plane[at] |= bit;
        }
        if ((map->planes == 2U) && (total < values[0])) {
            plane[map->words + at] |= bit;
        }
    }
}

void bs_swar_store(const bs_swar_output *out, uint32_t filter, uint32_t y, uint32_t x, uint32_t count,
                   uint32_t *totals, void *output)
{
    if (out->sliced != NULL) {
        store_planes(out, filter, ((size_t)y * out->sliced->width) + x, count, totals, (uint32_t *)output);
    } else {
        const size_t step = out->map->channels;
        const size_t first = ((size_t)y * out->map->row_step) + (x * step) + filter;
        if (out->thresholds != NULL) {
            store_codes(out, filter, count, totals, (int8_t *)output + first);
        } else {
            int32_t *const elements = (int32_t *)output + first;
            uint32_t i;
            for (i = 0; i < count; i++) {
                elements[i * step] = bs_swar_signed(totals[i]);
            }
        }
    }
}
