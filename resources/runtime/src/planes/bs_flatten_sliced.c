/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

bs_status bs_flatten_sliced(const bs_sliced_map *in, const uint32_t *input, uint32_t *output)
{
    const uint32_t pixels = (in != NULL) ? (in->height * in->width) : 0U;
    uint32_t plane;
    if (in == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (plane = 0; plane < in->planes; plane++) {
        bs_bit_writer writer;
        uint32_t channel;
        writer.to = output + ((size_t)plane * (((in->channels * pixels) + 31U) >> 5));
        writer.word = 0;
        writer.used = 0;
        for (channel = 0; channel < in->channels; channel++) {
            const uint32_t *from = input + (((size_t)channel * in->planes) + plane) * in->words;
            uint32_t left = pixels;
            while (left > 32U) {
                bs_append_bits(&writer, *from, 32U);
                from++;
                left -= 32U;
            }
            bs_append_bits(&writer, *from, left);
        }
        bs_end_bits(&writer);
    }
    return BS_OK;
}
