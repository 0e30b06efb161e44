/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

uint32_t bs_crc32_value(const bs_value *value)
{
    const uint32_t count = value->map.height * value->map.width * value->map.channels;
    uint32_t crc = 0xFFFFFFFFU;
    uint32_t i;
    for (i = 0; i < count; i++) {
        const uint32_t word = (uint32_t)bs_value_at(value, i);
        uint32_t bit;
        for (bit = 0; bit < 32U; bit++) {
            const uint32_t mix = (crc ^ (word >> bit)) & 1U;
            crc = (crc >> 1) ^ ((mix != 0U) ? 0xEDB88320U : 0U);
        }
    }
    return crc ^ 0xFFFFFFFFU;
}
