/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_affine_s8(uint32_t count, const int8_t *values, const int32_t *multipliers, int32_t *logits)
{
    uint32_t i;
    if (values == NULL || multipliers == NULL || logits == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (i = 0; i < count; i++) {
        logits[i] += (int32_t)values[i] * multipliers[i];
    }
    return BS_OK;
}
