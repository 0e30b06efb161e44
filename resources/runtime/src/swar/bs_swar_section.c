/* SPDX-License-Identifier: Apache-2.0 */
#include "swar.h"

/* Where the taps of a filter lie in a tile's window: all channels of one place under the kernel, then the next one's. */
typedef struct {
    const bs_swar_shape *shape;
    /** Taps of one place, and the first tap of the next one. */
    uint32_t depth;
    uint32_t end;
    /** Byte offset of tap k at this place: k * scale + base, modulo 2^32. */
    uint32_t scale;
    uint32_t base;
    /** Column under the kernel, which run of columns it belongs to, and words from the run's begin. */
    uint32_t dx;
    uint32_t run;
    uint32_t in_run;
    /** Words from the window's begin to this row of the kernel. */
    uint32_t row;
} bs_place;

static void locate(bs_place *place)
{
    const uint32_t word = place->row + (place->run * place->shape->run_words) + place->in_run;
    place->base = (word * 4U) - (place->end * place->scale);
    place->end += place->depth;
}

static void begin_places(bs_place *place, const bs_swar_shape *shape, uint32_t depth)
{
    place->shape = shape;
    place->depth = depth;
    place->end = 0;
    place->scale = shape->span * 4U;
    place->dx = 0;
    place->run = 0;
    place->in_run = 0;
    place->row = 0;
    locate(place);
}

static void advance(bs_place *place)
{
    const bs_swar_shape *const shape = place->shape;
    place->dx++;
    place->run++;
    if (place->dx == shape->kernel_width) {
        place->dx = 0;
        place->run = 0;
        place->in_run = 0;
        place->row += shape->tap_slots * shape->slot_words;
    } else if (place->run == shape->runs) {
        place->run = 0;
        place->in_run += shape->run_step;
    } else {
        /* The next run, at the same place. */
    }
    locate(place);
}

/* The taps at `from`, `from` + step, ... as offsets. */
static void map_list(const bs_swar_shape *shape, const uint16_t *from, int32_t step, uint32_t count, uint16_t *to)
{
    bs_place place;
    uint32_t left = count;
    begin_places(&place, shape, shape->tap_depth);
    while (left != 0U) {
        uint32_t tap = *from;
        uint32_t scale;
        uint32_t base;
        uint32_t end;
        while (tap >= place.end) {
            advance(&place);
        }
        scale = place.scale;
        base = place.base;
        end = place.end;
        do {
            *to = (uint16_t)((tap * scale) + base);
            to++;
            left--;
            if (left == 0U) {
                break;
            }
            from += step;
            tap = *from;
        } while (tap < end);
    }
}

#define NO_TAP 0xFFFFFFFFU

/* Both lists of a filter: the next tap of each, NO_TAP behind the last. */
typedef struct {
    const uint16_t *up;
    const uint16_t *up_end;
    const uint16_t *down;
    const uint16_t *down_end;
    uint32_t positive;
    uint32_t negative;
} bs_lists;

static inline void next_positive(bs_lists *lists)
{
    lists->positive = NO_TAP;
    if (lists->up != lists->up_end) {
        lists->positive = *lists->up;
        lists->up++;
    }
}

static inline void next_negative(bs_lists *lists)
{
    lists->negative = NO_TAP;
    if (lists->down != lists->down_end) {
        lists->down--;
        lists->negative = *lists->down;
    }
}

/*
 * Joins neighbouring channels. Offsets that are added grow from the front of `to`, those that are subtracted from its
 * end, so that neither count need be known before. Answers the number subtracted; more than `room` where there is no room.
 */
static uint32_t map_pairs(const bs_swar_shape *shape, bs_lists lists, uint16_t *to, uint32_t room, uint32_t *added)
{
    uint16_t *front = to;
    uint16_t *back = to + room;
    bs_place place;
    begin_places(&place, shape, shape->channels);
    next_positive(&lists);
    next_negative(&lists);
    while ((lists.positive & lists.negative) != NO_TAP) {
        const uint32_t end = place.end;
        const uint32_t begin = end - place.depth;
        const uint32_t scale = place.scale;
        const uint32_t base = place.base + (begin * scale);
        uint32_t tap = (lists.negative < lists.positive) ? lists.negative : lists.positive;
        while (tap < end) {
            const uint32_t channel = tap - begin;
            const uint32_t positive = (lists.positive == tap) ? 1U : 0U;
            uint32_t kind = channel & 1U;
            if (front == back) {
                return room + 1U;
            }
            if (positive != 0U) {
                next_positive(&lists);
            } else {
                next_negative(&lists);
            }
            if ((kind == 0U) && (tap + 1U < end)) {
                if (lists.positive == tap + 1U) {
                    next_positive(&lists);
                    kind = 3U - positive;
                } else if (lists.negative == tap + 1U) {
                    next_negative(&lists);
                    kind = 2U + positive;
                } else {
                    /* The neighbour's weight is 0. */
                }
            }
            {
                const uint16_t offset = (uint16_t)(base + (((channel >> 1) * 4U + kind) * scale));
                if (positive != 0U) {
                    *front = offset;
                    front++;
                } else {
                    back--;
                    *back = offset;
                }
            }
            tap = (lists.negative < lists.positive) ? lists.negative : lists.positive;
        }
        if (tap != NO_TAP) {
            advance(&place);
        }
    }
    *added = (uint32_t)(front - to);
    return (uint32_t)((to + room) - back);
}

uint32_t bs_swar_section(const bs_swar_shape *shape, const bs_packed *weights, bs_reader *reader, uint16_t *list,
                         uint16_t *entries, uint32_t room)
{
    uint32_t counts[2] = {0, 0};
    uint32_t added;
    uint32_t subtracted;
    uint32_t second;
    weights->decode(reader, weights->taps, list, &counts[0], &counts[1]);
    if (room < 2U) {
        return 0;
    }
    if (shape->tables == BS_SWAR_PAIRS) {
        uint32_t i;
        uint32_t from;
        bs_lists lists;
        lists.up = list;
        lists.up_end = list + counts[0];
        lists.down = list + weights->taps;
        lists.down_end = lists.down - counts[1];
        added = 0;
        subtracted = map_pairs(shape, lists, entries + 2, room - 2U, &added);
        if (subtracted > room - 2U) {
            return 0;
        }
        from = room - subtracted;
        second = 2U + ((added + 1U) & ~1U);
        if (second + ((subtracted + 1U) & ~1U) > room) {
            return 0;
        }
        /* From the end to behind the first list; a step never writes what a later one reads. */
        for (i = 0; i < subtracted; i++) {
            entries[second + i] = entries[from + i];
        }
    } else {
        added = counts[0];
        subtracted = counts[1];
        second = 2U + ((added + 1U) & ~1U);
        if (second + ((subtracted + 1U) & ~1U) > room) {
            return 0;
        }
        map_list(shape, list, 1, added, entries + 2);
        map_list(shape, list + (weights->taps - 1U), -1, subtracted, entries + second);
    }
    entries[0] = (uint16_t)added;
    entries[1] = (uint16_t)subtracted;
    return second + ((subtracted + 1U) & ~1U);
}
