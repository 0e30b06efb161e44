/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

#define LOW_BITS 0x01010101U

/* One channel, pixel by pixel. */
static void unpack_channel(const bs_sliced_map *in, const bs_map *out, const uint32_t *channel, int8_t *row)
{
    const bs_signs signs = bs_signs_of(in, channel);
    const uint32_t step = out->channels;
    uint32_t word = 0;
    uint32_t plus = 0;
    uint32_t minus = 0;
    uint32_t left = 0;
    uint32_t y;
    for (y = 0; y < out->height; y++) {
        int8_t *to = row;
        uint32_t x;
        for (x = out->width; x != 0U; x--) {
            if (left == 0U) {
                plus = signs.plus[word];
                minus = bs_minus_at(&signs, word);
                word++;
                left = 32;
            }
            *to = (int8_t)((int32_t)(plus & 1U) - (int32_t)(minus & 1U));
            to += step;
            plus >>= 1;
            minus >>= 1;
            left--;
        }
        row += out->row_step;
    }
}

/* Four channels of a map without gaps, at addresses that are multiples of four. */
static void unpack_four(const bs_sliced_map *in, const bs_map *out, const uint32_t *channels, uint8_t *to)
{
    const size_t channel_words = (size_t)in->planes * in->words;
    const uint32_t step = out->channels;
    uint32_t left = out->height * out->width;
    uint32_t word;
    for (word = 0; word < in->words; word++) {
        uint32_t plus[4];
        uint32_t minus[4];
        uint32_t part;
        for (part = 0; part < 4U; part++) {
            const bs_signs signs = bs_signs_of(in, channels + (part * channel_words));
            plus[part] = signs.plus[word];
            minus[part] = bs_minus_at(&signs, word);
        }
        bs_transpose_bytes(plus);
        bs_transpose_bytes(minus);
        for (part = 0; part < 4U; part++) {
            const uint32_t count = (left < 8U) ? left : 8U;
            uint32_t ones = plus[part];
            uint32_t signs = minus[part];
            uint32_t i;
            for (i = count; i != 0U; i--) {
                const uint32_t negative = signs & LOW_BITS;
                /* 255 in the bytes that are -1. */
                bs_store_aligned(to, (ones & LOW_BITS) | ((negative << 8) - negative));
                to += step;
                ones >>= 1;
                signs >>= 1;
            }
            left -= count;
        }
    }
}

bs_status bs_unpack_sliced_s8(const bs_sliced_map *in, const bs_map *out, const uint32_t *input, int8_t *output)
{
    uint32_t channel = 0;
    if (in == NULL || out == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    if (bs_is_aligned(output) && ((out->channels & 3U) == 0U) && (out->row_step == out->width * out->channels)) {
        for (; channel < out->channels; channel += 4U) {
            unpack_four(in, out, input, (uint8_t *)output + channel);
            input += (size_t)in->planes * in->words * 4U;
        }
    }
    for (; channel < out->channels; channel++) {
        unpack_channel(in, out, input, output + channel);
        input += (size_t)in->planes * in->words;
    }
    return BS_OK;
}
