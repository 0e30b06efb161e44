/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "swar.h"

/* One call's data, for the functions below. */
typedef struct {
    const bs_swar_window *window;
    const bs_swar_level *levels;
    uint32_t level_count;
    const int32_t *bias;
    const bs_swar_output *out;
    const bs_swar_source *source;
    /** Zeros, or the zero point. */
    const void *blank;
    void *output;
    uint32_t *ring;
    bs_swar_shape shape;
} bs_work;

static uint32_t lower_of(uint32_t a, uint32_t b)
{
    return (a < b) ? a : b;
}

/* Slots `from` .. `to` - 1 of the rows of outputs that begin with row y; in a flat shape, of the outputs from x on. */
static void fill_slots(const bs_work *work, uint32_t y, uint32_t x, uint32_t tiles, uint32_t from, uint32_t to)
{
    const bs_swar_window *const window = work->window;
    const bs_swar_shape *const shape = &work->shape;
    uint32_t slot;
    for (slot = from; slot < to; slot++) {
        /* Rows above the map are large numbers. */
        const uint32_t row = (y * window->stride_height) + (slot * shape->slot_rows) - window->top;
        uint32_t *const target = work->ring + ((size_t)slot * shape->slot_words);
        if (row < window->in_height) {
            const uint8_t *const bytes = (const uint8_t *)work->source->input;
            work->source->fill(shape, bytes + ((size_t)row * window->row_step), work->blank, x, tiles, target);
        } else {
            uint32_t tile;
            for (tile = 0; tile < tiles; tile++) {
                memset(target + ((size_t)tile * shape->tile_words), 0, (size_t)shape->slot_words * sizeof(uint32_t));
            }
        }
    }
}

/* Copied as one, which compilers do with one instruction where there is one. */
typedef struct {
    uint32_t words[4];
} bs_four;

/* The last `kept` slots become the first ones. */
static void keep_slots(const bs_work *work, uint32_t kept)
{
    const bs_swar_shape *const shape = &work->shape;
    const size_t distance = (size_t)(shape->slots - kept) * shape->slot_words;
    const size_t words = (size_t)kept * shape->slot_words;
    uint32_t tile;
    for (tile = 0; tile < shape->tiles; tile++) {
        uint32_t *to = work->ring + ((size_t)tile * shape->tile_words);
        const uint32_t *from = to + distance;
        size_t left = words;
        /* Slots are at least as far apart as what is copied at a time. */
        for (; left >= 8U; left -= 8U) {
            *(bs_four *)(void *)to = *(const bs_four *)(const void *)from;
            *(bs_four *)(void *)(to + 4) = *(const bs_four *)(const void *)(from + 4);
            to += 8;
            from += 8;
        }
        for (; left > 0U; left--) {
            *to = *from;
            to++;
            from++;
        }
    }
}

/* total = start + multiplier * sum for the first level, += multiplier * sum for others; fits 32 bits in the end. */
static void add_level(const uint32_t *sums, uint32_t tiles, uint32_t multiplier, uint32_t start, uint32_t first,
                      uint32_t *totals)
{
    const uint32_t *const end = sums + (4U * (size_t)tiles);
    uint32_t i;
    while (sums != end) {
        for (i = 0; i < 4U; i++) {
            const uint32_t low = (first != 0U) ? start : totals[i];
            const uint32_t high = (first != 0U) ? start : totals[i + 4U];
            totals[i] = low + (multiplier * (uint32_t)bs_swar_low(sums[i]));
            totals[i + 4U] = high + (multiplier * (uint32_t)bs_swar_high(sums[i]));
        }
        sums += 4;
        totals += BS_SWAR_OUTPUTS;
    }
}

