/* SPDX-License-Identifier: Apache-2.0 */
#include "lists.h"

void bs_decode_masks(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives)
{
    const uint32_t begin = reader->position;
    const uint32_t end = begin + taps;
    uint16_t *up = list;
    uint16_t *down = list + taps;
    uint32_t at = begin;
    while (at != end) {
        const uint32_t first = at & ~7U;
        const uint32_t left = end - first;
        const uint32_t count = (left < 32U) ? left : 32U;
        const uint32_t nonzero = bs_load_bits(reader->data + (first >> 3), count) & (0xFFFFFFFFU << (at & 7U));
        if (nonzero != 0U) {
            const uint32_t negative = nonzero & bs_load_bits(reader->signs + (first >> 3), count);
            /* Before the first whole byte the sum wraps round; it is right again for every tap of the filter. */
            up = bs_list_up(up, nonzero ^ negative, first - begin);
            down = bs_list_down(down, negative, first - begin);
        }
        at = first + count;
    }
    reader->position = end;
    *positives = (uint32_t)(up - list);
    *negatives = (uint32_t)((list + taps) - down);
}
