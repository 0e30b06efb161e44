/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

/* Binary weights: sum of w x = sum of all x - 2 * sum of x where w = -1, so that only one plane is walked. */
bs_status bs_dense_planes_s32(const bs_planes *weights, const int32_t *start, const int32_t *input, int32_t *output)
{
    const uint32_t *nonzero;
    const uint32_t *negative;
    int32_t total = 0;
    uint32_t filter;
    if (weights == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    nonzero = weights->nonzero;
    negative = weights->negative;
    if (nonzero == NULL) {
        uint32_t tap;
        for (tap = 0; tap < weights->taps; tap++) {
            total += input[tap];
        }
    }
    for (filter = 0; filter < weights->filters; filter++) {
        const int32_t *x = input;
        int32_t plus = 0;
        int32_t minus = 0;
        uint32_t word;
        for (word = 0; word < weights->words; word++) {
            uint32_t bits = *negative;
            negative++;
            if (nonzero != NULL) {
                uint32_t other = *nonzero & ~bits;
                nonzero++;
                while (other != 0U) {
                    plus += x[bs_lowest_bit(other)];
                    other &= other - 1U;
                }
            }
            while (bits != 0U) {
                minus += x[bs_lowest_bit(bits)];
                bits &= bits - 1U;
            }
            x += 32;
        }
        if (nonzero == NULL) {
            plus = total - minus;
        }
        output[filter] = ((start != NULL) ? start[filter] : 0) + plus - minus;
    }
    return BS_OK;
}
