/* Where the 128 pixels of four tiles lie in planes. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_PLACE_MVE_H
#define BITSMITH_PLACE_MVE_H

#include "place.h"
#include "quad.h"

/** Four tiles: the number of the first one's first output, and how many of them there are. */
typedef struct {
    bs_outputs outputs[4];
    uint32_t first;
    uint32_t count;
} bs_group;

static inline bs_group bs_group_of(const bs_sliced_window *window, uint32_t index)
{
    const uint32_t rest = (((window->height * window->width) + 31U) >> 5) - (index << 2);
    bs_group group;
    uint32_t i;
    group.first = index << 7;
    group.count = (rest < 4U) ? rest : 4U;
    for (i = 0; i < group.count; i++) {
        group.outputs[i] = bs_outputs_of(window, (index << 2) + i);
    }
    return group;
}

/** As bs_columns_inside for all four. */
static inline void bs_group_columns(const bs_group *group, uint32_t width, int32_t right, uint32_t *columns)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        columns[i] = (i < group->count) ? bs_columns_inside(&group->outputs[i], width, right) : 0U;
    }
}

/** Where 128 bits lie in a plane. */
typedef struct {
    uint32_t low[4];
    uint32_t high[4];
    uint32_t mask[4];
    uint32_t right;
    uint32_t left;
} bs_pieces;

static inline uint32_t bs_within(int32_t word, uint32_t words)
{
    return (word < 0) ? 0U : (((uint32_t)word < words) ? (uint32_t)word : (words - 1U));
}

/** As bs_same_piece for all four. */
static inline bs_pieces bs_same_pieces(const bs_sliced_window *window, const bs_group *group, int32_t down,
                                       int32_t right, const uint32_t *columns)
{
    const int32_t width = (int32_t)window->width;
    const uint32_t words = window->in.words;
    const int32_t source = (int32_t)group->first + (down * width) + right;
    const uint32_t moved = (uint32_t)source + 0x80000000U;
    const int32_t word = (int32_t)(moved >> 5) - 0x04000000;
    const int32_t next = ((moved & 31U) == 0U) ? 0 : 1;
    int32_t begin = (-down * width) - (int32_t)group->first;
    int32_t end = begin + ((int32_t)window->in.height * width);
    bs_pieces at;
    uint32_t i;
    at.right = moved & 31U;
    at.left = (32U - at.right) & 31U;
    for (i = 0; i < 4U; i++) {
        uint32_t rows = 0;
        if ((begin <= 0) && (end >= 32)) {
            rows = 0xFFFFFFFFU;
        } else if ((begin < 32) && (end > 0)) {
            const uint32_t from = (begin < 0) ? 0U : (uint32_t)begin;
            rows = bs_low_bits((end < 32) ? (uint32_t)end : 32U) & ~bs_low_bits(from);
        } else {
            /* none */
        }
        at.mask[i] = columns[i] & rows;
        at.low[i] = bs_within(word + (int32_t)i, words);
        at.high[i] = bs_within(word + (int32_t)i + next, words);
        begin -= 32;
        end -= 32;
    }
    return at;
}

/** The bits before masking. */
static inline bs_quad bs_pieces_bits(const uint32_t *plane, bs_quad low, bs_quad high, const bs_pieces *at)
{
    return bs_quad_or(bs_quad_right(bs_quad_gather(plane, low), at->right),
                      bs_quad_left(bs_quad_gather(plane, high), at->left));
}

#endif
