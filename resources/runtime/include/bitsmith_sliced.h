/*
 * Bitsmith runtime: maps of binary and ternary codes as bit planes ("sliced"), and lists of nonzero weights.
 *
 * One word holds one channel's code at 32 neighbouring pixels. A convolution walks the list of a filter's nonzero weights
 * and counts for 32 pixels at once, with carry-save adders whose digits are bit planes; thresholds are compared in bit
 * planes too, so that the output is the next layer's input, packed already. No multiplication, no population count.
 *
 * The form, exactly. A map has height x width x channels; pixel p = y * width + x is bit p & 31 (least significant first)
 * of word p >> 5 of a plane; a plane has words = (height * width + 31) / 32 words. Bits of the last word past the last
 * pixel are 0, always. A vector of n codes is a map of 1 x n x 1.
 *   planes == 1: binary; a set bit is code +1, a clear one `low`, -1 or 0.
 *   planes == 2: ternary; channel c has its +1 plane, then its -1 plane; no pixel is in both.
 * Channel c begins at word c * planes * words.
 *
 * Nothing outside a map contributes: padding means x = 0 there. (Binary codes -1 / +1 with padding: `outside` of the
 * window says whether padding counts as 0, as everywhere else, or as -1.)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BITSMITH_SLICED_H
#define BITSMITH_SLICED_H

#include "bitsmith.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Packed weights. Every packing holds weights in {-1, 0, +1}, filter by filter, taps in the order of `bs_planes`, and is
 * decoded into a list in RAM, one filter at a time, in the order of the filters.
 */

/** Where a decoder stands. All members are the decoder's own; begin with {data, signs, 0, 0}. */
typedef struct {
    const uint8_t *data;
    const uint8_t *signs;
    uint32_t position;
    uint32_t sign_position;
} bs_reader;

/**
 * Decodes the next filter. `list` has room for `taps` numbers: the taps of the +1 weights come ascending from its front
 * (list[0 .. positives - 1]), those of the -1 weights descending from its end (list[taps - 1] is the first of them, down to
 * list[taps - negatives]).
 */
typedef void (*bs_decoder)(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives);

typedef struct {
    uint32_t filters;
    /** Weights of one filter, at most 65535. */
    uint32_t taps;
    bs_decoder decode;
    const uint8_t *data;
    /** Second table of the packings that have one, or NULL. */
    const uint8_t *signs;
} bs_packed;

/**
 * Delta lists. Per filter: number of +1 weights, number of -1 weights (a byte each where taps <= 255, else two bytes, low
 * byte first), then the +1 weights, then the -1 weights, each a byte tap - previous tap (before the first: tap itself).
 * The byte 255 means: 255 further on, and no weight there.
 */
void bs_decode_delta(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives);
/** 2-bit masks: bit i & 7 of byte i >> 3, i = filter * taps + tap; `data`: weight is not 0; `signs`: weight is -1. */
void bs_decode_masks(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives);
/** As masks, but `signs` has one bit for each nonzero weight only, in their order: 1 + density bits a weight. */
void bs_decode_bitmap(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives);
/** Base 3: five weights in a byte, weight + 1 as digit, first weight least significant; filters follow without a gap. */
void bs_decode_base3(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives);
/** Binary weights: a bit each as in masks, set where the weight is -1. */
void bs_decode_bits(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives);
/**
 * Steps: lists that sliced convolutions can also walk where they lie. Per filter: number of +1 steps, number of -1 steps
 * (a byte each where taps < BS_STEPS_WIDE, else two, low byte first), then those steps, each a byte tap - previous tap
 * (before the first: tap itself). Where a distance is more than 255, both lists have a tap on the way more; the two
 * cancel out. Where the first number is the largest that fits, no weight is 0 and there are -1 steps only.
 */
void bs_decode_steps(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives);
#define BS_STEPS_WIDE 255U

/** How a filter's window moves over a map. */
typedef struct {
    bs_sliced_map in;
    uint32_t kernel_height;
    uint32_t kernel_width;
    uint32_t stride_height;
    uint32_t stride_width;
    uint32_t dilation_height;
    uint32_t dilation_width;
    /** Rows and columns of padding before the map. */
    uint32_t top;
    uint32_t left;
    /** Outputs. */
    uint32_t height;
    uint32_t width;
    /** Code in the padding: 0, or -1 (binary maps with low == -1 only). */
    int32_t outside;
} bs_sliced_window;

/** Most planes that a counter has. */
#define BS_TALLY_PLANES 20

