/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_combine_s32(const bs_map *in, const bs_map *out, const int32_t *multipliers, const int32_t *input,
                         int32_t *output)
{
    uint32_t y;
    if (in == NULL || out == NULL || multipliers == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (y = 0; y < in->height; y++) {
        const int32_t *from = input + ((size_t)y * in->row_step);
        int32_t *to = output + ((size_t)y * out->row_step);
        uint32_t x;
        for (x = 0; x < in->width; x++) {
            uint32_t channel;
            for (channel = 0; channel < in->channels; channel++) {
                to[channel] += multipliers[channel] * (int32_t)from[channel];
            }
            from += in->channels;
            to += out->channels;
        }
    }
    return BS_OK;
}
