/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

/** What becomes of the input's bits. */
typedef enum {
    /** A binary map to one word. */
    FORM_BITS,
    /** A ternary map to {zero, plus}. */
    FORM_TERNARY,
    /** A binary map of -1 and +1 to {zero, plus}: zero is what no bit of the map belongs to. */
    FORM_SIGNS
} tile_form;

/** A tile on its way. */
typedef struct {
    const bs_sliced_window *window;
    const bs_tile_form *place;
    /** The first channel's first plane. */
    const uint32_t *input;
    tile_form form;
    bs_outputs outputs;
    /** Where the tap's words begin, and whether nothing has been written there yet. */
    uint32_t *tap;
    int fresh;
} tile_state;

/** The tap's words where nothing of the map is. */
static BS_SMALL BS_SHARED void clear(tile_state *tile)
{
    uint32_t *to = tile->tap;
    uint32_t channel;
    for (channel = 0; channel < tile->place->channels; channel++) {
        if (tile->form == FORM_BITS) {
            to[0] = 0;
        } else {
            to[0] = 0xFFFFFFFFU;
            to[1] = 0;
        }
        to += tile->place->channel_step;
    }
    tile->fresh = 0;
}

/** Pieces of a binary map. */
static BS_KEEP_ORDER void move_bits(const tile_state *tile, const bs_piece *where)
{
    const bs_piece at = *where;
    const bs_turn turn = bs_turn_of(where);
    const size_t words = tile->window->in.words;
    const size_t step = tile->place->channel_step;
    const uint32_t *plane = tile->input;
    uint32_t *to = tile->tap;
    const uint32_t *const end = to + (tile->place->channels * step);
    if (tile->fresh == 0) {
        for (; to != end; to += step) {
            to[0] ^= bs_piece_bits(&at, plane);
            plane += words;
        }
    } else if (at.low_word != at.high_word) {
        for (; to != end; to += step) {
            to[0] = bs_piece_bits(&at, plane);
            plane += words;
        }
    } else {
        plane += at.low_word;
        for (; to != end; to += step) {
            to[0] = BS_TURN(*plane, turn) & at.mask;
            plane += words;
        }
    }
}

/** Pieces of a ternary map. */
static BS_KEEP_ORDER void move_pairs(const tile_state *tile, const bs_piece *where)
{
    const bs_piece at = *where;
    const bs_turn turn = bs_turn_of(where);
    const size_t words = tile->window->in.words;
    const size_t step = tile->place->channel_step;
    const uint32_t *plane = tile->input;
    uint32_t *to = tile->tap;
    const uint32_t *const end = to + (tile->place->channels * step);
    if (tile->fresh == 0) {
        for (; to != end; to += step) {
            const uint32_t plus = bs_piece_bits(&at, plane);
            to[0] ^= plus | bs_piece_bits(&at, plane + words);
            to[1] ^= plus;
            plane += words * 2U;
        }
    } else if (at.low_word != at.high_word) {
        for (; to != end; to += step) {
            const uint32_t plus = bs_piece_bits(&at, plane);
            const uint32_t nonzero = plus | bs_piece_bits(&at, plane + words);
            BS_STORE_PAIR(to, ~nonzero, plus);
            plane += words * 2U;
        }
    } else {
        plane += at.low_word;
        for (; to != end; to += step) {
            const uint32_t plus = BS_TURN(plane[0], turn) & at.mask;
            const uint32_t nonzero = plus | (BS_TURN(plane[words], turn) & at.mask);
            BS_STORE_PAIR(to, ~nonzero, plus);
            plane += words * 2U;
        }
    }
}

/** Every second bit, moved together. */
static inline uint32_t halve(uint32_t bits)
{
    bits = (bits | (bits >> 1)) & 0x33333333U;
    bits = (bits | (bits >> 2)) & 0x0F0F0F0FU;
    bits = (bits | (bits >> 4)) & 0x00FF00FFU;
    return (bits | (bits >> 8)) & 0x0000FFFFU;
}

/** Every `stride`-th bit of the first `count` * `stride`, moved together. */
static inline uint32_t squash(uint32_t bits, uint32_t stride, uint32_t count)
{
    uint32_t squashed = 0;
    uint32_t i;
    if (stride == 1U) {
        return bits;
    }
    if (stride == 2U) {
        return halve(bits);
    }
    for (i = 0; i < count; i++) {
        squashed |= ((bits >> (i * stride)) & 1U) << i;
    }
    return squashed;
}

/** Pieces of a ternary map, every second bit. */
static BS_KEEP_ORDER BS_SHARED void halve_pairs(const tile_state *tile, const bs_piece *where, uint32_t bit)
{
    const bs_piece at = *where;
    const size_t words = tile->window->in.words;
    const size_t step = tile->place->channel_step;
    const uint32_t *plane = tile->input;
    uint32_t *to = tile->tap;
    const uint32_t *const end = to + (tile->place->channels * step);
    for (; to != end; to += step) {
        const uint32_t plus = halve(bs_piece_bits(&at, plane)) << bit;
        to[0] ^= plus | (halve(bs_piece_bits(&at, plane + words)) << bit);
        to[1] ^= plus;
        plane += words * 2U;
    }
}

