/* What the decoders share. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_LISTS_H
#define BITSMITH_LISTS_H

#include "../internal.h"
#include "bitsmith_sliced.h"

/** The first `count` bits (1 to 32) from byte `bytes` on; no byte past them is read. */
static inline uint32_t bs_load_bits(const uint8_t *bytes, uint32_t count)
{
    uint32_t word;
    if (count > 24U) {
        word = (uint32_t)bytes[0] | ((uint32_t)bytes[1] << 8) | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[3] << 24);
    } else {
        word = (uint32_t)bytes[0];
        if (count > 8U) {
            word |= (uint32_t)bytes[1] << 8;
        }
        if (count > 16U) {
            word |= (uint32_t)bytes[2] << 16;
        }
    }
    return word & (0xFFFFFFFFU >> (32U - count));
}

#endif
