/* SPDX-License-Identifier: Apache-2.0 */
#include "swar.h"

bs_status bs_conv2d_swar_u8(const bs_swar_window *window, const bs_swar_level *levels, uint32_t level_count,
                            const int32_t *bias, const bs_swar_output *out, const uint8_t *zero,
                            const bs_swar_plan *plan, const uint8_t *input, void *output, uint32_t *ring,
                            uint16_t *list, uint16_t *entries)
{
    bs_swar_source source;
    source.fill = bs_swar_fill_u8;
    source.input = input;
    source.blank = zero;
    source.depthwise = 0;
    return bs_swar_convolve(window, levels, level_count, bias, out, plan, &source, output, ring, list, entries);
}
