/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

/* Four windows share each walk of the list: the offset is loaded once, and the four sums stay in registers. */
void bs_plane_list_s32(const bs_window *window, const int32_t *input, const uint16_t *list, uint32_t positives,
                      uint32_t negatives, int32_t start, int32_t *plane)
{
    const uint16_t *const middle = list + positives;
    const uint16_t *const end = middle + negatives;
    const uint32_t step = window->window_step;
    uint32_t y;
    for (y = 0; y < window->height; y++) {
        const int32_t *x0 = input + ((size_t)y * window->window_row_step);
        uint32_t left = window->width;
        for (; left >= 4U; left -= 4U) {
            const int32_t *const x1 = x0 + step;
            const int32_t *const x2 = x1 + step;
            const int32_t *const x3 = x2 + step;
            const uint16_t *at;
            int32_t a0 = start;
            int32_t a1 = start;
            int32_t a2 = start;
            int32_t a3 = start;
            for (at = list; at != middle; at++) {
                const uint32_t offset = *at;
                a0 += x0[offset];
                a1 += x1[offset];
                a2 += x2[offset];
                a3 += x3[offset];
            }
            for (; at != end; at++) {
                const uint32_t offset = *at;
                a0 -= x0[offset];
                a1 -= x1[offset];
                a2 -= x2[offset];
                a3 -= x3[offset];
            }
            plane[0] = a0;
            plane[1] = a1;
            plane[2] = a2;
            plane[3] = a3;
            plane += 4;
            x0 += (size_t)step * 4U;
        }
        for (; left > 0U; left--) {
            const uint16_t *at;
            int32_t a0 = start;
            for (at = list; at != middle; at++) {
                a0 += x0[*at];
            }
            for (; at != end; at++) {
                a0 -= x0[*at];
            }
            *plane = a0;
            plane++;
            x0 += step;
        }
    }
}
