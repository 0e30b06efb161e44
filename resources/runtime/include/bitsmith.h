/*
 * Bitsmith runtime: integer kernels for networks with binary, ternary and small integer weights.
 *
 * Plain C99. No heap, no floating point, no global variables, no library call beyond memcpy and memset. All memory is
 * the caller's. Every kernel computes exact integer sums; the exporter has proven that none of them leaves 32 bits.
 *
 * Feature maps lie row-major, channels last: element (y, x, c) is at y * row_step + x * pixel_step + c. A map may have
 * a border around it (row_step > width * pixel_step) that holds the padding value, so that a convolution needs no
 * special case at the edges.
 *
 * Naming: bs_<verb>_<variant>_<element type of the input>; one function per file, named after it.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BITSMITH_H
#define BITSMITH_H

#include <stddef.h>
#include <stdint.h>

/** For tables that kernels read several numbers at a time of; compilers that lack it get kernels that do not. */
#if defined(__GNUC__)
#define BS_ALIGNED(bytes) __attribute__((aligned(bytes)))
#else
#define BS_ALIGNED(bytes)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** What a call answers. Anything but BS_OK: nothing was computed. */
typedef enum {
    BS_OK = 0,
    /** A pointer is NULL. */
    BS_ERROR_ARGUMENT = 1,
    /** The arena has fewer bytes than the network needs. */
    BS_ERROR_ARENA_SIZE = 2,
    /** The arena does not start at a multiple of the alignment that the network needs. */
    BS_ERROR_ARENA_ALIGNMENT = 3
} bs_status;

/**
 * Weights in {-1, 0, +1} as two bit planes, one row of `words` 32-bit words for each filter. Bit k & 31 of word k >> 5
 * belongs to tap k; taps run row by row through the kernel window, channels fastest. Bits past the last tap are 0.
 */
typedef struct {
    uint32_t filters;
    /** Weights of one filter. */
    uint32_t taps;
    /** Words of one row: (taps + 31) / 32. */
    uint32_t words;
    /** Which weights are not 0; NULL for binary weights, where none is. */
    const uint32_t *nonzero;
    /** Which weights are -1 (a subset of `nonzero`). */
    const uint32_t *negative;
} bs_planes;

/** Weights as signed bytes, filter by filter, taps in the same order as in `bs_planes`. */
typedef struct {
    uint32_t filters;
    uint32_t taps;
    const int8_t *codes;
} bs_bytes;

/** How a filter's window moves over the input map. All steps count elements of the input. */
typedef struct {
    uint32_t kernel_height;
    uint32_t kernel_width;
    /** Input channels that one filter sees: all of them, or 1 for a depthwise convolution. */
    uint32_t channels;
    /** From one filter's first channel to the next filter's: 0, or 1 for a depthwise convolution. */
    uint32_t filter_step;
    /** Between horizontal neighbours under the window (dilation included), and between its rows. */
    uint32_t tap_step;
    uint32_t tap_row_step;
    /** Between the windows of neighbouring outputs (stride included), and between rows of outputs. */
    uint32_t window_step;
    uint32_t window_row_step;
    /** Outputs of the convolution. */
    uint32_t height;
    uint32_t width;
} bs_window;

/** One of several convolutions whose sums are added: total = bias + sum over levels of multiplier * sum of the level. */
typedef struct {
    const bs_window *window;
    const bs_planes *weights;
    /** As `start` of a convolution. */
    const int32_t *start;
    /** One for each filter. */
    const int32_t *multipliers;
} bs_planes_level;

/** The same with weights as bytes. */
typedef struct {
    const bs_window *window;
    const bs_bytes *weights;
    const int32_t *start;
    const int32_t *multipliers;
} bs_bytes_level;

/** A pooling window over a map of height x width, with `top` and `left` rows and columns of padding that never count. */
typedef struct {
    uint32_t height;
    uint32_t width;
    uint32_t kernel_height;
    uint32_t kernel_width;
    uint32_t stride_height;
    uint32_t stride_width;
    uint32_t top;
    uint32_t left;
    uint32_t out_height;
    uint32_t out_width;
} bs_pool;

