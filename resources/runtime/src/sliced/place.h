/* Where a tile's pixels lie in planes. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_PLACE_H
#define BITSMITH_PLACE_H

#include "sliced.h"

/** The outputs of a tile: the first one's position, and how many there are. */
typedef struct {
    uint32_t y;
    uint32_t x;
    uint32_t count;
} bs_outputs;

static inline bs_outputs bs_outputs_of(const bs_sliced_window *window, uint32_t index)
{
    const uint32_t first = index << 5;
    const uint32_t rest = (window->height * window->width) - first;
    bs_outputs outputs;
    outputs.y = first / window->width;
    outputs.x = first - (outputs.y * window->width);
    outputs.count = (rest < 32U) ? rest : 32U;
    return outputs;
}

/** 32 bits of a plane, the upper ones of one word and the lower ones of the next; those of `mask` count. */
typedef struct {
    uint32_t low_word;
    uint32_t high_word;
    uint32_t right;
    uint32_t left;
    uint32_t mask;
} bs_piece;

/**
 * The 32 bits from bit `source` of a plane; `source` may lie before it. All bits of `mask` lie in the plane. A word that
 * none of them lies in is replaced by the other one, so that nothing outside the plane is read.
 */
static inline bs_piece bs_piece_at(int32_t source, uint32_t mask)
{
    /* Moved up by a multiple of 32, so that the division sees no negative number. */
    const uint32_t moved = (uint32_t)source + 0x80000000U;
    const uint32_t word = (moved >> 5) - 0x04000000U;
    bs_piece piece;
    piece.right = moved & 31U;
    piece.left = (32U - piece.right) & 31U;
    piece.mask = mask;
    piece.low_word = ((mask & (0xFFFFFFFFU >> piece.right)) != 0U) ? word : (word + 1U);
    piece.high_word = ((mask & ~(0xFFFFFFFFU >> piece.right)) != 0U) ? (word + 1U) : word;
    return piece;
}

/** Bits of the word that stands in for another one fall outside of the mask, or on themselves. */
static inline uint32_t bs_piece_bits(const bs_piece *piece, const uint32_t *plane)
{
    return ((plane[piece->low_word] >> piece->right) | (plane[piece->high_word] << piece->left)) & piece->mask;
}

/** The same where both words are one. Cores that turn words do it with one instruction, others with two shifts. */
#if defined(__arm__) && !defined(BS_PORTABLE)
typedef uint32_t bs_turn;
#define BS_TURN(word, turn) (((word) >> (turn)) | ((word) << ((32U - (turn)) & 31U)))
static inline bs_turn bs_turn_of(const bs_piece *piece)
{
    return piece->right;
}
#else
typedef struct {
    uint32_t right;
    uint32_t left;
} bs_turn;
#define BS_TURN(word, turn) (((word) >> (turn).right) << (turn).left)
static inline bs_turn bs_turn_of(const bs_piece *piece)
{
    const int low = (piece->mask & (0xFFFFFFFFU >> piece->right)) != 0U;
    bs_turn turn;
    turn.right = low ? piece->right : 0U;
    turn.left = low ? 0U : piece->left;
    return turn;
}
#endif

/** Whether outputs lie as the inputs do: then a tile is one piece of the input, moved. */
static inline int bs_is_same(const bs_sliced_window *window)
{
    return (window->stride_height == 1U) && (window->stride_width == 1U) && (window->width == window->in.width);
}

/** Where the map is as wide as the outputs: those of the tile's bits whose column, moved by `right`, lies in it. */
static BS_SHARED uint32_t bs_columns_inside(const bs_outputs *outputs, uint32_t width, int32_t right)
{
    uint32_t inside = 0;
    uint32_t x = outputs->x;
    uint32_t bit = 0;
    uint32_t first = 0;
    uint32_t beyond = width;
    if (right < 0) {
        first = (uint32_t)-right;
    } else {
        beyond = (width > (uint32_t)right) ? (width - (uint32_t)right) : 0U;
    }
    if ((first == 0U) && (beyond == width)) {
        return bs_low_bits(outputs->count);
    }
    while (bit < outputs->count) {
        /* Outputs x .. width - 1 of a row, whose bits begin at `bit`. */
        const uint32_t begin = (first > x) ? first : x;
        uint32_t end = x + (outputs->count - bit);
        end = (beyond < end) ? beyond : end;
        if (begin < end) {
            inside |= bs_low_bits(end - begin) << (bit + begin - x);
        }
        bit += width - x;
        x = 0;
    }
    return inside;
}

/**
 * Outputs as the inputs: the piece of a tap that lies `down` and `right` of the output, of whose columns those of
 * `columns` lie in the map.
 */
static inline bs_piece bs_same_piece(const bs_sliced_window *window, const bs_outputs *outputs, int32_t down,
                                     int32_t right, uint32_t columns)
{
    const int32_t width = (int32_t)window->width;
    const int32_t first = ((int32_t)outputs->y * width) + (int32_t)outputs->x;
    int32_t begin = (-down * width) - first;
    int32_t end = begin + ((int32_t)window->in.height * width);
    begin = (begin < 0) ? 0 : begin;
    end = (end > (int32_t)outputs->count) ? (int32_t)outputs->count : end;
    return bs_piece_at(first + (down * width) + right,
                       (begin < end) ? (columns & (bs_low_bits((uint32_t)(end - begin)) << begin)) : 0U);
}

#endif
