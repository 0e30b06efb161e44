/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"
#include <string.h>

bs_status bs_fill_channels_s32(const bs_map *out, const int32_t *values, int32_t *output)
{
    uint32_t y;
    if (out == NULL || values == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (y = 0; y < out->height; y++) {
        int32_t *to = output + ((size_t)y * out->row_step);
        uint32_t x;
        for (x = 0; x < out->width; x++) {
            memcpy(to, values, out->channels * sizeof *to);
            to += out->channels;
        }
    }
    return BS_OK;
}
