/*
 * Bitsmith runtime: maps of bytes, two pixels in a word ("SWAR"), and lists of nonzero weights.
 *
 * One word holds two pixels as plain integers, x0 + 65536 * x1; one plain addition is two multiply-accumulates with
 * weights in {-1, 0, +1}. All arithmetic on such words is modulo 2^32, so what a sum passes through does not matter:
 * when both final sums s0, s1 lie in -32767 .. 32767, which the exporter proves for every filter, then 32768 + s0 and
 * 32768 + s1 are what the halves of 32768 * 65537 + s0 + 65536 * s1 hold.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BITSMITH_SWAR_H
#define BITSMITH_SWAR_H

#include "bitsmith_sliced.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a filter's window moves over a map of bytes. Steps count elements of the input. */
typedef struct {
    uint32_t in_height;
    uint32_t in_width;
    uint32_t channels;
    /** Elements between neighbouring rows of the input; pixels are `channels` apart. */
    uint32_t row_step;
    uint32_t kernel_height;
    uint32_t kernel_width;
    uint32_t stride_height;
    uint32_t stride_width;
    uint32_t dilation_height;
    uint32_t dilation_width;
    uint32_t top;
    uint32_t left;
    /** Outputs. */
    uint32_t height;
    uint32_t width;
} bs_swar_window;

/** Where the sums go. Exactly one of `sliced` and `map` is not NULL. */
typedef struct {
    /** Bit planes, by thresholds with at most two steps: codes[] are low, +1 or -1, 0, +1. */
    const bs_sliced_map *sliced;
    /** Elements: int8_t codes where there are thresholds, else int32_t sums. */
    const bs_map *map;
    /** Rising thresholds on the sums, or NULL. */
    const bs_thresholds *thresholds;
} bs_swar_output;

/** One level of weights: the total is bias + sum of multipliers[filter] * sum of the level. */
typedef struct {
    const bs_packed *weights;
    /** NULL: all 1. */
    const int32_t *multipliers;
} bs_swar_level;

/**
 * What the ring holds for each input pixel, so that one list entry stands for several weights. PAIRED, QUADS and TRIPLES
 * are packed as weights of a wider map, `depth` channels for each pixel: tap (dy * kernel_width + dx) * depth + v, of
 * which bs_packed.taps counts all. Channels that are missing for a whole group count as 0.
 */
typedef enum {
    /** The channels themselves. depth = channels. */
    BS_SWAR_SINGLE = 0,
    /**
     * For channels a, b = 2 * g, 2 * g + 1: v = 4 * g + {0: a, 1: b, 2: a + b, 3: a - b}. depth = 4 * ceil(channels / 2).
     * Weights lie as for SINGLE; the kernel joins neighbours itself.
     */
    BS_SWAR_PAIRS = 1,
    /** The same, with weights packed by pairs: at most one nonzero among v = 4 * g .. 4 * g + 3. */
    BS_SWAR_PAIRED = 2,
    /**
     * Binary weights by fours: for channels a, b, c, d = 4 * g .. 4 * g + 3, v = 8 * g + 4 * B + 2 * C + D holds
     * a +- b +- c +- d, with - where B, C, D are 1. depth = 8 * ceil(channels / 4). Packed so, one nonzero a group.
     */
    BS_SWAR_QUADS = 3,
    /**
     * Ternary weights by threes: for channels a, b, c = 3 * g .. 3 * g + 2, v = 13 * g + {0: a, 1: b, 2: a + b, 3: a - b,
     * 4: c, 5: a + c, 6: b + c, 7: a + b + c, 8: a - b + c, 9: a - c, 10: b - c, 11: a + b - c, 12: a - b - c}.
     * depth = 13 * ceil(channels / 3). Packed so, at most one nonzero a group.
     */
    BS_SWAR_TRIPLES = 4
} bs_swar_tables;

