/* SPDX-License-Identifier: Apache-2.0 */
#include "lists.h"

static uint32_t number(const uint8_t **data, uint32_t taps)
{
    uint32_t value = **data;
    (*data)++;
    if (taps >= BS_STEPS_WIDE) {
        value |= (uint32_t)**data << 8;
        (*data)++;
    }
    return value;
}

/** All taps but the `count` ones that lie before `end`, the first of them last. */
static uint32_t list_others(uint32_t taps, const uint16_t *end, uint32_t count, uint16_t *list)
{
    uint16_t *other = list;
    uint32_t tap = 0;
    for (; count > 0U; count--) {
        end--;
        for (; tap < *end; tap++) {
            *other = (uint16_t)tap;
            other++;
        }
        tap++;
    }
    for (; tap < taps; tap++) {
        *other = (uint16_t)tap;
        other++;
    }
    return (uint32_t)(other - list);
}

void bs_decode_steps(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives)
{
    const uint8_t *data = reader->data + reader->position;
    uint16_t *const end = list + taps;
    const uint32_t up = number(&data, taps);
    const uint32_t down = number(&data, taps);
    const int dense = up == ((taps >= BS_STEPS_WIDE) ? 0xFFFFU : 0xFFU);
    uint16_t *entry = list;
    uint32_t tap = 0;
    uint32_t i;
    if (!dense) {
        for (i = 0; i < up; i++) {
            tap += *data;
            data++;
            *entry = (uint16_t)tap;
            entry++;
        }
    }
    entry = end;
    tap = 0;
    for (i = 0; i < down; i++) {
        tap += *data;
        data++;
        entry--;
        *entry = (uint16_t)tap;
    }
    reader->position = (uint32_t)(data - reader->data);
    *positives = dense ? list_others(taps, end, down, list) : up;
    *negatives = down;
}