/** The tile's `count` bits from `bit` on are every `stride`-th bit of the piece. */
static BS_SMALL BS_SHARED void move_strided(tile_state *tile, const bs_piece *where, uint32_t stride, uint32_t count,
                                   uint32_t bit)
{
    const bs_piece at = *where;
    const size_t words = tile->window->in.words;
    const uint32_t inside = (stride == 1U) ? at.mask : (bs_low_bits(count) << bit);
    const uint32_t *plane = tile->input;
    uint32_t *to = tile->tap;
    uint32_t channel;
    if (tile->fresh != 0) {
        clear(tile);
    }
    if ((stride == 2U) && (tile->form == FORM_TERNARY)) {
        halve_pairs(tile, where, bit);
        return;
    }
    for (channel = 0; channel < tile->place->channels; channel++) {
        const uint32_t plus = squash(bs_piece_bits(&at, plane), stride, count) << bit;
        plane += words;
        if (tile->form == FORM_BITS) {
            to[0] ^= plus;
        } else if (tile->form == FORM_SIGNS) {
            to[0] ^= inside;
            to[1] ^= plus;
        } else {
            to[0] ^= plus | (squash(bs_piece_bits(&at, plane), stride, count) << bit);
            to[1] ^= plus;
            plane += words;
        }
        to += tile->place->channel_step;
    }
}

/** The tile's bits in the piece's mask are the input's bits there. */
static BS_SHARED void gather_piece(tile_state *tile, const bs_piece *where)
{
    if (where->mask == 0U) {
        return;
    }
    if (tile->form == FORM_BITS) {
        move_bits(tile, where);
    } else if (tile->form == FORM_TERNARY) {
        move_pairs(tile, where);
    } else {
        move_strided(tile, where, 1, 32, 0);
    }
    tile->fresh = 0;
}

/** The outputs x .. end - 1 of a row, whose bits begin at `bit`, from row `row` of the input. */
static BS_SMALL void gather_row(tile_state *tile, uint32_t row, int32_t right, uint32_t x, uint32_t end, uint32_t bit)
{
    const bs_sliced_window *const window = tile->window;
    const uint32_t stride = window->stride_width;
    const int32_t last = (int32_t)window->in.width - 1 - right;
    const uint32_t at_once = (stride == 1U) ? 32U : ((stride >= 32U) ? 1U : ((31U / stride) + 1U));
    uint32_t begin = x;
    if (last < 0) {
        return;
    }
    if (right < 0) {
        const uint32_t first = ((uint32_t)-right + stride - 1U) / stride;
        begin = (first > begin) ? first : begin;
    }
    if (end > ((uint32_t)last / stride) + 1U) {
        end = ((uint32_t)last / stride) + 1U;
    }
    while (begin < end) {
        const uint32_t count = (end - begin < at_once) ? (end - begin) : at_once;
        const int32_t source = (int32_t)((row * window->in.width) + (begin * stride)) + right;
        const uint32_t to = bit + begin - x;
        if (stride == 1U) {
            const bs_piece where = bs_piece_at(source - (int32_t)to, bs_low_bits(count) << to);
            gather_piece(tile, &where);
        } else {
            uint32_t mask = 0;
            uint32_t i;
            bs_piece where;
            for (i = 0; i < count; i++) {
                mask |= 1U << (i * stride);
            }
            where = bs_piece_at(source, mask);
            move_strided(tile, &where, stride, count, to);
        }
        begin += count;
    }
}

/** Any outputs: a piece for each row in the tile. */
static BS_SMALL void gather_rows(tile_state *tile, int32_t down, int32_t right)
{
    const bs_sliced_window *const window = tile->window;
    int32_t row = (int32_t)(tile->outputs.y * window->stride_height) + down;
    uint32_t x = tile->outputs.x;
    uint32_t bit = 0;
    while (bit < tile->outputs.count) {
        const uint32_t rest = tile->outputs.count - bit;
        const uint32_t end = (window->width - x < rest) ? window->width : (x + rest);
        if ((row >= 0) && (row < (int32_t)window->in.height)) {
            gather_row(tile, (uint32_t)row, right, x, end, bit);
        }
        row += (int32_t)window->stride_height;
        bit += end - x;
        x = 0;
    }
}

BS_SMALL
void bs_tile_sliced(const bs_sliced_window *window, uint32_t index, const bs_tile_form *form, const uint32_t *input,
                    uint32_t *words)
{
    const int same = bs_is_same(window);
    uint32_t dx;
    tile_state tile;
    tile.window = window;
    tile.place = form;
    tile.input = input + ((size_t)form->channel * window->in.planes * window->in.words);
    tile.form = FORM_BITS;
    if (bs_tap_words_sliced(window) == 2U) {
        tile.form = (window->in.planes == 2U) ? FORM_TERNARY : FORM_SIGNS;
    }
    tile.outputs = bs_outputs_of(window, index);
    for (dx = 0; dx < window->kernel_width; dx++) {
        const int32_t right = (int32_t)(dx * window->dilation_width) - (int32_t)window->left;
        const uint32_t columns = same ? bs_columns_inside(&tile.outputs, window->width, right) : 0U;
        int32_t down = -(int32_t)window->top;
        uint32_t dy;
        tile.tap = words + ((size_t)dx * form->tap_step);
        for (dy = 0; dy < window->kernel_height; dy++) {
            tile.fresh = 1;
            if (same) {
                const bs_piece where = bs_same_piece(window, &tile.outputs, down, right, columns);
                gather_piece(&tile, &where);
            } else {
                gather_rows(&tile, down, right);
            }
            if (tile.fresh != 0) {
                clear(&tile);
            }
            tile.tap += (size_t)window->kernel_width * form->tap_step;
            down += (int32_t)window->dilation_height;
        }
    }
}
