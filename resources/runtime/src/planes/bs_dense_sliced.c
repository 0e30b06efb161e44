/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

/* Words that the bytes of a sum have room for: sixteen of each at most. */
#define BLOCK 15U

/* Set bits of a and clear bits of b, counted in four bytes. */
static inline uint32_t count_bytes(uint32_t a, uint32_t b)
{
    const uint32_t c = ~b;
    const uint32_t a2 = a - ((a >> 1) & 0x55555555U);
    const uint32_t c2 = c - ((c >> 1) & 0x55555555U);
    const uint32_t sum =
        (a2 & 0x33333333U) + ((a2 >> 2) & 0x33333333U) + (c2 & 0x33333333U) + ((c2 >> 2) & 0x33333333U);
    return (sum & 0x0F0F0F0FU) + ((sum >> 4) & 0x0F0F0F0FU);
}

/* Weights and inputs of 32 taps: products that are +1, and those that are not -1, in four bytes. */
static inline uint32_t products(uint32_t nonzero, uint32_t negative, uint32_t plus, uint32_t minus)
{
    const uint32_t active = (plus | minus) & nonzero;
    const uint32_t unequal = active & (negative ^ minus);
    return count_bytes(active ^ unequal, unequal);
}

static inline int32_t sum_of_bytes(uint32_t bytes)
{
    const uint32_t pairs = (bytes & 0x00FF00FFU) + ((bytes >> 8) & 0x00FF00FFU);
    return (int32_t)((pairs & 0xFFFFU) + (pairs >> 16));
}

bs_status bs_dense_sliced(const bs_planes *weights, const bs_sliced_map *in, const uint32_t *input, int32_t *output)
{
    const uint32_t *nonzero;
    const uint32_t *negative;
    bs_signs signs;
    uint32_t all;
    uint32_t filter;
    if (weights == NULL || in == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    signs = bs_signs_of(in, input);
    negative = weights->negative;
    /* Without a table of nonzero weights: no weight is zero, whatever is read instead. */
    nonzero = (weights->nonzero != NULL) ? weights->nonzero : negative;
    all = (weights->nonzero != NULL) ? 0U : 0xFFFFFFFFU;
    for (filter = 0; filter < weights->filters; filter++) {
        const uint32_t last = weights->words - 1U;
        int32_t sum = -32 * (int32_t)weights->words;
        uint32_t word = 0;
        while (word < last) {
            const uint32_t end = (last - word < BLOCK) ? last : (word + BLOCK);
            uint32_t bytes = 0;
            for (; word < end; word++) {
                bytes += products(nonzero[word] | all, negative[word], signs.plus[word], bs_minus_at(&signs, word));
            }
            sum += sum_of_bytes(bytes);
        }
        output[filter] = sum + sum_of_bytes(products((nonzero[last] | all) & bs_word_mask(weights, last),
                                                     negative[last], signs.plus[last], bs_minus_at(&signs, last)));
        nonzero += weights->words;
        negative += weights->words;
    }
    return BS_OK;
}
