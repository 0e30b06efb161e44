/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"
#include <string.h>

bs_status bs_pad_s8(const bs_map *in, const bs_map *out, uint32_t top, uint32_t left, const int8_t *input, int8_t *output)
{
    const size_t row = (size_t)in->width * in->channels;
    uint32_t y;
    if (input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    memset(output, 0, (size_t)out->height * out->row_step * sizeof *output);
    output += ((size_t)top * out->row_step) + ((size_t)left * out->channels);
    for (y = 0; y < in->height; y++) {
        memcpy(output + ((size_t)y * out->row_step), input + ((size_t)y * in->row_step), row * sizeof *output);
    }
    return BS_OK;
}
