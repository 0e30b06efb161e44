/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

static int32_t sliced_at(const bs_sliced_map *map, const uint32_t *words, uint32_t index)
{
    const uint32_t pixel = index / map->channels;
    const uint32_t channel = index - (pixel * map->channels);
    const size_t at = ((size_t)channel * map->planes * map->words) + (pixel >> 5);
    const uint32_t shift = pixel & 31U;
    int32_t code = map->low;
    if (((words[at] >> shift) & 1U) != 0U) {
        code = 1;
    } else if (map->planes == 2U) {
        code = -(int32_t)((words[at + map->words] >> shift) & 1U);
    } else {
        /* A clear bit of a binary map. */
    }
    return code;
}

int32_t bs_value_at(const bs_value *value, uint32_t index)
{
    const uint32_t row_elements = value->map.width * value->map.channels;
    const uint32_t row = index / row_elements;
    const size_t at = ((size_t)row * value->map.row_step) + (index - (row * row_elements));
    if (value->sliced != NULL) {
        return sliced_at(value->sliced, (const uint32_t *)value->values, index);
    }
    return (value->element_bytes == 1U) ? (int32_t)((const int8_t *)value->values)[at]
                                        : ((const int32_t *)value->values)[at];
}
