/* SPDX-License-Identifier: Apache-2.0 */
#include "swar.h"

/* byte - zero in both halves; padding is the zero itself. */
#define WORD(low, high, c)                                                                                              \
    (((uint32_t)(low)[c] + ((uint32_t)(high)[c] << 16)) - ((uint32_t)zero[c] * 0x00010001U))

BS_SWAR_COLUMNS(uint8_t, WORD)

void bs_swar_fill_u8(const bs_swar_shape *shape, const void *pixels, const void *blank, uint32_t origin, uint32_t tiles,
                     uint32_t *slot)
{
    BS_SWAR_FILL(uint8_t)
}