/** How the work is cut. Every choice gives the same outputs. */
typedef struct {
    bs_swar_tables tables;
    /**
     * Rows of outputs that the ring is filled for at a time, at least 1; more than there are count as all. For 1x1
     * convolutions with stride 1 over a map (and to a map) without gaps, which are computed as one long row: tiles of 8
     * outputs instead.
     */
    uint32_t rows;
    /** Numbers that `entries` has room for. More filters at a time mean that the ring is filled less often. */
    uint32_t entries;
    /**
     * The sections of all filters as `bs_swar_section` makes them, one behind the other, aligned to 4 bytes: the fastest
     * form, and the one without RAM for lists (`list` and `entries` are not used and may be NULL, as the weights' data).
     * NULL: they are decoded from the weights.
     */
    const uint16_t *ready;
} bs_swar_plan;

/** Levels of weights that one convolution may have. */
#define BS_SWAR_LEVELS 8U

/*
 * Convolution of bytes with levels of packed weights: blocks of filters that fit `entries`, then groups of output rows,
 * then the filters, then tiles of 8 neighbouring outputs of a row. Each filter is decoded once. `zero` (u8 only): the
 * byte that stands for 0 in each channel; sums are over byte - zero, and padding contributes nothing. Every level's sums
 * lie in -32767 .. 32767, totals fit 32 bits. `bias` may be NULL (0).
 *
 * Scratch, aligned to 4 bytes.
 * `ring`: tiles * slots * depth * span + ceil(channels / 4) words, where
 *   tiles = ceil(width / 8), slots = ((rows - 1) * stride_height + (kernel_height - 1) * dilation_height) / g + 1 with
 *     g = gcd(stride_height, dilation_height), or stride_height where kernel_height is 1
 *     (the 1x1 convolutions above: tiles = min(rows, ceil(height * width / 8)), slots = 1);
 *   span = min(s, kernel_width) * ((kernel_width - 1) / s * d + 4) with s = stride_width / h, d = dilation_width / h,
 *     h = gcd(stride_width, dilation_width), or stride_width where kernel_width is 1;
 *   4 * depth * span * slots of one output row (rows = 1) is at most 65536 (entries are 16-bit byte offsets).
 * `list`: as many numbers as a level's weights have taps.
 * `entries`: plan->entries numbers, at least those of the largest filter: for each level 2 + P + N, where P and N count
 *   the entries that are added and subtracted, each rounded up to even (pairs: of joined weights); taps + 4 always does.
 *
 * BS_ERROR_ARGUMENT: too many levels, or offsets past 16 bits. BS_ERROR_ARENA_SIZE: a filter that does not fit `entries`.
 */
bs_status bs_conv2d_swar_u8(const bs_swar_window *window, const bs_swar_level *levels, uint32_t level_count,
                            const int32_t *bias, const bs_swar_output *out, const uint8_t *zero,
                            const bs_swar_plan *plan, const uint8_t *input, void *output, uint32_t *ring,
                            uint16_t *list, uint16_t *entries);
bs_status bs_conv2d_swar_s8(const bs_swar_window *window, const bs_swar_level *levels, uint32_t level_count,
                            const int32_t *bias, const bs_swar_output *out, const bs_swar_plan *plan,
                            const int8_t *input, void *output, uint32_t *ring, uint16_t *list, uint16_t *entries);
/** The same for a depthwise convolution: filter c sees channel c alone; taps = kernel_height * kernel_width; SINGLE. */
bs_status bs_depthwise_swar_s8(const bs_swar_window *window, const bs_swar_level *levels, uint32_t level_count,
                               const int32_t *bias, const bs_swar_output *out, const bs_swar_plan *plan,
                               const int8_t *input, void *output, uint32_t *ring, uint16_t *list, uint16_t *entries);

/*
 * Parts of the kernels above.
 */

