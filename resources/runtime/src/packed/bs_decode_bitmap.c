/* SPDX-License-Identifier: Apache-2.0 */
#include "lists.h"

/* Taps at a time: as many signs, from any bit of a byte on, still fit a word. */
#define STEP 24U

void bs_decode_bitmap(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives)
{
    const uint32_t begin = reader->position;
    const uint32_t end = begin + taps;
    uint32_t sign_position = reader->sign_position;
    uint16_t *up = list;
    uint16_t *down = list + taps;
    uint32_t at = begin;
    while (at != end) {
        const uint32_t first = at & ~7U;
        const uint32_t left = end - first;
        const uint32_t count = (left < STEP) ? left : STEP;
        uint32_t nonzero = bs_load_bits(reader->data + (first >> 3), count) & (0xFFFFFFFFU << (at & 7U));
        at = first + count;
        if (nonzero != 0U) {
            const uint32_t skipped = sign_position & 7U;
            const uint32_t entries = bs_count_bits(nonzero);
            uint32_t negative = bs_load_bits(reader->signs + (sign_position >> 3), skipped + entries) >> skipped;
            sign_position += entries;
            do {
                const uint32_t tap = (first - begin) + bs_lowest_bit(nonzero);
                if ((negative & 1U) != 0U) {
                    down--;
                    *down = (uint16_t)tap;
                } else {
                    *up = (uint16_t)tap;
                    up++;
                }
                negative >>= 1;
                nonzero &= nonzero - 1U;
            } while (nonzero != 0U);
        }
    }
    reader->position = end;
    reader->sign_position = sign_position;
    *positives = (uint32_t)(up - list);
    *negatives = (uint32_t)((list + taps) - down);
}
