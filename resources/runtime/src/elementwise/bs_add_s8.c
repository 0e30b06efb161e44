/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_add_s8(const bs_map *a_map, const bs_map *b_map, const bs_map *out, const int8_t *a, const int8_t *b,
                    int8_t *output)
{
    const size_t row = (size_t)out->width * out->channels;
    uint32_t y;
    if (a == NULL || b == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (y = 0; y < out->height; y++) {
        size_t i;
        for (i = 0; i < row; i++) {
            output[i] = (int8_t)(a[i] + b[i]);
        }
        a += a_map->row_step;
        b += b_map->row_step;
        output += out->row_step;
    }
    return BS_OK;
}
