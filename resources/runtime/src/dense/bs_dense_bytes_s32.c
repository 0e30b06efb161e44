/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_dense_bytes_s32(const bs_bytes *weights, const int32_t *start, const int32_t *input, int32_t *output)
{
    const int8_t *code;
    uint32_t filter;
    if (weights == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    code = weights->codes;
    for (filter = 0; filter < weights->filters; filter++) {
        int32_t sum = (start != NULL) ? start[filter] : 0;
        uint32_t tap;
        for (tap = 0; tap < weights->taps; tap++) {
            sum += (int32_t)input[tap] * (int32_t)code[tap];
        }
        code += weights->taps;
        output[filter] = sum;
    }
    return BS_OK;
}
