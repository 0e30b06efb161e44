/* SPDX-License-Identifier: Apache-2.0 */
#include "lists.h"

#define SKIP 255U

void bs_decode_delta(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives)
{
    const uint8_t *data = reader->data + reader->position;
    uint16_t *entry = list;
    uint32_t tap = 0;
    if (taps <= SKIP) {
        /* No distance of so few taps is the one that skips. */
        const uint8_t *const middle = data + 2U + data[0];
        const uint8_t *const end = middle + data[1];
        *positives = data[0];
        *negatives = data[1];
        for (data += 2; data != middle; data++) {
            tap += *data;
            *entry = (uint16_t)tap;
            entry++;
        }
        entry = list + taps;
        tap = 0;
        for (; data != end; data++) {
            tap += *data;
            entry--;
            *entry = (uint16_t)tap;
        }
    } else {
        const uint16_t *const up_end = list + ((uint32_t)data[0] | ((uint32_t)data[1] << 8));
        const uint16_t *const down_end = (list + taps) - ((uint32_t)data[2] | ((uint32_t)data[3] << 8));
        *positives = (uint32_t)(up_end - list);
        *negatives = (uint32_t)((list + taps) - down_end);
        data += 4;
        while (entry != up_end) {
            const uint32_t distance = *data;
            data++;
            tap += distance;
            if (distance != SKIP) {
                *entry = (uint16_t)tap;
                entry++;
            }
        }
        entry = list + taps;
        tap = 0;
        while (entry != down_end) {
            const uint32_t distance = *data;
            data++;
            tap += distance;
            if (distance != SKIP) {
                entry--;
                *entry = (uint16_t)tap;
            }
        }
    }
    reader->position = (uint32_t)(data - reader->data);
}
