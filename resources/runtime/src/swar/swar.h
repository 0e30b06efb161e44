/* What the SWAR kernels share. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_SWAR_PARTS_H
#define BITSMITH_SWAR_PARTS_H

#include "../internal.h"
#include "bitsmith_swar.h"

/** Tiles whose sums are held at a time, and their outputs. */
#define BS_SWAR_CHUNK 4U
#define BS_SWAR_OUTPUTS 8U

/** The number that two's complement bits mean. */
static inline int32_t bs_swar_signed(uint32_t bits)
{
    return (bits <= 0x7FFFFFFFU) ? (int32_t)bits : (-(int32_t)(~bits) - 1);
}

/** The section behind one. */
static inline const uint16_t *bs_swar_next(const uint16_t *section)
{
    return section + 2 + (((uint32_t)section[0] + 1U) & ~1U) + (((uint32_t)section[1] + 1U) & ~1U);
}

/** What sums begin with: 32768 in both halves, so that neither half of the final word borrows from the other. */
#define BS_SWAR_MIDDLE 0x80008000U

/** The sums in the lower and the upper half of a word that began so. */
static inline int32_t bs_swar_low(uint32_t word)
{
    return (int32_t)(word & 0xFFFFU) - 32768;
}

static inline int32_t bs_swar_high(uint32_t word)
{
    return (int32_t)(word >> 16) - 32768;
}

/*
 * The words of two neighbouring columns (x and y) of the ring, `span` apart for its channels; answers where the next channel
 * goes.
 */
static inline uint32_t *bs_swar_put(uint32_t *to, uint32_t span, uint32_t x, uint32_t y)
{
    to[0] = x;
    to[1] = y;
    return to + span;
}

/** a, b, a + b, a - b. */
static inline uint32_t *bs_swar_put_pair(uint32_t *to, uint32_t span, const uint32_t a[2], const uint32_t b[2])
{
    to = bs_swar_put(to, span, a[0], a[1]);
    to = bs_swar_put(to, span, b[0], b[1]);
    to = bs_swar_put(to, span, a[0] + b[0], a[1] + b[1]);
    return bs_swar_put(to, span, a[0] - b[0], a[1] - b[1]);
}

/** a + c, b + c, a + b + c, a - b + c; with -c instead for the second half of a group of three. */
static inline uint32_t *bs_swar_put_with(uint32_t *to, uint32_t span, const uint32_t a[2], const uint32_t b[2],
                                         const uint32_t c[2])
{
    to = bs_swar_put(to, span, a[0] + c[0], a[1] + c[1]);
    to = bs_swar_put(to, span, b[0] + c[0], b[1] + c[1]);
    to = bs_swar_put(to, span, a[0] + b[0] + c[0], a[1] + b[1] + c[1]);
    return bs_swar_put(to, span, (a[0] - b[0]) + c[0], (a[1] - b[1]) + c[1]);
}

/** All sums and differences of three channels, up to their sign. */
static inline uint32_t *bs_swar_put_triple(uint32_t *to, uint32_t span, const uint32_t a[2], const uint32_t b[2],
                                           const uint32_t c[2])
{
    const uint32_t minus[2] = {0U - c[0], 0U - c[1]};
    to = bs_swar_put_pair(to, span, a, b);
    to = bs_swar_put(to, span, c[0], c[1]);
    to = bs_swar_put_with(to, span, a, b, c);
    return bs_swar_put_with(to, span, a, b, minus);
}

/** a + c + d, a + c - d, a - c + d, a - c - d. */
static inline uint32_t *bs_swar_put_signs(uint32_t *to, uint32_t span, const uint32_t a[2], const uint32_t c[2],
                                          const uint32_t d[2])
{
    to = bs_swar_put(to, span, a[0] + c[0] + d[0], a[1] + c[1] + d[1]);
    to = bs_swar_put(to, span, a[0] + (c[0] - d[0]), a[1] + (c[1] - d[1]));
    to = bs_swar_put(to, span, a[0] - (c[0] - d[0]), a[1] - (c[1] - d[1]));
    return bs_swar_put(to, span, a[0] - (c[0] + d[0]), a[1] - (c[1] + d[1]));
}

/** All sums a +- b +- c +- d of four channels. */
static inline uint32_t *bs_swar_put_quad(uint32_t *to, uint32_t span, const uint32_t a[2], const uint32_t b[2],
                                         const uint32_t c[2], const uint32_t d[2])
{
    const uint32_t plus[2] = {a[0] + b[0], a[1] + b[1]};
    const uint32_t minus[2] = {a[0] - b[0], a[1] - b[1]};
    to = bs_swar_put_signs(to, span, plus, c, d);
    return bs_swar_put_signs(to, span, minus, c, d);
}

/* Channel c of both columns; of a channel that may be missing. */
#define BS_SWAR_BOTH(WORD, c) {WORD(low, high, c), WORD(next_low, next_high, c)}
#define BS_SWAR_INSIDE(WORD, c)                                                                                         \
    {((c) < channels) ? WORD(low, high, c) : 0U, ((c) < channels) ? WORD(next_low, next_high, c) : 0U}

/*
 * All channels of two neighbouring columns, by every table. WORD(low, high, c): channel c of two pixels in the halves of a
 * word; it may use `zero`.
 */
