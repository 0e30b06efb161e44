/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_conv2d_planes_s8(const bs_window *window, const bs_planes *weights, const int32_t *start,
                    const bs_finish *finish, const int8_t *input, void *output, int32_t *plane, uint16_t *list)
{
    uint32_t filter;
    if (window == NULL || weights == NULL || finish == NULL || input == NULL || output == NULL || plane == NULL ||
        list == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (filter = 0; filter < weights->filters; filter++) {
        uint32_t positives;
        uint32_t negatives;
        bs_list_planes(window, weights, filter, list, &positives, &negatives);
        bs_plane_list_s8(window, input + ((size_t)filter * window->filter_step), list, positives, negatives,
                         (start != NULL) ? start[filter] : 0, plane);
        bs_finish_plane(finish, filter, plane, window->height, window->width, output);
    }
    return BS_OK;
}