/* One filter's totals of 32 bits of at most 4 tiles, `step` words apart. */
static void totals_of(const bs_work *work, uint32_t filter, const uint16_t *sections, const uint32_t *tile,
                      uint32_t step, uint32_t tiles, uint32_t *totals)
{
    const uint16_t *section = sections;
    uint32_t start = (work->bias != NULL) ? (uint32_t)work->bias[filter] : 0U;
    uint32_t level;
    for (level = 0; level < work->level_count; level++) {
        const int32_t *const multipliers = work->levels[level].multipliers;
        uint32_t sums[4U * BS_SWAR_CHUNK];
        bs_swar_walk(section, tile, step, tiles, sums);
        add_level(sums, tiles, (multipliers != NULL) ? (uint32_t)multipliers[filter] : 1U, start,
                  (level == 0U) ? 1U : 0U, totals);
        section = bs_swar_next(section);
    }
}

/* At most 4 tiles together: of one row, or, where a row has one tile, of several. */
static void store_totals(const bs_work *work, uint32_t filter, const uint16_t *sections, const bs_swar_tiles *tiles,
                         uint32_t y, uint32_t x)
{
    const uint32_t together = (tiles->width > BS_SWAR_OUTPUTS) ? 1U : BS_SWAR_CHUNK;
    uint32_t totals[BS_SWAR_OUTPUTS * BS_SWAR_CHUNK];
    uint32_t row = 0;
    while (row < tiles->rows) {
        const uint32_t rows = lower_of(tiles->rows - row, together);
        const uint32_t *const first = tiles->first + ((size_t)row * tiles->row_words);
        if (together > 1U) {
            uint32_t i;
            totals_of(work, filter, sections, first, tiles->row_words, rows, totals);
            for (i = 0; i < rows; i++) {
                bs_swar_store(work->out, filter, y + row + i, x, tiles->width, totals + (BS_SWAR_OUTPUTS * (size_t)i),
                              work->output);
            }
        } else {
            uint32_t done;
            for (done = 0; done < tiles->width; done += BS_SWAR_CHUNK * BS_SWAR_OUTPUTS) {
                const uint32_t outputs = lower_of(tiles->width - done, BS_SWAR_CHUNK * BS_SWAR_OUTPUTS);
                totals_of(work, filter, sections, first + ((size_t)(done >> 3) * tiles->tile_words), tiles->tile_words,
                          (outputs + 7U) >> 3, totals);
                bs_swar_store(work->out, filter, y + row, x + done, outputs, totals, work->output);
            }
        }
        row += rows;
    }
}

/* One filter's outputs of everything that the ring holds: `rows` rows from y on, `width` outputs of each from x on. */
static void filter_rows(const bs_work *work, uint32_t filter, const uint16_t *sections, uint32_t y, uint32_t rows,
                        uint32_t x, uint32_t width)
{
    const bs_swar_shape *const shape = &work->shape;
    bs_swar_tiles tiles;
    tiles.first = work->ring + ((work->source->depthwise != 0U) ? ((size_t)filter * shape->span) : 0U);
    tiles.tile_words = shape->tile_words;
    tiles.row_words = shape->row_slots * shape->slot_words;
    tiles.rows = rows;
    tiles.width = width;
    tiles.pixel = 0;
    if ((work->out->sliced != NULL) && (work->level_count == 1U) && (work->levels[0].multipliers == NULL)) {
        tiles.pixel = ((size_t)y * work->out->sliced->width) + x;
        bs_swar_planes(work->out, filter, (work->bias != NULL) ? work->bias[filter] : 0, sections, &tiles,
                       (uint32_t *)work->output);
    } else {
        store_totals(work, filter, sections, &tiles, y, x);
    }
}