#define BS_SWAR_COLUMNS(TYPE, WORD)                                                                                     \
    static void fill_columns(const bs_swar_shape *shape, const TYPE *const lows[2], const TYPE *const highs[2],         \
                             const TYPE *zero, uint32_t *to)                                                            \
    {                                                                                                                   \
        const uint32_t none[2] = {0, 0};                                                                                \
        const uint32_t span = shape->span;                                                                              \
        const uint32_t channels = shape->channels;                                                                      \
        const TYPE *const low = lows[0];                                                                                \
        const TYPE *const high = highs[0];                                                                              \
        const TYPE *const next_low = lows[1];                                                                           \
        const TYPE *const next_high = highs[1];                                                                         \
        uint32_t c = 0;                                                                                                 \
        (void)zero;                                                                                                     \
        if (shape->tables == BS_SWAR_SINGLE) {                                                                          \
            for (; c < channels; c++) {                                                                                 \
                to = bs_swar_put(to, span, WORD(low, high, c), WORD(next_low, next_high, c));                           \
            }                                                                                                           \
        } else if (shape->tables == BS_SWAR_QUADS) {                                                                    \
            for (; c + 4U <= channels; c += 4U) {                                                                       \
                const uint32_t one[2] = BS_SWAR_BOTH(WORD, c);                                                          \
                const uint32_t two[2] = BS_SWAR_BOTH(WORD, c + 1U);                                                     \
                const uint32_t three[2] = BS_SWAR_BOTH(WORD, c + 2U);                                                   \
                const uint32_t four[2] = BS_SWAR_BOTH(WORD, c + 3U);                                                    \
                to = bs_swar_put_quad(to, span, one, two, three, four);                                                 \
            }                                                                                                           \
            if (c < channels) {                                                                                         \
                const uint32_t one[2] = BS_SWAR_BOTH(WORD, c);                                                          \
                const uint32_t two[2] = BS_SWAR_INSIDE(WORD, c + 1U);                                                   \
                const uint32_t three[2] = BS_SWAR_INSIDE(WORD, c + 2U);                                                 \
                (void)bs_swar_put_quad(to, span, one, two, three, none);                                                \
            }                                                                                                           \
        } else if (shape->tables == BS_SWAR_TRIPLES) {                                                                  \
            for (; c + 3U <= channels; c += 3U) {                                                                       \
                const uint32_t one[2] = BS_SWAR_BOTH(WORD, c);                                                          \
                const uint32_t two[2] = BS_SWAR_BOTH(WORD, c + 1U);                                                     \
                const uint32_t three[2] = BS_SWAR_BOTH(WORD, c + 2U);                                                   \
                to = bs_swar_put_triple(to, span, one, two, three);                                                     \
            }                                                                                                           \
            if (c < channels) {                                                                                         \
                const uint32_t one[2] = BS_SWAR_BOTH(WORD, c);                                                          \
                const uint32_t two[2] = BS_SWAR_INSIDE(WORD, c + 1U);                                                   \
                (void)bs_swar_put_triple(to, span, one, two, none);                                                     \
            }                                                                                                           \
        } else {                                                                                                        \
            for (; c + 2U <= channels; c += 2U) {                                                                       \
                const uint32_t one[2] = BS_SWAR_BOTH(WORD, c);                                                          \
                const uint32_t two[2] = BS_SWAR_BOTH(WORD, c + 1U);                                                     \
                to = bs_swar_put_pair(to, span, one, two);                                                              \
            }                                                                                                           \
            if (c < channels) {                                                                                         \
                const uint32_t one[2] = BS_SWAR_BOTH(WORD, c);                                                          \
                (void)bs_swar_put_pair(to, span, one, none);                                                            \
            }                                                                                                           \
        }                                                                                                               \
    }

/*
 * The body of a filler, for both kinds of bytes, behind BS_SWAR_COLUMNS. Columns left of the map are large numbers. A run
 * has at least 4 words.
 */
#define BS_SWAR_FILL(TYPE)                                                                                              \
    const TYPE *const row = (const TYPE *)pixels;                                                                       \
    const uint32_t half = 4U * shape->stride_width;                                                                     \
    uint32_t first = origin - shape->left;                                                                              \
    uint32_t tile;                                                                                                      \
    for (tile = 0; tile < tiles; tile++) {                                                                              \
        uint32_t *target = slot;                                                                                        \
        uint32_t start = first;                                                                                         \
        uint32_t run;                                                                                                   \
        for (run = 0; run < shape->runs; run++) {                                                                       \
            uint32_t word = 0;                                                                                          \
            for (;;) {                                                                                                  \
                const uint32_t column = start + (word * shape->stride_width);                                           \
                const TYPE *low[2];                                                                                     \
                const TYPE *high[2];                                                                                    \
                uint32_t i;                                                                                             \
                for (i = 0; i < 2U; i++) {                                                                              \
                    const uint32_t at = column + (i * shape->stride_width);                                             \
                    low[i] = (at < shape->in_width) ? (row + ((size_t)at * shape->channels)) : (const TYPE *)blank;     \
                    high[i] = (at + half < shape->in_width) ? (row + ((size_t)(at + half) * shape->channels))           \
                                                            : (const TYPE *)blank;                                      \
                }                                                                                                       \
                fill_columns(shape, low, high, (const TYPE *)blank, target + word);                                     \
                if (word + 2U >= shape->run_words) {                                                                    \
                    break;                                                                                              \
                }                                                                                                       \
                /* Of an odd number of columns, the last but one is filled twice. */                                    \
                word += (word + 3U == shape->run_words) ? 1U : 2U;                                                      \
            }                                                                                                           \
            target += shape->run_words;                                                                                 \
            start += shape->dilation_width;                                                                             \
        }                                                                                                               \
        first += half + half;                                                                                           \
        slot += shape->tile_words;                                                                                      \
    }

#endif
