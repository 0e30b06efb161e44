/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

/*
 * In place: output j is written to plane[j]. The window of output j begins at element oy * stride * width + ox * stride,
 * which is at least oy * width + ox >= j because a pooling without padding has no more columns than its input. So no
 * later window reads an element that is already overwritten. A padded pooling is never fused into a convolution.
 */
void bs_max_pool_plane(const bs_pool *pool, int32_t *plane)
{
    int32_t *target = plane;
    uint32_t oy;
    for (oy = 0; oy < pool->out_height; oy++) {
        const int32_t *corner = plane + ((size_t)oy * pool->stride_height * pool->width);
        uint32_t ox;
        for (ox = 0; ox < pool->out_width; ox++) {
            const int32_t *row = corner;
            int32_t best = *row;
            uint32_t y;
            for (y = 0; y < pool->kernel_height; y++) {
                uint32_t x;
                for (x = 0; x < pool->kernel_width; x++) {
                    if (row[x] > best) {
                        best = row[x];
                    }
                }
                row += pool->width;
            }
            *target = best;
            target++;
            corner += pool->stride_width;
        }
    }
}
