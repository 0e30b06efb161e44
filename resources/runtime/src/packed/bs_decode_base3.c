/* SPDX-License-Identifier: Apache-2.0 */
#include "lists.h"

/* Five weights as bits: those that are +1 from bit 0 on, those that are -1 from bit 16 on. */
static inline uint32_t five_weights(uint32_t byte)
{
    /* Three digits; the lowest first. */
    static const uint32_t digits[27] = {
        0x70000U, 0x60000U, 0x60001U, 0x50000U, 0x40000U, 0x40001U, 0x50002U, 0x40002U, 0x40003U,
        0x30000U, 0x20000U, 0x20001U, 0x10000U, 0x00000U, 0x00001U, 0x10002U, 0x00002U, 0x00003U,
        0x30004U, 0x20004U, 0x20005U, 0x10004U, 0x00004U, 0x00005U, 0x10006U, 0x00006U, 0x00007U,
    };
    /* byte / 9, exact below 256. */
    const uint32_t high = (byte * 57U) >> 9;
    return (digits[high] << 2) | (digits[byte - (high * 9U)] & 0x00030003U);
}

void bs_decode_base3(bs_reader *reader, uint32_t taps, uint16_t *list, uint32_t *positives, uint32_t *negatives)
{
    const uint8_t *data = reader->data + reader->position;
    uint16_t *up = list;
    uint16_t *down = list + taps;
    /* Weights of the first byte that belong to the filter before. */
    uint32_t mask = 0xFFFFFFFFU << reader->sign_position;
    uint32_t tap = 0U - reader->sign_position;
    uint32_t left = taps + reader->sign_position;
    mask &= (mask << 16) | 0xFFFFU;
    while (left != 0U) {
        uint32_t weights = five_weights(data[0]);
        if (left > 5U) {
            weights |= five_weights(data[1]) << 5;
        }
        if (left > 10U) {
            weights |= five_weights(data[2]) << 10;
        }
        if (left < 15U) {
            mask &= ((1U << left) - 1U) * 0x00010001U;
        }
        weights &= mask;
        up = bs_list_up(up, weights & 0xFFFFU, tap);
        down = bs_list_down(down, weights >> 16, tap);
        if (left < 15U) {
            break;
        }
        mask = 0xFFFFFFFFU;
        data += 3;
        tap += 15U;
        left -= 15U;
    }
    while (left >= 5U) {
        data++;
        left -= 5U;
    }
    reader->sign_position = left;
    reader->position = (uint32_t)(data - reader->data);
    *positives = (uint32_t)(up - list);
    *negatives = (uint32_t)((list + taps) - down);
}
