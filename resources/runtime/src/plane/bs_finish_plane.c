/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

void bs_finish_plane(const bs_finish *finish, uint32_t filter, int32_t *plane, uint32_t height, uint32_t width,
                     void *output)
{
    const bs_map *const out = &finish->out;
    uint32_t y;
    if (finish->pool != NULL) {
        bs_max_pool_plane(finish->pool, plane);
        height = finish->pool->out_height;
        width = finish->pool->out_width;
    }
    for (y = 0; y < height; y++) {
        const size_t first = ((size_t)y * out->row_step) + filter;
        uint32_t x;
        if (finish->thresholds != NULL) {
            int8_t *to = (int8_t *)output + first;
            for (x = 0; x < width; x++) {
                *to = bs_code_of(finish->thresholds, filter, *plane);
                plane++;
                to += out->channels;
            }
        } else {
            int32_t *to = (int32_t *)output + first;
            for (x = 0; x < width; x++) {
                *to = *plane;
                plane++;
                to += out->channels;
            }
        }
    }
}
