/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"
#include "quad.h"

/** Four tiles on their way. */
typedef struct {
    const bs_sliced_window *window;
    const bs_tile_form *place;
    const uint32_t *input;
    bs_outputs outputs[4];
    /** Tiles that there are. */
    uint32_t count;
    uint32_t first;
} group;

/** Where the group's 128 bits of a tap lie in a plane. */
typedef struct {
    uint32_t low[4];
    uint32_t high[4];
    uint32_t mask[4];
    uint32_t right;
    uint32_t left;
} pieces;

static inline uint32_t within(int32_t word, uint32_t words)
{
    return (word < 0) ? 0U : (((uint32_t)word < words) ? (uint32_t)word : (words - 1U));
}

/** As bs_same_piece for all four tiles. */
static void find_pieces(const group *tiles, int32_t down, int32_t right, const uint32_t *columns, pieces *at)
{
    const bs_sliced_window *const window = tiles->window;
    const int32_t width = (int32_t)window->width;
    const uint32_t words = window->in.words;
    const int32_t source = (int32_t)tiles->first + (down * width) + right;
    const uint32_t moved = (uint32_t)source + 0x80000000U;
    const int32_t word = (int32_t)(moved >> 5) - 0x04000000;
    int32_t begin = (-down * width) - (int32_t)tiles->first;
    int32_t end = begin + ((int32_t)window->in.height * width);
    uint32_t i;
    at->right = moved & 31U;
    at->left = (32U - at->right) & 31U;
    for (i = 0; i < 4U; i++) {
        const int32_t next = (at->right == 0U) ? 0 : 1;
        uint32_t rows = 0;
        if ((begin <= 0) && (end >= 32)) {
            rows = 0xFFFFFFFFU;
        } else if ((begin < 32) && (end > 0)) {
            const uint32_t from = (begin < 0) ? 0U : (uint32_t)begin;
            rows = bs_low_bits((end < 32) ? (uint32_t)end : 32U) & ~bs_low_bits(from);
        } else {
            /* none */
        }
        at->mask[i] = columns[i] & rows;
        at->low[i] = within(word + (int32_t)i, words);
        at->high[i] = within(word + (int32_t)i + next, words);
        begin -= 32;
        end -= 32;
    }
}

static inline bs_quad bits_at(const uint32_t *plane, bs_quad low, bs_quad high, const pieces *at)
{
    return bs_quad_or(bs_quad_right(bs_quad_gather(plane, low), at->right),
                      bs_quad_left(bs_quad_gather(plane, high), at->left));
}

/** The words of a tap. */
static BS_KEEP_ORDER void move(const group *tiles, const pieces *at, uint32_t *to)
{
    const bs_sliced_window *const window = tiles->window;
    const size_t words = window->in.words;
    const size_t step = tiles->place->channel_step;
    const bs_quad low = bs_quad_load(at->low);
    const bs_quad high = bs_quad_load(at->high);
    const bs_quad mask = bs_quad_load(at->mask);
    const uint32_t *plane = tiles->input;
    uint32_t channel;
    if (window->in.planes == 2U) {
        for (channel = tiles->place->channels; channel > 0U; channel--) {
            const bs_quad plus = bits_at(plane, low, high, at);
            const bs_quad nonzero = bs_quad_or(plus, bits_at(plane + words, low, high, at));
            bs_quad_store(to, bs_quad_not(bs_quad_and(nonzero, mask)));
            bs_quad_store(to + 4, bs_quad_and(plus, mask));
            plane += 2U * words;
            to += step;
        }
    } else if (bs_tap_words_sliced(window) == 2U) {
        for (channel = tiles->place->channels; channel > 0U; channel--) {
            bs_quad_store(to, bs_quad_not(mask));
            bs_quad_store(to + 4, bs_quad_and(bits_at(plane, low, high, at), mask));
            plane += words;
            to += step;
        }
    } else {
        for (channel = tiles->place->channels; channel > 0U; channel--) {
            bs_quad_store(to, bs_quad_and(bits_at(plane, low, high, at), mask));
            plane += words;
            to += step;
        }
    }
}

static void gather_same(const group *tiles, uint32_t *words)
{
    const bs_sliced_window *const window = tiles->window;
    const size_t tap_step = tiles->place->tap_step;
    uint32_t dx;
    for (dx = 0; dx < window->kernel_width; dx++) {
        const int32_t right = (int32_t)(dx * window->dilation_width) - (int32_t)window->left;
        uint32_t *to = words + (dx * tap_step);
        uint32_t columns[4];
        int32_t down = -(int32_t)window->top;
        uint32_t i;
        for (i = 0; i < 4U; i++) {
            columns[i] = (i < tiles->count) ? bs_columns_inside(&tiles->outputs[i], window->width, right) : 0U;
        }
        for (i = 0; i < window->kernel_height; i++) {
            pieces at;
            find_pieces(tiles, down, right, columns, &at);
            move(tiles, &at, to);
            to += window->kernel_width * tap_step;
            down += (int32_t)window->dilation_height;
        }
    }
}

/** Tile by tile, word by word between those of the other tiles. */
static void gather_any(const group *tiles, uint32_t index, const uint32_t *input, uint32_t *words)
{
    const bs_sliced_window *const window = tiles->window;
    const uint32_t tap_words = bs_tap_words_sliced(window);
    const size_t count =
        (size_t)window->kernel_height * window->kernel_width * tiles->place->channels * 4U * tap_words;
    size_t at;
    uint32_t i;
    if (tiles->count < 4U) {
        for (at = 0; at < count; at++) {
            words[at] = 0;
        }
    }
    for (i = 0; i < tiles->count; i++) {
        bs_tile_sliced(window, (index << 2) + i, tiles->place, input, words + ((size_t)i * tap_words));
    }
    if (tap_words == 2U) {
        for (at = 0; at < count; at += 8U) {
            bs_quad_unzip(words + at);
        }
    }
}

void bs_tile_sliced_mve(const bs_sliced_window *window, uint32_t index, const bs_tile_form *form, const uint32_t *input,
                        uint32_t *words)
{
    const uint32_t all = ((window->height * window->width) + 31U) >> 5;
    const uint32_t rest = all - (index << 2);
    group tiles;
    uint32_t i;
    tiles.window = window;
    tiles.place = form;
    tiles.input = input + ((size_t)form->channel * window->in.planes * window->in.words);
    tiles.count = (rest < 4U) ? rest : 4U;
    tiles.first = index << 7;
    if (bs_is_same(window)) {
        for (i = 0; i < tiles.count; i++) {
            tiles.outputs[i] = bs_outputs_of(window, (index << 2) + i);
        }
        gather_same(&tiles, words);
    } else {
        gather_any(&tiles, index, input, words);
    }
}
