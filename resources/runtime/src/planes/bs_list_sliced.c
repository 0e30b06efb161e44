/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

void bs_list_sliced(const bs_sliced_map *in, const uint32_t *input, uint16_t *list, uint32_t *positives,
                    uint32_t *negatives)
{
    const uint32_t count = in->height * in->width;
    uint16_t *up = list;
    uint16_t *down = list + count;
    uint32_t word;
    for (word = 0; word < in->words; word++) {
        const uint32_t first = word << 5;
        const uint32_t plus = input[word];
        up = bs_list_up(up, plus, first);
        if (in->planes == 2U) {
            down = bs_list_down(down, input[in->words + word], first);
        } else if (in->low != 0) {
            const uint32_t left = count - first;
            down = bs_list_down(down, ~plus & bs_mask_of((left < 32U) ? left : 32U), first);
        } else {
            /* Clear bits are zeros. */
        }
    }
    *positives = (uint32_t)(up - list);
    *negatives = (uint32_t)((list + count) - down);
}
