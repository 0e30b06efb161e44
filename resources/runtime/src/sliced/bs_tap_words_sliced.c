/* SPDX-License-Identifier: Apache-2.0 */
#include "sliced.h"

uint32_t bs_tap_words_sliced(const bs_sliced_window *window)
{
    const uint32_t bottom = ((window->height - 1U) * window->stride_height) +
                            ((window->kernel_height - 1U) * window->dilation_height);
    const uint32_t right = ((window->width - 1U) * window->stride_width) +
                           ((window->kernel_width - 1U) * window->dilation_width);
    const int padded = (window->top > 0U) || (window->left > 0U) || (bottom >= window->in.height + window->top) ||
                       (right >= window->in.width + window->left);
    const int expanded = (window->in.low == -1) && (window->outside == 0) && padded;
    return ((window->in.planes == 2U) || expanded) ? 2U : 1U;
}