/**
 * Counters of 32 pixels in bit planes, lowest plane first, and which entries of a tile they count: those of `less` are
 * added; then, where `flip` is not 0, the lowest `flip` planes (at least 4) are complemented and those of `more` added.
 * No sum may need more planes than there are.
 */
typedef struct {
    uint32_t planes[BS_TALLY_PLANES];
    /** Lists of entries, as the counter wants them. */
    const void *less;
    uint32_t less_count;
    const void *more;
    uint32_t more_count;
    uint32_t flip;
} bs_tally;

/** Counts the listed entries of a tile. */
typedef void (*bs_counter)(const uint32_t *tile, bs_tally *tally);
/**
 * An entry of a binary tile is a word of bits, one of a ternary tile the words {zero, plus}, that is, the number x + 1;
 * bs_tap_words_sliced() says which of them a window has. Lists are uint16_t numbers of entries, as decoders write them.
 */
void bs_count_binary(const uint32_t *tile, bs_tally *tally);
void bs_count_ternary(const uint32_t *tile, bs_tally *tally);
/** The same for lists of uint8_t distances between entries, as the packing `steps` has them: nothing is decoded. */
void bs_count_binary_steps(const uint32_t *tile, bs_tally *tally);
void bs_count_ternary_steps(const uint32_t *tile, bs_tally *tally);
/**
 * The same for 128 outputs at once: every word of planes and entries is four, those of neighbouring tiles; an entry of a
 * ternary tile is four words `zero`, then four words `plus`.
 */
typedef struct {
    uint32_t planes[4 * BS_TALLY_PLANES];
    /** How many planes there are, at least 5. */
    uint32_t count;
    const void *less;
    uint32_t less_count;
    const void *more;
    uint32_t more_count;
    uint32_t flip;
} bs_tally_mve;
typedef void (*bs_counter_mve)(const uint32_t *tile, bs_tally_mve *tally);
void bs_count_binary_mve(const uint32_t *tile, bs_tally_mve *tally);
void bs_count_ternary_mve(const uint32_t *tile, bs_tally_mve *tally);
void bs_count_binary_steps_mve(const uint32_t *tile, bs_tally_mve *tally);
void bs_count_ternary_steps_mve(const uint32_t *tile, bs_tally_mve *tally);

/** Words of a tile for each tap: 1 (bits) or 2 ({zero, plus}). */
uint32_t bs_tap_words_sliced(const bs_sliced_window *window);

/**
 * Sums to codes in {-1, 0, +1}: code +1 where sum >= high[filter * variants + v], else, in ternary outputs, -1 where
 * sum < low[filter * variants + v], else 0. `low` is NULL for binary outputs. low <= high.
 * `variants` is 1 without a skip value. With one (a second map of the outputs' shape, read at the same pixel and
 * channel), v follows from its code: variants 3, v = code + 1; or, where the skip map is binary, 2, v = its bit. So
 * code(scale * sum + skip * x + offset) needs no wide sums.
 */
typedef struct {
    uint32_t variants;
    const int16_t *high;
    const int16_t *low;
} bs_sliced_thresholds;

/**
 * Convolution, then thresholds, bit planes to bit planes.
 * `tiles`: how many tiles (32 outputs each) are gathered before the filters are walked; each filter is decoded once for
 * all of them. `out` has weights->filters channels. `skip`/`skip_in` as in bs_sliced_thresholds, or NULL.
 * Scratch: `tile` of tiles * taps * window->in.planes words (twice that where a binary map with low == -1 has padding
 * that counts as 0), `list` of taps numbers.
 */
bs_status bs_conv2d_sliced(const bs_sliced_window *window, const bs_packed *weights, bs_counter count,
                           const bs_sliced_thresholds *thresholds, const bs_sliced_map *out, uint32_t tiles,
                           const bs_sliced_map *skip, const uint32_t *input, const uint32_t *skip_input,
                           uint32_t *output, uint32_t *tile, uint16_t *list);
/** The same for a depthwise convolution: filter c sees channel c alone; taps = kernel_height * kernel_width. */
bs_status bs_depthwise_sliced(const bs_sliced_window *window, const bs_packed *weights, bs_counter count,
                              const bs_sliced_thresholds *thresholds, const bs_sliced_map *out, uint32_t tiles,
                              const bs_sliced_map *skip, const uint32_t *input, const uint32_t *skip_input,
                              uint32_t *output, uint32_t *tile, uint16_t *list);

/**
 * The convolution for cores with Helium (MVE): a tile has 128 outputs, so maps should have that many. Elsewhere portable C
 * with the same results. Scratch: `tile` of tiles * 4 * (taps * tap words + 20) words.
 */
