/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

/*
 * Everything here takes the OR over a window, of bits that are flipped first and flipped back at the end where AND is
 * asked for: `flip` is 0 or all ones.
 */
typedef struct {
    const bs_pool *pool;
    const uint32_t *plane;
    uint32_t flip;
} source;

/* Columns `first` - `padding` on, up to `want` (1 to 32) of them, over all rows of the span; outside the map: 0. */
static uint32_t columns(const source *from, const bs_span *rows, uint32_t first, uint32_t padding, uint32_t want)
{
    const uint32_t width = from->pool->width;
    const uint32_t skip = (first < padding) ? (padding - first) : 0U;
    const uint32_t begin = first + skip - padding;
    uint32_t bits = 0;
    if ((skip < want) && (begin < width)) {
        const uint32_t here = ((width - begin) < (want - skip)) ? (width - begin) : (want - skip);
        uint32_t row;
        for (row = rows->begin; row < rows->end; row++) {
            bits |= bs_bits_at(from->plane, (row * width) + begin, here) ^ from->flip;
        }
        bits = (bits & bs_mask_of(here)) << skip;
    }
    return bits;
}

/* Every `stride`-th bit, `count` of them. */
static uint32_t thin_out(uint32_t bits, uint32_t stride, uint32_t count)
{
    uint32_t result = bits;
    if (stride == 2U) {
        result = bs_even_bits(bits);
    } else if (stride != 1U) {
        uint32_t i;
        result = bits & 1U;
        for (i = 1; i < count; i++) {
            result |= ((bits >> (i * stride)) & 1U) << i;
        }
    } else {
        /* All of them. */
    }
    return result & bs_mask_of(count);
}

/* Any window, in one plane. */
static void pool_plane(const source *from, uint32_t *output)
{
    const bs_pool *const pool = from->pool;
    const uint32_t width = pool->kernel_width;
    /* As many neighbouring outputs as 32 columns have. */
    const uint32_t step = (width <= 32U) ? (((32U - width) / pool->stride_width) + 1U) : 1U;
    bs_bit_writer writer;
    uint32_t y;
    writer.to = output;
    writer.word = 0;
    writer.used = 0;
    for (y = 0; y < pool->out_height; y++) {
        const bs_span rows = bs_pool_span(y * pool->stride_height, pool->top, pool->kernel_height, pool->height);
        uint32_t x;
        for (x = 0; x < pool->out_width; x += step) {
            const uint32_t left = pool->out_width - x;
            const uint32_t count = (left < step) ? left : step;
            const uint32_t first = x * pool->stride_width;
            uint32_t bits = columns(from, &rows, first, pool->left, 32U);
            uint32_t i;
            if (width <= 32U) {
                const uint32_t single = bits;
                for (i = 1; i < width; i++) {
                    bits |= single >> i;
                }
            } else {
                for (i = 32; i < width; i += 32U) {
                    const uint32_t want = ((width - i) < 32U) ? (width - i) : 32U;
                    bits |= columns(from, &rows, first + i, pool->left, want);
                }
                bits = (bits != 0U) ? 1U : 0U;
            }
            bits = (thin_out(bits, pool->stride_width, count) ^ from->flip) & bs_mask_of(count);
            bs_append_bits(&writer, bits, count);
        }
    }
    bs_end_bits(&writer);
}

bs_status bs_max_pool_sliced(const bs_pool *pool, const bs_sliced_map *in, const bs_sliced_map *out,
                             const uint32_t *input, uint32_t *output)
{
    source from;
    uint32_t planes;
    uint32_t plane;
    if (pool == NULL || in == NULL || out == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    from.pool = pool;
    from.plane = input;
    planes = in->channels * in->planes;
    for (plane = 0; plane < planes; plane++) {
        /* The window's largest code is -1 where all of its codes are. */
        from.flip = ((in->planes == 2U) && ((plane & 1U) != 0U)) ? 0xFFFFFFFFU : 0U;
        pool_plane(&from, output);
        from.plane += in->words;
        output += out->words;
    }
    return BS_OK;
}