/**
 * Integer sums to codes. Channel c passes threshold i when direction[c] * sum >= values[c * steps + i]; the code is
 * codes[number of thresholds passed]. Each channel's thresholds ascend.
 */
typedef struct {
    uint32_t channels;
    uint32_t steps;
    const int32_t *values;
    /** +1 or -1 for each channel; NULL when all are +1. */
    const int8_t *direction;
    /** steps + 1 codes. */
    const int8_t *codes;
} bs_thresholds;

/** Where a map's elements lie. */
typedef struct {
    uint32_t height;
    uint32_t width;
    uint32_t channels;
    /** Elements between neighbouring rows; neighbouring pixels are `channels` apart. */
    uint32_t row_step;
} bs_map;

/** A map of codes as bit planes: the sliced form, see `bitsmith_sliced.h`. */
typedef struct {
    uint32_t height;
    uint32_t width;
    uint32_t channels;
    /** Words of one plane: (height * width + 31) / 32. */
    uint32_t words;
    /** 1 (binary) or 2 (ternary). */
    uint32_t planes;
    /** Code of a clear bit of a binary map: -1 or 0. Ternary maps: 0. */
    int32_t low;
} bs_sliced_map;

/** What happens to the sums of one filter before they are stored. */
typedef struct {
    /** Max-pooling of the sums, or NULL. */
    const bs_pool *pool;
    /** Thresholds that turn sums into codes (the output is int8_t), or NULL (the output is int32_t). */
    const bs_thresholds *thresholds;
    bs_map out;
} bs_finish;

/*
 * Convolutions. `input` points at the first element under the first window, in the border where there is padding.
 * `start` holds one number for each filter that its sums begin with (the zero points of raw input), or NULL.
 * `plane` is scratch for window.height * window.width sums; `list` for `taps` numbers, where every offset under the
 * window is below 65536 (the exporter refuses others). Depthwise convolutions differ by their bs_window only.
 */
bs_status bs_conv2d_planes_u8(const bs_window *window, const bs_planes *weights, const int32_t *start,
                              const bs_finish *finish, const uint8_t *input, void *output, int32_t *plane,
                              uint16_t *list);
bs_status bs_conv2d_planes_s8(const bs_window *window, const bs_planes *weights, const int32_t *start,
                              const bs_finish *finish, const int8_t *input, void *output, int32_t *plane,
                              uint16_t *list);
bs_status bs_conv2d_planes_s32(const bs_window *window, const bs_planes *weights, const int32_t *start,
                               const bs_finish *finish, const int32_t *input, void *output, int32_t *plane,
                               uint16_t *list);
bs_status bs_conv2d_bytes_u8(const bs_window *window, const bs_bytes *weights, const int32_t *start,
                             const bs_finish *finish, const uint8_t *input, void *output, int32_t *plane);
bs_status bs_conv2d_bytes_s8(const bs_window *window, const bs_bytes *weights, const int32_t *start,
                             const bs_finish *finish, const int8_t *input, void *output, int32_t *plane);
bs_status bs_conv2d_bytes_s32(const bs_window *window, const bs_bytes *weights, const int32_t *start,
                              const bs_finish *finish, const int32_t *input, void *output, int32_t *plane);

/*
 * Convolutions of several levels, for weights or inputs that are sums of codes with unequal scales. Every level has as
 * many filters and outputs as the first; inputs[i] belongs to levels[i] as `input` above. `bias` has one number for each
 * filter. `plane` is scratch for twice as many sums as a window has outputs. No total leaves 32 bits (proven by the
 * exporter).
 */
bs_status bs_conv2d_levels_planes_u8(const bs_planes_level *levels, uint32_t count, const int32_t *bias,
                                     const bs_finish *finish, const uint8_t *const *inputs, void *output, int32_t *plane,
                                     uint16_t *list);
bs_status bs_conv2d_levels_planes_s8(const bs_planes_level *levels, uint32_t count, const int32_t *bias,
                                     const bs_finish *finish, const int8_t *const *inputs, void *output, int32_t *plane,
                                     uint16_t *list);
bs_status bs_conv2d_levels_planes_s32(const bs_planes_level *levels, uint32_t count, const int32_t *bias,
                                      const bs_finish *finish, const int32_t *const *inputs, void *output, int32_t *plane,
                                      uint16_t *list);