bs_status bs_conv2d_sliced_mve(const bs_sliced_window *window, const bs_packed *weights, bs_counter_mve count,
                               const bs_sliced_thresholds *thresholds, const bs_sliced_map *out, uint32_t tiles,
                               const bs_sliced_map *skip, const uint32_t *input, const uint32_t *skip_input,
                               uint32_t *output, uint32_t *tile, uint16_t *list);

/** Depthwise. Scratch: `tile` of taps * (14 * tiles + 4 * tap words) words. */
bs_status bs_depthwise_sliced_mve(const bs_sliced_window *window, const bs_packed *weights, bs_counter_mve count,
                                  const bs_sliced_thresholds *thresholds, const bs_sliced_map *out, uint32_t tiles,
                                  const bs_sliced_map *skip, const uint32_t *input, const uint32_t *skip_input,
                                  uint32_t *output, uint32_t *tile, uint16_t *list);

/** One of several convolutions whose sums are added. */
typedef struct {
    /** Index of its window, and so of its input. */
    uint32_t window;
    const bs_packed *weights;
    bs_counter count;
    /** One for each filter; NULL: all 1. */
    const int32_t *multipliers;
} bs_sliced_level;

/** Where totals go. Exactly one of `sliced` and `map` is not NULL. */
typedef struct {
    /** Bit planes, by thresholds with at most two steps: codes[] are low, +1 or -1, 0, +1. */
    const bs_sliced_map *sliced;
    /** Elements: int8_t codes where there are thresholds, else int32_t totals. */
    const bs_map *map;
    /** Rising, or NULL. */
    const bs_thresholds *thresholds;
} bs_sliced_totals;

/**
 * total = bias[filter] + sum over levels of multipliers[filter] * sum of the level, int32, for every output; then codes
 * or totals are stored. `bias` may be NULL (0). All windows have outputs of one shape, all levels the same filters.
 * Scratch: `tile` of tiles * (words of a tile as above, summed over the windows); `list` of the most taps of a level.
 */
bs_status bs_conv2d_sliced_levels(const bs_sliced_window *windows, uint32_t window_count, const bs_sliced_level *levels,
                                  uint32_t level_count, const int32_t *bias, const bs_sliced_totals *totals,
                                  uint32_t tiles, const uint32_t *const *inputs, void *output, uint32_t *tile,
                                  uint16_t *list);

/** Max-pooling of planes: OR of the +1 planes, AND of the -1 planes over the pixels of the window inside the map. */
bs_status bs_max_pool_sliced(const bs_pool *pool, const bs_sliced_map *in, const bs_sliced_map *out,
                             const uint32_t *input, uint32_t *output);
/** The same for windows of 2 x 2 side by side (stride 2, no padding): several times faster. */
bs_status bs_max_pool_pairs_sliced(const bs_pool *pool, const bs_sliced_map *in, const bs_sliced_map *out,
                                   const uint32_t *input, uint32_t *output);
/** Sum of every channel's codes over the whole map. */
bs_status bs_sum_sliced_s32(const bs_sliced_map *in, const uint32_t *input, int32_t *output);
/**
 * Two maps as one: code of channel c = digit of tables[c] for the pair of codes (a, b): bits 2 * (3 * (a + 1) + (b + 1))
 * and the next one hold code + 1. Any sum of two codes behind thresholds is such a table.
 */
bs_status bs_join_sliced(const bs_sliced_map *a_map, const bs_sliced_map *b_map, const bs_sliced_map *out,
                         const uint32_t *tables, const uint32_t *a, const uint32_t *b, uint32_t *output);
/** Codes one by one, to planes and back. Codes of a binary map are low and +1. */
bs_status bs_pack_sliced_s8(const bs_map *in, const bs_sliced_map *out, const int8_t *input, uint32_t *output);
bs_status bs_unpack_sliced_s8(const bs_sliced_map *in, const bs_map *out, const uint32_t *input, int8_t *output);
/** A map as a vector without gaps, channel by channel: element c * height * width + p. */
bs_status bs_flatten_sliced(const bs_sliced_map *in, const uint32_t *input, uint32_t *output);

/**
 * Dense layer over a vector in planes by gated XNOR (the form that GXNOR-Net and TOT-Net describe): for 32 taps at a time,
 * count of equal signs minus count of unequal ones where weight and input are both nonzero. Weights as `bs_planes`, taps
 * in the order of the vector's elements.
 */
