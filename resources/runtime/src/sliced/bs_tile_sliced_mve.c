/* SPDX-License-Identifier: Apache-2.0 */
#include "place_mve.h"

/** Four tiles on their way. */
typedef struct {
    const bs_sliced_window *window;
    const bs_tile_form *place;
    const uint32_t *input;
    bs_group group;
} tile_state;

/** The words of a tap. */
static BS_KEEP_ORDER void move(const tile_state *tiles, const bs_pieces *at, uint32_t *to)
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
            const bs_quad plus = bs_pieces_bits(plane, low, high, at);
            const bs_quad nonzero = bs_quad_or(plus, bs_pieces_bits(plane + words, low, high, at));
            bs_quad_store(to, bs_quad_not(bs_quad_and(nonzero, mask)));
            bs_quad_store(to + 4, bs_quad_and(plus, mask));
            plane += 2U * words;
            to += step;
        }
    } else if (bs_tap_words_sliced(window) == 2U) {
        for (channel = tiles->place->channels; channel > 0U; channel--) {
            bs_quad_store(to, bs_quad_not(mask));
            bs_quad_store(to + 4, bs_quad_and(bs_pieces_bits(plane, low, high, at), mask));
            plane += words;
            to += step;
        }
    } else {
        for (channel = tiles->place->channels; channel > 0U; channel--) {
            bs_quad_store(to, bs_quad_and(bs_pieces_bits(plane, low, high, at), mask));
            plane += words;
            to += step;
        }
    }
}

static void gather_same(const tile_state *tiles, uint32_t *words)
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
        bs_group_columns(&tiles->group, window->width, right, columns);
        for (i = 0; i < window->kernel_height; i++) {
            const bs_pieces at = bs_same_pieces(window, &tiles->group, down, right, columns);
            move(tiles, &at, to);
            to += window->kernel_width * tap_step;
            down += (int32_t)window->dilation_height;
        }
    }
}

/** Tile by tile, word by word between those of the other tiles. */
static void gather_any(const tile_state *tiles, uint32_t index, const uint32_t *input, uint32_t *words)
{
    const bs_sliced_window *const window = tiles->window;
    const uint32_t tap_words = bs_tap_words_sliced(window);
    const size_t count =
        (size_t)window->kernel_height * window->kernel_width * tiles->place->channels * 4U * tap_words;
    size_t at;
    uint32_t i;
    if (tiles->group.count < 4U) {
        for (at = 0; at < count; at++) {
            words[at] = 0;
        }
    }
    for (i = 0; i < tiles->group.count; i++) {
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
    tile_state tiles;
    tiles.window = window;
    tiles.place = form;
    tiles.input = input + ((size_t)form->channel * window->in.planes * window->in.words);
    tiles.group = bs_group_of(window, index);
    if (bs_is_same(window)) {
        gather_same(&tiles, words);
    } else {
        gather_any(&tiles, index, input, words);
    }
}
