/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

void bs_plane_bytes_s8(const bs_window *window, const int8_t *input, const int8_t *codes, int32_t start, int32_t *plane)
{
    uint32_t y;
    for (y = 0; y < window->height; y++) {
        const int8_t *corner = input + ((size_t)y * window->window_row_step);
        uint32_t x;
        for (x = 0; x < window->width; x++) {
            const int8_t *code = codes;
            int32_t sum = start;
            uint32_t row;
            for (row = 0; row < window->kernel_height; row++) {
                const int8_t *tap = corner + ((size_t)row * window->tap_row_step);
                uint32_t column;
                for (column = 0; column < window->kernel_width; column++) {
                    uint32_t channel;
                    for (channel = 0; channel < window->channels; channel++) {
                        sum += (int32_t)tap[channel] * (int32_t)*code;
                        code++;
                    }
                    tap += window->tap_step;
                }
            }
            *plane = sum;
            plane++;
            corner += window->window_step;
        }
    }
}