bs_status bs_dense_sliced(const bs_planes *weights, const bs_sliced_map *in, const uint32_t *input, int32_t *output);
/**
 * The same sums from packed weights, by their lists: less flash, more time. `list` has room for taps numbers and, behind
 * them, taps bytes: (3 * taps + 1) / 2 numbers.
 */
bs_status bs_dense_sliced_packed(const bs_packed *weights, const bs_sliced_map *in, const uint32_t *input,
                                 int32_t *output, uint16_t *list);

/**
 * Weights for lanes: 32 filters in a word, filter f at bit f & 31. Group g of 32 filters has `words` words for each tap,
 * those of tap k from word words * (g * taps + k) on. words == 2: filters whose weight is 0, then those whose weight is
 * +1. words == 1, for weights -1 and +1 only: filters whose weight is +1.
 */
typedef struct {
    uint32_t filters;
    uint32_t taps;
    uint32_t words;
    const uint32_t *lanes;
} bs_lane_weights;
/**
 * Dense layer over a vector in planes, 32 outputs at a time, driven by the nonzero inputs; sums as int32. `list` has room
 * for taps numbers.
 */
bs_status bs_dense_lanes(const bs_lane_weights *weights, const bs_sliced_map *in, const uint32_t *input,
                         int32_t *output, uint16_t *list);
/** The same with thresholds (variants 1), to a vector in planes. */
bs_status bs_dense_lanes_sliced(const bs_lane_weights *weights, const bs_sliced_thresholds *thresholds,
                                const bs_sliced_map *in, const bs_sliced_map *out, const uint32_t *input,
                                uint32_t *output, uint16_t *list);

/*
 * Parts of the kernels above.
 */

/** Lists a vector's +1 and -1 elements, as a decoder lists weights. */
void bs_list_sliced(const bs_sliced_map *in, const uint32_t *input, uint16_t *list, uint32_t *positives,
                    uint32_t *negatives);
/** The sums of the 32 filters of a group over such a list. */
void bs_lane_sums(const bs_lane_weights *weights, uint32_t group, const uint16_t *list, uint32_t positives,
                  uint32_t negatives, int32_t *sums);

/** Most planes that a counter has. */
#define BS_TALLY_PLANES 20

/** Which channels of a map a tile has, and where: words from a tap to the next one, and from a channel to the next. */
typedef struct {
    uint32_t channel;
    uint32_t channels;
    uint32_t tap_step;
    uint32_t channel_step;
} bs_tile_form;
/** Gathers tile `index`, the outputs from 32 * index on. */
void bs_tile_sliced(const bs_sliced_window *window, uint32_t index, const bs_tile_form *form, const uint32_t *input,
                    uint32_t *words);

/** A convolution on its way. */
typedef struct bs_sliced_job bs_sliced_job;
struct bs_sliced_job {
    const bs_sliced_window *window;
    const bs_packed *weights;
    bs_counter count;
    const bs_sliced_thresholds *thresholds;
    const bs_sliced_map *out;
    const bs_sliced_map *skip;
    const uint32_t *skip_input;
    uint32_t *output;
    uint16_t *list;
    /** Words of a tile for each tap, and words from one tile to the next. */
    uint32_t tap_words;
    uint32_t tile_words;
    /** Code of a clear bit. */
    int32_t low;
    /** Whether filters without a zero share the sums of all taps at the tiles' ends, and whether these are known. */
    int share_sums;
    int have_sums;
    bs_reader reader;
    /** The filter's lists, of -1 weights and of +1 weights. */
    const void *less;
    uint32_t less_count;
    const void *more;
    uint32_t more_count;
    /** Gathers of a filter's `number`-th tile what its lists name, before that is counted; NULL: all is there. */
    void (*prepare)(bs_sliced_job *job, uint32_t filter, uint32_t number, uint32_t *tile);
    /** What `prepare` works with. */
    const uint32_t *input;
    const uint32_t *pieces;
    uint32_t wanted;
};
/** The next filter: decoded, counted in `tiles` gathered tiles from tile `first` of the outputs on, compared, stored. */
void bs_filter_sliced(bs_sliced_job *job, uint32_t filter, uint32_t first, uint32_t tiles, uint32_t *tile);
/** The same for tiles of 128 outputs. */
void bs_tile_sliced_mve(const bs_sliced_window *window, uint32_t index, const bs_tile_form *form, const uint32_t *input,
                        uint32_t *words);
void bs_filter_sliced_mve(bs_sliced_job *job, bs_counter_mve count, uint32_t filter, uint32_t first, uint32_t tiles,
                          uint32_t *tile);

#ifdef __cplusplus
}
#endif

#endif
