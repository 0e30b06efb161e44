/* SPDX-License-Identifier: Apache-2.0 */
#include "swar.h"

/*
 * With X = 32768 + sum, T = 32768 + threshold, both at least 1: X >= T where X + (65536 - T) carries out of 16 bits.
 * `carries` answers that at bits 15 and 31, for both halves of a word.
 */
#if defined(__GNUC__) && !defined(BS_PORTABLE) && defined(__thumb2__) && defined(__ARM_FEATURE_DSP)

typedef struct {
    uint32_t missing;
} bs_level;

static inline bs_level level_of(uint32_t threshold)
{
    bs_level level;
    level.missing = (65536U - threshold) * 0x00010001U;
    return level;
}

static inline uint32_t carries(bs_level level, uint32_t word)
{
    uint32_t result;
    __asm__("uadd16 %[result], %[word], %[missing]\n"
            "sel %[result], %[marks], %[none]\n"
            : [result] "=&r"(result)
            : [word] "r"(word), [missing] "r"(level.missing), [marks] "r"(0x80008000U), [none] "r"(0U)
            : "cc");
    return result;
}

#else

/*
 * The same with 15 bits, so that carries stay inside the halves: X >= T where X / 2, rounded down for even T and up for
 * odd T, reaches T / 2 rounded up.
 */
typedef struct {
    uint32_t missing;
    uint32_t odd;
} bs_level;

static inline bs_level level_of(uint32_t threshold)
{
    bs_level level;
    level.missing = (32768U - ((threshold + 1U) >> 1)) * 0x00010001U;
    level.odd = (threshold & 1U) * 0x00010001U;
    return level;
}

static inline uint32_t carries(bs_level level, uint32_t word)
{
    return (((word >> 1) & 0x7FFF7FFFU) + (word & level.odd) + level.missing) & 0x80008000U;
}

#endif

/* 32768 + the threshold on a filter's plain sums: total >= value, or, falling, the contrary of -total >= value. */
static uint32_t threshold_of(int32_t value, int32_t bias, uint32_t falling)
{
    int32_t threshold = value;
    if ((bias != 0) || (falling != 0U)) {
        const int64_t exact = ((falling != 0U) ? (1 - (int64_t)value) : (int64_t)value) - bias;
        threshold = (exact > 32768) ? 32768 : ((exact < -32767) ? -32767 : (int32_t)exact);
    }
    /* Every sum reaches -32767, and none reaches 32768. */
    if (threshold < -32767) {
        threshold = -32767;
    }
    if (threshold > 32768) {
        threshold = 32768;
    }
    return (uint32_t)(threshold + 32768);
}

/* Bit 4 * tile + word of both halves, to bit 8 * tile + output. */
static inline uint32_t in_order(uint32_t marks)
{
    uint32_t bits = marks;
    uint32_t moved = (bits ^ (bits >> 8)) & 0x0000FF00U;
    bits ^= moved ^ (moved << 8);
    moved = (bits ^ (bits >> 4)) & 0x00F000F0U;
    bits ^= moved ^ (moved << 4);
    return bits;
}

/* Which outputs of at most 4 tiles reach the threshold. */
static inline uint32_t reached(const uint32_t *sums, uint32_t tiles, bs_level level)
{
    uint32_t marks = 0;
    uint32_t left;
    for (left = tiles; left > 0U; left--) {
        marks = (marks >> 1) | carries(level, sums[0]);
        marks = (marks >> 1) | carries(level, sums[1]);
        marks = (marks >> 1) | carries(level, sums[2]);
        marks = (marks >> 1) | carries(level, sums[3]);
        sums += 4;
    }
    return in_order(marks >> (16U - (4U * tiles)));
}

/* Ors `bits` into a plane from bit `pixel` on. */
static inline void put_bits(uint32_t *plane, size_t pixel, uint32_t bits)
{
    const uint32_t shift = (uint32_t)(pixel & 31U);
    uint32_t *const word = plane + (pixel >> 5);
    word[0] |= bits << shift;
    if (shift != 0U) {
        const uint32_t rest = bits >> (32U - shift);
        if (rest != 0U) {
            word[1] |= rest;
        }
    }
}

/* The same for several rows of whole tiles of which `width` outputs each count. */
static void put_rows(uint32_t *plane, size_t pixel, uint32_t bits, uint32_t rows, uint32_t width)
{
    const uint32_t inside = 0xFFFFFFFFU >> (32U - width);
    const uint32_t row_bits = (width + 7U) & ~7U;
    uint32_t row;
    for (row = 0; row < rows; row++) {
        put_bits(plane, pixel, (bits >> (row * row_bits)) & inside);
        pixel += width;
    }
}

/* At most 4 tiles together: of one row, or, where a row has 1 or 2, of several. */
void bs_swar_planes(const bs_swar_output *out, uint32_t filter, int32_t bias, const uint16_t *section,
                    const bs_swar_tiles *tiles, uint32_t *output)
{
    const bs_thresholds *const thresholds = out->thresholds;
    const int32_t *const values = thresholds->values + ((size_t)filter * thresholds->steps);
    const uint32_t falling =
        ((thresholds->direction != NULL) && (thresholds->direction[filter] < 0)) ? 0xFFFFFFFFU : 0U;
    const uint32_t planes = out->sliced->planes;
    const uint32_t words = out->sliced->words;
    uint32_t *const plane = output + ((size_t)filter * planes * words);
    const bs_level high = level_of(threshold_of(values[planes - 1U], bias, falling));
    const bs_level low = (planes == 2U) ? level_of(threshold_of(values[0], bias, falling)) : high;
    const uint32_t width = tiles->width;
    const uint32_t together = (width > 16U) ? 1U : ((width > 8U) ? 2U : 4U);
    size_t pixel = tiles->pixel;
    uint32_t row;
    uint32_t rows;
    for (row = 0; row < tiles->rows; row += rows) {
        const uint32_t *tile = tiles->first + ((size_t)row * tiles->row_words);
        uint32_t left = width;
        rows = ((tiles->rows - row) < together) ? (tiles->rows - row) : together;
        for (;;) {
            const uint32_t outputs = (left < 32U) ? left : 32U;
            const uint32_t count = (outputs + 7U) >> 3;
            uint32_t sums[4U * BS_SWAR_CHUNK];
            uint32_t bits;
            if (count == 1U) {
                bs_swar_walk(section, tile, tiles->row_words, rows, sums);
            } else {
                bs_swar_walk(section, tile, tiles->tile_words, count, sums);
                if (rows == 2U) {
                    bs_swar_walk(section, tile + tiles->row_words, tiles->tile_words, count, sums + 8);
                }
            }
            bits = reached(sums, count * rows, high) ^ falling;
            if ((rows == 1U) || ((outputs & 7U) == 0U)) {
                const uint32_t inside = 0xFFFFFFFFU >> (32U - (outputs * rows));
                put_bits(plane, pixel, bits & inside);
                if (planes == 2U) {
                    put_bits(plane + words, pixel, (reached(sums, count * rows, low) ^ ~falling) & inside);
                }
            } else {
                put_rows(plane, pixel, bits, rows, outputs);
                if (planes == 2U) {
                    put_rows(plane + words, pixel, reached(sums, count * rows, low) ^ ~falling, rows, outputs);
                }
            }
            pixel += (size_t)outputs * rows;
            left -= outputs;
            if (left == 0U) {
                break;
            }
            tile += (size_t)BS_SWAR_CHUNK * tiles->tile_words;
        }
    }
}
