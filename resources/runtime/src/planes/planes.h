/* What the plane kernels share. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_PLANES_H
#define BITSMITH_PLANES_H

#include "../internal.h"
#include "bitsmith_sliced.h"

/** The lowest `count` bits; `count` is from 1 to 32. */
static inline uint32_t bs_mask_of(uint32_t count)
{
    return 0xFFFFFFFFU >> (32U - count);
}

/** `count` bits (1 to 32) of a plane from bit `position` on; above them anything. */
static inline uint32_t bs_bits_at(const uint32_t *plane, uint32_t position, uint32_t count)
{
    const uint32_t *const word = plane + (position >> 5);
    const uint32_t shift = position & 31U;
    uint32_t bits = word[0] >> shift;
    if (shift + count > 32U) {
        bits |= word[1] << (32U - shift);
    }
    return bits;
}

/** A channel of a map as two planes, whatever its form: where codes are +1, and where they are -1. */
typedef struct {
    const uint32_t *plus;
    const uint32_t *second;
    uint32_t flip;
    uint32_t keep;
} bs_signs;

static inline bs_signs bs_signs_of(const bs_sliced_map *map, const uint32_t *channel)
{
    bs_signs signs;
    signs.plus = channel;
    signs.second = (map->planes == 2U) ? (channel + map->words) : channel;
    signs.flip = (map->planes == 2U) ? 0U : 0xFFFFFFFFU;
    signs.keep = ((map->planes == 2U) || (map->low != 0)) ? 0xFFFFFFFFU : 0U;
    return signs;
}

/** The -1 codes of 32 pixels; past the last pixel anything. */
static inline uint32_t bs_minus_at(const bs_signs *signs, uint32_t word)
{
    return (signs->second[word] ^ signs->flip) & signs->keep;
}

/** Writes bits one after the other. Begin with {first word, 0, 0}. */
typedef struct {
    uint32_t *to;
    uint32_t word;
    /** Bits in `word`, fewer than 32. */
    uint32_t used;
} bs_bit_writer;

/** Appends `count` bits (1 to 32); those of `bits` above them are 0. */
static inline void bs_append_bits(bs_bit_writer *writer, uint32_t bits, uint32_t count)
{
    writer->word |= bits << writer->used;
    writer->used += count;
    if (writer->used >= 32U) {
        *writer->to = writer->word;
        writer->to++;
        writer->used -= 32U;
        writer->word = (writer->used != 0U) ? (bits >> (count - writer->used)) : 0U;
    }
}

/** Writes what is left, with zeros above it. */
static inline void bs_end_bits(const bs_bit_writer *writer)
{
    if (writer->used != 0U) {
        *writer->to = writer->word;
    }
}

/** Bits 0, 2, 4, ... as bits 0 to 15. */
static inline uint32_t bs_even_bits(uint32_t bits)
{
    bits &= 0x55555555U;
    bits = (bits | (bits >> 1)) & 0x33333333U;
    bits = (bits | (bits >> 2)) & 0x0F0F0F0FU;
    bits = (bits | (bits >> 4)) & 0x00FF00FFU;
    return (bits | (bits >> 8)) & 0x0000FFFFU;
}

/** Four words of four bytes: byte j of word i and byte i of word j change places. */
static inline void bs_transpose_bytes(uint32_t *words)
{
    const uint32_t low_a = (words[0] & 0x00FF00FFU) | ((words[1] & 0x00FF00FFU) << 8);
    const uint32_t low_b = (words[2] & 0x00FF00FFU) | ((words[3] & 0x00FF00FFU) << 8);
    const uint32_t high_a = ((words[0] >> 8) & 0x00FF00FFU) | (words[1] & 0xFF00FF00U);
    const uint32_t high_b = ((words[2] >> 8) & 0x00FF00FFU) | (words[3] & 0xFF00FF00U);
    words[0] = (low_a & 0x0000FFFFU) | (low_b << 16);
    words[1] = (high_a & 0x0000FFFFU) | (high_b << 16);
    words[2] = (low_a >> 16) | (low_b & 0xFFFF0000U);
    words[3] = (high_a >> 16) | (high_b & 0xFFFF0000U);
}

#endif
