/* SPDX-License-Identifier: Apache-2.0 */
#include "lists.h"

typedef struct {
    uint16_t *up;
    uint16_t *down;
} ends;

static inline void append(ends *to, uint32_t negative, uint32_t tap)
{
    if (negative != 0U) {
        to->down--;
        *to->down = (uint16_t)tap;
    } else {
        *to->up = (uint16_t)tap;
        to->up++;
    }
}

void bs_decode_bits(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives)
{
    const uint8_t *data = reader->data + (reader->position >> 3);
    ends to;
    uint32_t tap = 0;
    to.up = list;
    to.down = list + taps;
    if ((reader->position & 7U) != 0U) {
        uint32_t bit;
        for (bit = reader->position & 7U; (bit < 8U) && (tap < taps); bit++) {
            append(&to, *data & (1U << bit), tap);
            tap++;
        }
        data++;
    }
    /* Every tap is in one of the lists, so there is no bit to search for. */
    for (; taps - tap >= 8U; tap += 8U) {
        const uint32_t byte = *data;
        append(&to, byte & 1U, tap);
        append(&to, byte & 2U, tap + 1U);
        append(&to, byte & 4U, tap + 2U);
        append(&to, byte & 8U, tap + 3U);
        append(&to, byte & 16U, tap + 4U);
        append(&to, byte & 32U, tap + 5U);
        append(&to, byte & 64U, tap + 6U);
        append(&to, byte & 128U, tap + 7U);
        data++;
    }
    if (tap != taps) {
        uint32_t bits = *data;
        for (; tap != taps; tap++) {
            append(&to, bits & 1U, tap);
            bits >>= 1;
        }
    }
    reader->position += taps;
    *positives = (uint32_t)(to.up - list);
    *negatives = (uint32_t)((list + taps) - to.down);
}