/** What follows from a window and a plan. Columns of the input under one tile are kept once, however many taps read them. */
typedef struct {
    bs_swar_tables tables;
    uint32_t channels;
    uint32_t kernel_height;
    uint32_t kernel_width;
    uint32_t in_width;
    uint32_t left;
    uint32_t stride_width;
    uint32_t dilation_width;
    /** Columns: `runs` runs of `run_words` words; tap dx begins at word dx % runs * run_words + dx / runs * run_step. */
    uint32_t runs;
    uint32_t run_words;
    uint32_t run_step;
    /** Words of one channel of the ring in one slot. */
    uint32_t span;
    /** Channels of the ring, and those of them that one filter sees. */
    uint32_t depth;
    uint32_t tap_depth;
    /** Words of one input row (a slot) of one tile, and of a whole tile. */
    uint32_t slot_words;
    uint32_t tile_words;
    uint32_t slots;
    uint32_t tiles;
    /** Rows of the input between neighbouring slots; slots between the windows of neighbouring rows, and between taps. */
    uint32_t slot_rows;
    uint32_t row_slots;
    uint32_t tap_slots;
    /** Outputs; rows of them that share a filling. A flat shape has one row, filled `tiles` tiles at a time. */
    uint32_t height;
    uint32_t width;
    uint32_t rows;
    uint32_t flat;
} bs_swar_shape;

/** `linear`: the outputs follow each other without a gap between rows. `depthwise`: filter c sees channel c alone. */
void bs_swar_measure(const bs_swar_window *window, const bs_swar_plan *plan, uint32_t linear, uint32_t depthwise,
                     bs_swar_shape *shape);

/**
 * Fills one slot of `tiles` tiles. `pixels`: the input row; `blank`: what a pixel of padding reads, `channels` bytes
 * (zeros, for u8 `zero`); `origin`: column of the input under the first output's window, before padding is taken off.
 */
typedef void (*bs_swar_filler)(const bs_swar_shape *shape, const void *pixels, const void *blank, uint32_t origin,
                               uint32_t tiles, uint32_t *slot);
void bs_swar_fill_u8(const bs_swar_shape *shape, const void *pixels, const void *blank, uint32_t origin, uint32_t tiles,
                     uint32_t *slot);
void bs_swar_fill_s8(const bs_swar_shape *shape, const void *pixels, const void *blank, uint32_t origin, uint32_t tiles,
                     uint32_t *slot);

/**
 * Decodes one filter of one level to a section of `entries`: number added, number subtracted, then the two lists of byte
 * offsets from a tile's window, each begun at an even place. Answers the section's numbers; 0 where `room` is too small.
 */
uint32_t bs_swar_section(const bs_swar_shape *shape, const bs_packed *weights, bs_reader *reader, uint16_t *list,
                         uint16_t *entries, uint32_t room);

/**
 * Sums of one section for `count` tiles, `step` words apart: 4 words each; word i holds 32768 + sum of output i in its
 * lower half, and that of output i + 4 in its upper half.
 */
void bs_swar_walk(const uint16_t *section, const uint32_t *tile, uint32_t step, uint32_t count, uint32_t *sums);

/** What the ring holds: `rows` rows of `width` outputs, the first of which is pixel `pixel` of the output. */
typedef struct {
    /** The first tile's window, and words from there to the next tile and to the next row. */
    const uint32_t *first;
    uint32_t tile_words;
    uint32_t row_words;
    uint32_t rows;
    uint32_t width;
    size_t pixel;
} bs_swar_tiles;

/** Codes of bias + sum of one filter's only section, into planes whose bits for these outputs are 0. */
void bs_swar_planes(const bs_swar_output *out, uint32_t filter, int32_t bias, const uint16_t *section,
                    const bs_swar_tiles *tiles, uint32_t *output);

/**
 * Stores totals (two's complement) of one filter for `count` neighbouring outputs from (y, x) on. `totals` has numbers
 * up to the next multiple of 4, and serves as scratch.
 */
void bs_swar_store(const bs_swar_output *out, uint32_t filter, uint32_t y, uint32_t x, uint32_t count,
                   uint32_t *totals, void *output);

/** Where the pixels come from, and how they are read. */
typedef struct {
    bs_swar_filler fill;
    const void *input;
    const void *blank;
    /** Filter c sees channel c alone. */
    uint32_t depthwise;
} bs_swar_source;

/** The convolution, whatever its input. */
bs_status bs_swar_convolve(const bs_swar_window *window, const bs_swar_level *levels, uint32_t level_count,
                           const int32_t *bias, const bs_swar_output *out, const bs_swar_plan *plan,
                           const bs_swar_source *source, void *output, uint32_t *ring, uint16_t *list,
                           uint16_t *entries);

#ifdef __cplusplus
}
#endif

#endif
