/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

static int32_t count_plane(const uint32_t *plane, uint32_t words)
{
    uint32_t sum = 0;
    uint32_t i;
    for (i = 0; i < words; i++) {
        sum += bs_count_bits(plane[i]);
    }
    return (int32_t)sum;
}

bs_status bs_sum_sliced_s32(const bs_sliced_map *in, const uint32_t *input, int32_t *output)
{
    uint32_t channel;
    if (in == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (channel = 0; channel < in->channels; channel++) {
        int32_t sum = count_plane(input, in->words);
        input += in->words;
        if (in->planes == 2U) {
            sum -= count_plane(input, in->words);
            input += in->words;
        } else if (in->low != 0) {
            sum = (2 * sum) - (int32_t)(in->height * in->width);
        } else {
            /* Set bits are +1, clear ones 0. */
        }
        output[channel] = sum;
    }
    return BS_OK;
}