/* The filters from `first` on whose sections lie in `entries`, for all outputs. */
static void block_outputs(const bs_work *work, uint32_t first, uint32_t end, const uint16_t *entries)
{
    const bs_swar_shape *const shape = &work->shape;
    const uint32_t width = (shape->flat != 0U) ? (shape->tiles * BS_SWAR_OUTPUTS) : shape->width;
    const uint32_t forward = shape->rows * shape->row_slots;
    const uint32_t overlap = (shape->slots > forward) ? (shape->slots - forward) : 0U;
    uint32_t kept = 0;
    uint32_t y = 0;
    uint32_t x = 0;
    while ((y < shape->height) && (x < shape->width)) {
        const uint32_t rows = lower_of(shape->height - y, shape->rows);
        const uint32_t columns = lower_of(shape->width - x, width);
        const uint16_t *sections = entries;
        uint32_t filter;
        if (kept != 0U) {
            keep_slots(work, kept);
        }
        fill_slots(work, y, x, (columns + 7U) >> 3, kept, shape->slots - ((shape->rows - rows) * shape->row_slots));
        for (filter = first; filter < end; filter++) {
            uint32_t level;
            filter_rows(work, filter, sections, y, rows, x, columns);
            for (level = 0; level < work->level_count; level++) {
                sections = bs_swar_next(sections);
            }
        }
        kept = overlap;
        if (shape->flat != 0U) {
            x += width;
        } else {
            y += rows;
        }
    }
}

bs_status bs_swar_convolve(const bs_swar_window *window, const bs_swar_level *levels, uint32_t level_count,
                           const int32_t *bias, const bs_swar_output *out, const bs_swar_plan *plan,
                           const bs_swar_source *source, void *output, uint32_t *ring, uint16_t *list,
                           uint16_t *entries)
{
    bs_reader readers[BS_SWAR_LEVELS];
    bs_work work;
    uint32_t filters;
    uint32_t first = 0;
    uint32_t level;
    uint32_t linear;
    if ((level_count == 0U) || (level_count > BS_SWAR_LEVELS) || (plan->rows == 0U)) {
        return BS_ERROR_ARGUMENT;
    }
    filters = levels[0].weights->filters;
    work.window = window;
    work.levels = levels;
    work.level_count = level_count;
    work.bias = bias;
    work.out = out;
    work.source = source;
    work.blank = source->blank;
    work.output = output;
    work.ring = ring;
    linear = ((out->sliced != NULL) || (out->map->row_step == window->width * out->map->channels)) ? 1U : 0U;
    bs_swar_measure(window, plan, linear, source->depthwise, &work.shape);
    if ((((window->kernel_height - 1U) * work.shape.tap_slots) + 1U) * work.shape.slot_words > 16384U) {
        return BS_ERROR_ARGUMENT;
    }
    if (work.blank == NULL) {
        uint32_t *const zeros = ring + ((size_t)work.shape.tiles * work.shape.tile_words);
        memset(zeros, 0, (size_t)((window->channels + 3U) >> 2) * sizeof(uint32_t));
        work.blank = zeros;
    }
    if (out->sliced != NULL) {
        const bs_sliced_map *const map = out->sliced;
        memset(output, 0, (size_t)map->channels * map->planes * map->words * sizeof(uint32_t));
    }
    for (level = 0; level < level_count; level++) {
        readers[level].data = levels[level].weights->data;
        readers[level].signs = levels[level].weights->signs;
        readers[level].position = 0;
        readers[level].sign_position = 0;
    }
    if (plan->ready != NULL) {
        block_outputs(&work, 0, filters, plan->ready);
        return BS_OK;
    }
    while (first < filters) {
        uint32_t used = 0;
        uint32_t end = first;
        uint32_t fits = 1U;
        while ((end < filters) && (fits != 0U)) {
            bs_reader next[BS_SWAR_LEVELS];
            uint32_t size = 0;
            for (level = 0; (level < level_count) && (fits != 0U); level++) {
                uint32_t section;
                next[level] = readers[level];
                section = bs_swar_section(&work.shape, levels[level].weights, &next[level], list,
                                                         entries + used + size, plan->entries - used - size);
                size += section;
                fits = (section != 0U) ? 1U : 0U;
            }
            if (fits != 0U) {
                for (level = 0; level < level_count; level++) {
                    readers[level] = next[level];
                }
                used += size;
                end++;
            }
        }
        if (end == first) {
            return BS_ERROR_ARENA_SIZE;
        }
        block_outputs(&work, first, end, entries);
        first = end;
    }
    return BS_OK;
}
