/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"
#include <string.h>

bs_status bs_pad_fill_s8(const bs_map *in, const bs_map *out, uint32_t top, uint32_t left, const int8_t *fill,
                         const int8_t *input, int8_t *output)
{
    const size_t row = (size_t)in->width * in->channels;
    const size_t pixels = (size_t)out->height * out->width;
    size_t pixel;
    uint32_t y;
    if (fill == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (pixel = 0; pixel < pixels; pixel++) {
        memcpy(output + (pixel * out->channels), fill, out->channels);
    }
    output += ((size_t)top * out->row_step) + ((size_t)left * out->channels);
    for (y = 0; y < in->height; y++) {
        memcpy(output + ((size_t)y * out->row_step), input + ((size_t)y * in->row_step), row);
    }
    return BS_OK;
}
