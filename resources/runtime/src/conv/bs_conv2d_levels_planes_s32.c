/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_conv2d_levels_planes_s32(const bs_planes_level *levels, uint32_t count, const int32_t *bias,
                                      const bs_finish *finish, const int32_t *const *inputs, void *output, int32_t *plane,
                                      uint16_t *list)
{
    uint32_t filter;
    if (levels == NULL || count == 0U || bias == NULL || finish == NULL || inputs == NULL || output == NULL ||
        plane == NULL || list == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (filter = 0; filter < levels->weights->filters; filter++) {
        const size_t sums = (size_t)levels->window->height * levels->window->width;
        int32_t *const part = plane + sums;
        uint32_t level;
        bs_fill_plane(plane, sums, bias[filter]);
        for (level = 0; level < count; level++) {
            const bs_planes_level *const one = levels + level;
            const int32_t start = (one->start != NULL) ? one->start[filter] : 0;
            uint32_t positives;
            uint32_t negatives;
            bs_list_planes(one->window, one->weights, filter, list, &positives, &negatives);
            bs_plane_list_s32(one->window, inputs[level] + ((size_t)filter * one->window->filter_step), list, positives,
                              negatives, start, part);
            bs_add_plane(plane, part, sums, one->multipliers[filter]);
        }
        bs_finish_plane(finish, filter, plane, levels->window->height, levels->window->width, output);
    }
    return BS_OK;
}
