/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

#define LOW_BITS 0x01010101U
#define HIGH_BITS 0x80808080U

/* The codes +1 and the codes -1 of 32 pixels; a code's lowest bit says that it is not 0, its highest that it is -1. */
static inline void store(const bs_sliced_map *out, uint32_t *channel, uint32_t word, uint32_t nonzero,
                         uint32_t negative)
{
    channel[word] = nonzero & ~negative;
    if (out->planes == 2U) {
        channel[out->words + word] = negative;
    }
}

/* One channel, pixel by pixel. */
static void pack_channel(const bs_map *in, const bs_sliced_map *out, const int8_t *row, uint32_t *output)
{
    const uint32_t step = in->channels;
    uint32_t nonzero = 0;
    uint32_t negative = 0;
    uint32_t word = 0;
    /* Pixels that the words still take; they come in from the top. */
    uint32_t room = 32;
    uint32_t y;
    for (y = 0; y < in->height; y++) {
        const uint8_t *from = (const uint8_t *)row;
        uint32_t x;
        for (x = in->width; x != 0U; x--) {
            const uint32_t code = *from;
            from += step;
            nonzero = (nonzero >> 1) | (code << 31);
            negative = (negative >> 1) | ((code & 0x80U) << 24);
            room--;
            if (room == 0U) {
                store(out, output, word, nonzero, negative);
                word++;
                room = 32;
            }
        }
        row += in->row_step;
    }
    if (room != 32U) {
        store(out, output, word, nonzero >> room, negative >> room);
    }
}

/* Four channels of a map without gaps, at addresses that are multiples of four. */
static void pack_four(const bs_map *in, const bs_sliced_map *out, const uint8_t *from, uint32_t *output)
{
    const size_t channel_words = (size_t)out->planes * out->words;
    const uint32_t step = in->channels;
    uint32_t left = in->height * in->width;
    uint32_t word;
    for (word = 0; word < out->words; word++) {
        uint32_t nonzero[4];
        uint32_t negative[4];
        uint32_t part;
        for (part = 0; part < 4U; part++) {
            const uint32_t count = (left < 8U) ? left : 8U;
            uint32_t ones = 0;
            uint32_t signs = 0;
            uint32_t i;
            for (i = count; i != 0U; i--) {
                const uint32_t codes = bs_load_aligned(from);
                from += step;
                ones = (ones >> 1) | ((codes & LOW_BITS) << 7);
                signs = (signs >> 1) | (codes & HIGH_BITS);
            }
            /* A byte for each channel: eight of its pixels. */
            nonzero[part] = ones >> (8U - count);
            negative[part] = signs >> (8U - count);
            left -= count;
        }
        bs_transpose_bytes(nonzero);
        bs_transpose_bytes(negative);
        for (part = 0; part < 4U; part++) {
            store(out, output + (part * channel_words), word, nonzero[part], negative[part]);
        }
    }
}

/* Four bytes' lowest bits as the lowest four bits. */
static inline uint32_t nibble(uint32_t bits)
{
    return (bits * 0x10204080U) >> 28;
}

/* The only channel of a map without gaps, four pixels at a time, at an address that is a multiple of four. */
static void pack_vector(const bs_map *in, const bs_sliced_map *out, const uint8_t *from, uint32_t *output)
{
    const uint32_t length = in->height * in->width;
    uint32_t word;
    for (word = 0; word < out->words; word++) {
        const uint32_t left = length - (word << 5);
        const uint32_t count = (left < 32U) ? left : 32U;
        uint32_t nonzero = 0;
        uint32_t negative = 0;
        uint32_t i;
        for (i = 0; i + 4U <= count; i += 4U) {
            const uint32_t codes = bs_load_aligned(from + i);
            nonzero |= nibble(codes & LOW_BITS) << i;
            negative |= nibble((codes & HIGH_BITS) >> 7) << i;
        }
        for (; i < count; i++) {
            const uint32_t code = from[i];
            nonzero |= (code & 1U) << i;
            negative |= (code >> 7) << i;
        }
        store(out, output, word, nonzero, negative);
        from += count;
    }
}

bs_status bs_pack_sliced_s8(const bs_map *in, const bs_sliced_map *out, const int8_t *input, uint32_t *output)
{
    uint32_t channel = 0;
    if (in == NULL || out == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    if (bs_is_aligned(input) && (in->channels == 1U) && (in->row_step == in->width)) {
        pack_vector(in, out, (const uint8_t *)input, output);
        return BS_OK;
    }
    if (bs_is_aligned(input) && ((in->channels & 3U) == 0U) && (in->row_step == in->width * in->channels)) {
        for (; channel < in->channels; channel += 4U) {
            pack_four(in, out, (const uint8_t *)input + channel, output);
            output += (size_t)out->planes * out->words * 4U;
        }
    }
    for (; channel < in->channels; channel++) {
        pack_channel(in, out, input + channel, output);
        output += (size_t)out->planes * out->words;
    }
    return BS_OK;
}
