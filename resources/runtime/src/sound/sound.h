/* Helpers that the sound functions share. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_SOUND_INTERNAL_H
#define BITSMITH_SOUND_INTERNAL_H

#include "bitsmith_sound.h"

/** Divides by 2^bits and rounds to the nearest, halves up. |value| is below 2^61. A shift of a negative number is the
 * compiler's choice, so an offset makes it positive; compilers see that. */
static inline int64_t bs_round_shift(int64_t value, uint32_t bits)
{
    const int64_t offset = (int64_t)1 << 61;
    const uint64_t raised = (uint64_t)(value + offset) + ((uint64_t)1 << (bits - 1U));
    return (int64_t)(raised >> bits) - (offset >> bits);
}

/** The same by 2, in 32 bits; |value| is below 2^29. */
static inline int32_t bs_round_half(int32_t value)
{
    return (int32_t)(((uint32_t)(value + 1073741824) + 1U) >> 1) - 536870912;
}

#endif
