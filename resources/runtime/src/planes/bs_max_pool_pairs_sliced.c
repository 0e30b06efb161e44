/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

#include <string.h>

/*
 * The OR over a window, of bits that are flipped first and flipped back at the end where AND is asked for: the planes of
 * -1, as the window's largest code is -1 where all of its codes are. `flip` is 0 or all ones.
 */

/* Where 32 bits of a plane begin: the same place in all planes. */
typedef struct {
    uint32_t word;
    uint32_t next;
    uint32_t shift;
} place;

static inline place place_of(uint32_t position, uint32_t words)
{
    place at;
    at.word = position >> 5;
    at.next = (at.word + 1U < words) ? (at.word + 1U) : at.word;
    at.shift = position & 31U;
    return at;
}

/* The bits there; past the last word anything. */
static inline uint32_t bits_of(const uint32_t *plane, place at)
{
    return (plane[at.word] >> at.shift) | ((plane[at.next] << (31U - at.shift)) << 1);
}

/* Up to 16 outputs of a row. */
typedef struct {
    place upper;
    place lower;
    /** Bit number of the first output; which of 16 outputs there are. */
    uint32_t to;
    uint32_t inside;
} chunk;

static inline void pool_chunk(const chunk *of, const uint32_t *plane, uint32_t flip, uint32_t *output)
{
    const uint32_t shift = of->to & 31U;
    uint32_t *const to = output + (of->to >> 5);
    uint32_t bits = (bits_of(plane, of->upper) ^ flip) | (bits_of(plane, of->lower) ^ flip);
    bits = (bs_even_bits(bits | (bits >> 1)) ^ flip) & of->inside;
    to[0] |= bits << shift;
    if ((of->inside << shift) >> shift != of->inside) {
        to[1] = bits >> (32U - shift);
    }
}

/* Any map, a row of outputs at a time. */
static void pool_rows(const bs_pool *pool, const bs_sliced_map *in, const bs_sliced_map *out, const uint32_t *input,
                       uint32_t *output)
{
    uint32_t y;
    (void)memset(output, 0, (size_t)out->channels * out->planes * out->words * sizeof output[0]);
    for (y = 0; y < pool->out_height; y++) {
        uint32_t x;
        for (x = 0; x < pool->out_width; x += 16U) {
            const uint32_t left = pool->out_width - x;
            const uint32_t position = 2U * ((y * pool->width) + x);
            const uint32_t *plane = input;
            uint32_t *to = output;
            uint32_t channel;
            chunk of;
            of.upper = place_of(position, in->words);
            of.lower = place_of(position + pool->width, in->words);
            of.to = (y * pool->out_width) + x;
            of.inside = bs_mask_of((left < 16U) ? left : 16U);
            for (channel = in->channels; channel != 0U; channel--) {
                pool_chunk(&of, plane, 0U, to);
                plane += in->words;
                to += out->words;
                if (in->planes == 2U) {
                    pool_chunk(&of, plane, 0xFFFFFFFFU, to);
                    plane += in->words;
                    to += out->words;
                }
            }
        }
    }
}

/* Eight outputs from a word of whole pairs of rows: rows of 2, 4, 8 or 16. */
static inline uint32_t pool_word(uint32_t bits, uint32_t width)
{
    bits |= bits >> width;
    bits = bs_even_bits(bits | (bits >> 1));
    /* Now rows are half as wide, and every second one counts. */
    if (width <= 2U) {
        bits = (bits & 0x5555U) | ((bits & 0x5555U) >> 1);
    }
    if (width <= 4U) {
        bits = (bits & 0x3333U) | ((bits & 0x3333U) >> 2);
    }
    if (width <= 8U) {
        bits = (bits & 0x0F0FU) | ((bits & 0x0F0FU) >> 4);
    }
    return bits;
}

/* Maps of whole words of pairs of rows. */
static void pool_words(const bs_pool *pool, const bs_sliced_map *in, const uint32_t *input, uint32_t *output)
{
    const uint32_t planes = in->channels * in->planes;
    const uint32_t width = pool->width;
    const uint32_t turn = (in->planes == 2U) ? 0xFFFFFFFFU : 0U;
    uint32_t flip = 0;
    uint32_t plane;
    for (plane = 0; plane < planes; plane++) {
        uint32_t outputs = 0;
        uint32_t shift = 0;
        uint32_t word;
        for (word = in->words; word != 0U; word--) {
            outputs |= ((pool_word(*input ^ flip, width) ^ flip) & 0xFFU) << shift;
            input++;
            shift += 8U;
            if ((shift == 32U) || (word == 1U)) {
                *output = outputs;
                output++;
                outputs = 0;
                shift = 0;
            }
        }
        flip ^= turn;
    }
}

bs_status bs_max_pool_pairs_sliced(const bs_pool *pool, const bs_sliced_map *in, const bs_sliced_map *out,
                                   const uint32_t *input, uint32_t *output)
{
    if (pool == NULL || in == NULL || out == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    if ((pool->width <= 16U) && ((pool->width & (pool->width - 1U)) == 0U) &&
        (pool->out_width * 2U == pool->width) && (pool->out_height * 2U == pool->height)) {
        pool_words(pool, in, input, output);
    } else {
        pool_rows(pool, in, out, input, output);
    }
    return BS_OK;
}
