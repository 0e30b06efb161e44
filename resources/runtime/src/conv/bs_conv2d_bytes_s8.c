/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_conv2d_bytes_s8(const bs_window *window, const bs_bytes *weights, const int32_t *start,
                   const bs_finish *finish, const int8_t *input, void *output, int32_t *plane)
{
    uint32_t filter;
    if (window == NULL || weights == NULL || finish == NULL || input == NULL || output == NULL || plane == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (filter = 0; filter < weights->filters; filter++) {
        bs_plane_bytes_s8(window, input + ((size_t)filter * window->filter_step),
                          weights->codes + ((size_t)filter * weights->taps), (start != NULL) ? start[filter] : 0,
                          plane);
        bs_finish_plane(finish, filter, plane, window->height, window->width, output);
    }
    return BS_OK;
}
