/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_conv2d_levels_bytes_s8(const bs_bytes_level *levels, uint32_t count, const int32_t *bias,
                                    const bs_finish *finish, const int8_t *const *inputs, void *output, int32_t *plane)
{
    uint32_t filter;
    if (levels == NULL || count == 0U || bias == NULL || finish == NULL || inputs == NULL || output == NULL ||
        plane == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (filter = 0; filter < levels->weights->filters; filter++) {
        const size_t sums = (size_t)levels->window->height * levels->window->width;
        int32_t *const part = plane + sums;
        uint32_t level;
        bs_fill_plane(plane, sums, bias[filter]);
        for (level = 0; level < count; level++) {
            const bs_bytes_level *const one = levels + level;
            const int8_t *const codes = one->weights->codes + ((size_t)filter * one->weights->taps);
            const int32_t start = (one->start != NULL) ? one->start[filter] : 0;
            bs_plane_bytes_s8(one->window, inputs[level] + ((size_t)filter * one->window->filter_step), codes, start,
                               part);
            bs_add_plane(plane, part, sums, one->multipliers[filter]);
        }
        bs_finish_plane(finish, filter, plane, levels->window->height, levels->window->width, output);
    }
    return BS_OK;
}
