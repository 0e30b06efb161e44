/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

/* The elements of a vector as bytes. */
static void unpack(const bs_sliced_map *in, const uint32_t *input, int8_t *codes)
{
    const bs_signs signs = bs_signs_of(in, input);
    const uint32_t count = in->height * in->width;
    uint32_t plus = 0;
    uint32_t minus = 0;
    uint32_t i;
    for (i = 0; i < count; i++) {
        if ((i & 31U) == 0U) {
            plus = signs.plus[i >> 5];
            minus = bs_minus_at(&signs, i >> 5);
        }
        codes[i] = (int8_t)((int32_t)(plus & 1U) - (int32_t)(minus & 1U));
        plus >>= 1;
        minus >>= 1;
    }
}

static int32_t sum_listed(const int8_t *codes, const uint16_t *list, const uint16_t *end)
{
    int32_t sum = 0;
    for (; end - list >= 4; list += 4) {
        sum += codes[list[0]];
        sum += codes[list[1]];
        sum += codes[list[2]];
        sum += codes[list[3]];
    }
    for (; list != end; list++) {
        sum += codes[*list];
    }
    return sum;
}

bs_status bs_dense_sliced_packed(const bs_packed *weights, const bs_sliced_map *in, const uint32_t *input,
                                 int32_t *output, uint16_t *list)
{
    bs_reader reader;
    int8_t *codes;
    uint32_t filter;
    if (weights == NULL || in == NULL || input == NULL || output == NULL || list == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    codes = (int8_t *)(list + weights->taps);
    unpack(in, input, codes);
    reader.data = weights->data;
    reader.signs = weights->signs;
    reader.position = 0;
    reader.sign_position = 0;
    for (filter = 0; filter < weights->filters; filter++) {
        const uint16_t *const end = list + weights->taps;
        uint32_t positives;
        uint32_t negatives;
        weights->decode(&reader, weights->taps, list, &positives, &negatives);
        output[filter] = sum_listed(codes, list, list + positives) - sum_listed(codes, end - negatives, end);
    }
    return BS_OK;
}