bs_status bs_conv2d_levels_bytes_u8(const bs_bytes_level *levels, uint32_t count, const int32_t *bias,
                                    const bs_finish *finish, const uint8_t *const *inputs, void *output, int32_t *plane);
bs_status bs_conv2d_levels_bytes_s8(const bs_bytes_level *levels, uint32_t count, const int32_t *bias,
                                    const bs_finish *finish, const int8_t *const *inputs, void *output, int32_t *plane);
bs_status bs_conv2d_levels_bytes_s32(const bs_bytes_level *levels, uint32_t count, const int32_t *bias,
                                     const bs_finish *finish, const int32_t *const *inputs, void *output, int32_t *plane);

/* Dense layers: `taps` inputs without gaps, `filters` sums. `start` as above. */
bs_status bs_dense_planes_u8(const bs_planes *weights, const int32_t *start, const uint8_t *input, int32_t *output);
bs_status bs_dense_planes_s8(const bs_planes *weights, const int32_t *start, const int8_t *input, int32_t *output);
bs_status bs_dense_planes_s32(const bs_planes *weights, const int32_t *start, const int32_t *input, int32_t *output);
bs_status bs_dense_bytes_u8(const bs_bytes *weights, const int32_t *start, const uint8_t *input, int32_t *output);
bs_status bs_dense_bytes_s8(const bs_bytes *weights, const int32_t *start, const int8_t *input, int32_t *output);
bs_status bs_dense_bytes_s32(const bs_bytes *weights, const int32_t *start, const int32_t *input, int32_t *output);

/* Pooling. `in` and `out` say where the elements lie; their heights and widths are those of `pool`. */
bs_status bs_max_pool_u8(const bs_pool *pool, const bs_map *in, const bs_map *out, const uint8_t *input,
                         uint8_t *output);
bs_status bs_max_pool_s8(const bs_pool *pool, const bs_map *in, const bs_map *out, const int8_t *input,
                         int8_t *output);
bs_status bs_max_pool_s32(const bs_pool *pool, const bs_map *in, const bs_map *out, const int32_t *input,
                          int32_t *output);
/* Sums over windows: an average without its division. The first form's sums fit 8 bits (proven by the exporter). */
bs_status bs_sum_pool_s8(const bs_pool *pool, const bs_map *in, const bs_map *out, const int8_t *input,
                         int8_t *output);
bs_status bs_sum_pool_wide_s8(const bs_pool *pool, const bs_map *in, const bs_map *out, const int8_t *input,
                              int32_t *output);
bs_status bs_sum_pool_s32(const bs_pool *pool, const bs_map *in, const bs_map *out, const int32_t *input,
                          int32_t *output);

/* Element by element. */
bs_status bs_add_s8(const bs_map *a_map, const bs_map *b_map, const bs_map *out, const int8_t *a, const int8_t *b,
                    int8_t *output);
bs_status bs_threshold_u8(const bs_thresholds *thresholds, const bs_map *in, const bs_map *out, const uint8_t *input,
                          int8_t *output);
bs_status bs_threshold_s8(const bs_thresholds *thresholds, const bs_map *in, const bs_map *out, const int8_t *input,
                          int8_t *output);
bs_status bs_threshold_s32(const bs_thresholds *thresholds, const bs_map *in, const bs_map *out,
                           const int32_t *input, int8_t *output);
/** output += multipliers[channel] * input, element by element. */
bs_status bs_combine_s8(const bs_map *in, const bs_map *out, const int32_t *multipliers, const int8_t *input,
                        int32_t *output);
bs_status bs_combine_s32(const bs_map *in, const bs_map *out, const int32_t *multipliers, const int32_t *input,
                         int32_t *output);
/** output = codes[input - low]. */
bs_status bs_lookup_s8(const bs_map *in, const bs_map *out, const int8_t *codes, int32_t low, const int8_t *input,
                       int8_t *output);
/** logits[i] += values[i] * multipliers[i]. */
bs_status bs_affine_s8(uint32_t count, const int8_t *values, const int32_t *multipliers, int32_t *logits);
bs_status bs_affine_s32(uint32_t count, const int32_t *values, const int32_t *multipliers, int32_t *logits);

