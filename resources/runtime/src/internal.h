/* Helpers that kernels share. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_INTERNAL_H
#define BITSMITH_INTERNAL_H

#include "bitsmith.h"

/** Position of the lowest set bit; `bits` is not 0. */
static inline uint32_t bs_lowest_bit(uint32_t bits)
{
#if defined(__GNUC__) && !defined(BS_PORTABLE) && !defined(__ARM_ARCH_6M__) && !defined(__riscv)
    return (uint32_t)__builtin_ctzl((unsigned long)bits);
#else
    /* Cores without a count instruction: de Bruijn multiplication instead of the compiler's library call. */
    static const uint8_t position[32] = {0,  1,  28, 2,  29, 14, 24, 3,  30, 22, 20, 15, 25, 17, 4,  8,
                                         31, 27, 13, 23, 21, 19, 16, 7,  26, 12, 18, 6,  11, 5,  10, 9};
    return position[((bits & (~bits + 1U)) * 0x077CB531U & 0xFFFFFFFFU) >> 27];
#endif
}

/** Whether an address is a multiple of four. */
static inline int bs_is_aligned(const void *address)
{
    return ((uintptr_t)address & 3U) == 0U;
}

#if defined(__GNUC__) && defined(__BYTE_ORDER__) && (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) && !defined(BS_PORTABLE)
/** Four bytes at an address that is a multiple of four as a word, the first one lowest. */
static inline uint32_t bs_load_aligned(const uint8_t *address)
{
    uint32_t word;
    __builtin_memcpy(&word, __builtin_assume_aligned(address, 4), sizeof word);
    return word;
}

/** The opposite. */
static inline void bs_store_aligned(uint8_t *address, uint32_t word)
{
    __builtin_memcpy(__builtin_assume_aligned(address, 4), &word, sizeof word);
}
#else
static inline uint32_t bs_load_aligned(const uint8_t *address)
{
    return (uint32_t)address[0] | ((uint32_t)address[1] << 8) | ((uint32_t)address[2] << 16) |
           ((uint32_t)address[3] << 24);
}

static inline void bs_store_aligned(uint8_t *address, uint32_t word)
{
    address[0] = (uint8_t)(word & 255U);
    address[1] = (uint8_t)((word >> 8) & 255U);
    address[2] = (uint8_t)((word >> 16) & 255U);
    address[3] = (uint8_t)(word >> 24);
}
#endif

/** How many bits are set. */
static inline uint32_t bs_count_bits(uint32_t bits)
{
    bits -= (bits >> 1) & 0x55555555U;
    bits = (bits & 0x33333333U) + ((bits >> 2) & 0x33333333U);
    bits = (bits + (bits >> 4)) & 0x0F0F0F0FU;
    return ((bits * 0x01010101U) & 0xFFFFFFFFU) >> 24;
}

/** Writes tap + number for every set bit, ascending, from `end` on; answers the new end. */
static inline uint16_t *bs_list_up(uint16_t *end, uint32_t bits, uint32_t tap)
{
    while (bits != 0U) {
        *end = (uint16_t)(tap + bs_lowest_bit(bits));
        end++;
        bits &= bits - 1U;
    }
    return end;
}

/** The same, each entry before the last one. */
static inline uint16_t *bs_list_down(uint16_t *end, uint32_t bits, uint32_t tap)
{
    while (bits != 0U) {
        end--;
        *end = (uint16_t)(tap + bs_lowest_bit(bits));
        bits &= bits - 1U;
    }
    return end;
}

/** How many of `steps` ascending thresholds `value` reaches. */
static inline uint32_t bs_count_passed(const int32_t *values, uint32_t steps, int32_t value)
{
    uint32_t passed = 0;
    if (steps <= 4U) {
        uint32_t i;
        for (i = 0; i < steps; i++) {
            passed += (value >= values[i]) ? 1U : 0U;
        }
    } else {
        uint32_t end = steps;
        while (passed < end) {
            const uint32_t middle = passed + ((end - passed) >> 1);
            if (value >= values[middle]) {
                passed = middle + 1U;
            } else {
                end = middle;
            }
        }
    }
    return passed;
}

/** The code of one sum of channel `channel`. */
static inline int8_t bs_code_of(const bs_thresholds *thresholds, uint32_t channel, int32_t sum)
{
    const int32_t *values = thresholds->values + ((size_t)channel * thresholds->steps);
    const int32_t directed = (thresholds->direction != NULL && thresholds->direction[channel] < 0) ? -sum : sum;
    return thresholds->codes[bs_count_passed(values, thresholds->steps, directed)];
}

/** Which bits of word `word` belong to a tap. */
static inline uint32_t bs_word_mask(const bs_planes *weights, uint32_t word)
{
    const uint32_t left = weights->taps - (word << 5);
    return (left >= 32U) ? 0xFFFFFFFFU : ((1U << left) - 1U);
}

/** Rows or columns of the input that one pooling window covers; padding is left out. */
typedef struct {
    uint32_t begin;
    uint32_t end;
} bs_span;

static inline bs_span bs_pool_span(uint32_t first, uint32_t padding, uint32_t kernel, uint32_t length)
{
    bs_span span;
    span.begin = (first > padding) ? (first - padding) : 0U;
    span.end = (first + kernel > padding) ? (first + kernel - padding) : 0U;
    if (span.end > length) {
        span.end = length;
    }
    return span;
}

#endif
