/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

int32_t bs_value_at(const bs_value *value, uint32_t index)
{
    const uint32_t row_elements = value->map.width * value->map.channels;
    const uint32_t row = index / row_elements;
    const size_t at = ((size_t)row * value->map.row_step) + (index - (row * row_elements));
    return (value->element_bytes == 1U) ? (int32_t)((const int8_t *)value->values)[at]
                                        : ((const int32_t *)value->values)[at];
}