/** Gives every element of a map the value of its channel. */
bs_status bs_fill_channels_s32(const bs_map *out, const int32_t *values, int32_t *output);

/** Copies a map into a larger one: `top` and `left` rows and columns, and what remains, get the value fill[channel]. */
bs_status bs_pad_u8(const bs_map *in, const bs_map *out, uint32_t top, uint32_t left, const uint8_t *fill,
                    const uint8_t *input, uint8_t *output);
bs_status bs_pad_fill_s8(const bs_map *in, const bs_map *out, uint32_t top, uint32_t left, const int8_t *fill,
                         const int8_t *input, int8_t *output);
/** The same with zeros. */
bs_status bs_pad_s8(const bs_map *in, const bs_map *out, uint32_t top, uint32_t left, const int8_t *input,
                    int8_t *output);
bs_status bs_pad_s32(const bs_map *in, const bs_map *out, uint32_t top, uint32_t left, const int32_t *input,
                     int32_t *output);

/*
 * Parts of the kernels above.
 */

/** Offsets under the window of one filter's +1 weights, then of its -1 weights. Both counts are written. */
void bs_list_planes(const bs_window *window, const bs_planes *weights, uint32_t filter, uint16_t *list,
                    uint32_t *positives, uint32_t *negatives);
/** The sums of one filter for all windows: the listed inputs added, then subtracted. */
void bs_plane_list_u8(const bs_window *window, const uint8_t *input, const uint16_t *list, uint32_t positives,
                      uint32_t negatives, int32_t start, int32_t *plane);
void bs_plane_list_s8(const bs_window *window, const int8_t *input, const uint16_t *list, uint32_t positives,
                      uint32_t negatives, int32_t start, int32_t *plane);
void bs_plane_list_s32(const bs_window *window, const int32_t *input, const uint16_t *list, uint32_t positives,
                       uint32_t negatives, int32_t start, int32_t *plane);
/** The sums of one filter for all windows, by multiplication with the filter's bytes. */
void bs_plane_bytes_u8(const bs_window *window, const uint8_t *input, const int8_t *codes, int32_t start,
                       int32_t *plane);
void bs_plane_bytes_s8(const bs_window *window, const int8_t *input, const int8_t *codes, int32_t start,
                       int32_t *plane);
void bs_plane_bytes_s32(const bs_window *window, const int32_t *input, const int8_t *codes, int32_t start,
                        int32_t *plane);
/** Pools one filter's sums in place, applies its thresholds, stores them. `plane` is height x width of the window. */
void bs_finish_plane(const bs_finish *finish, uint32_t filter, int32_t *plane, uint32_t height, uint32_t width,
                     void *output);
/** Gives every sum of a plane one value, and adds the sums of another one, each times a factor. */
void bs_fill_plane(int32_t *plane, size_t count, int32_t value);
void bs_add_plane(int32_t *plane, const int32_t *part, size_t count, int32_t multiplier);
/** Max-pooling of one plane in place: outputs are written where inputs are no longer needed. */
void bs_max_pool_plane(const bs_pool *pool, int32_t *plane);

/*
 * For tests.
 */

/** A value inside the network, as an observer gets it. */
typedef struct {
    /** Its shape, in any case; its row_step counts for elements only. */
    bs_map map;
    /** Bytes of an element: 1 (int8_t) or 4 (int32_t). */
    uint32_t element_bytes;
    /** Where the value lies in bit planes: their description; `values` are uint32_t then. Else NULL. */
    const bs_sliced_map *sliced;
    const void *values;
} bs_value;

/** Element number `index` of a value in row-major order, channels fastest, without its border. */
int32_t bs_value_at(const bs_value *value, uint32_t index);
/** CRC-32 (IEEE 802.3, reflected) over all elements, each as four bytes, least significant first. */
uint32_t bs_crc32_value(const bs_value *value);

/** A constant table of a network. */
typedef struct {
    const char *name;
    const void *values;
    /** Bytes of an element: 1, 2 or 4. */
    uint32_t element_bytes;
    uint32_t count;
} bs_table;

/** CRC-32 (IEEE 802.3, reflected) over all elements, each least significant byte first. */
uint32_t bs_crc32_table(const bs_table *table);

#ifdef __cplusplus
}
#endif

#endif
