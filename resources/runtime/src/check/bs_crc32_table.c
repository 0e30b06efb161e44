/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

static uint32_t element_at(const bs_table *table, uint32_t index)
{
    uint32_t element;
    if (table->element_bytes == 4U) {
        element = ((const uint32_t *)table->values)[index];
    } else if (table->element_bytes == 2U) {
        element = ((const uint16_t *)table->values)[index];
    } else {
        element = ((const uint8_t *)table->values)[index];
    }
    return element;
}

uint32_t bs_crc32_table(const bs_table *table)
{
    const uint32_t bits = 8U * table->element_bytes;
    uint32_t crc = 0xFFFFFFFFU;
    uint32_t i;
    for (i = 0; i < table->count; i++) {
        const uint32_t element = element_at(table, i);
        uint32_t bit;
        for (bit = 0; bit < bits; bit++) {
            const uint32_t mix = (crc ^ (element >> bit)) & 1U;
            crc = (crc >> 1) ^ ((mix != 0U) ? 0xEDB88320U : 0U);
        }
    }
    return crc ^ 0xFFFFFFFFU;
}
