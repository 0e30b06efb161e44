/* SPDX-License-Identifier: Apache-2.0 */
#include "swar.h"

#define WORD(low, high, c) ((uint32_t)(low)[c] + ((uint32_t)(high)[c] << 16))

BS_SWAR_COLUMNS(int8_t, WORD)

void bs_swar_fill_s8(const bs_swar_shape *shape, const void *pixels, const void *blank, uint32_t origin, uint32_t tiles,
                     uint32_t *slot)
{
    BS_SWAR_FILL(int8_t)
}
