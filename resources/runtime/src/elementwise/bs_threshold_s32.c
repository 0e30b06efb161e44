/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_threshold_s32(const bs_thresholds *thresholds, const bs_map *in, const bs_map *out, const int32_t *input,
                          int8_t *output)
{
    uint32_t y;
    if (thresholds == NULL || in == NULL || out == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (y = 0; y < in->height; y++) {
        const int32_t *from = input + ((size_t)y * in->row_step);
        int8_t *to = output + ((size_t)y * out->row_step);
        uint32_t x;
        for (x = 0; x < in->width; x++) {
            uint32_t channel;
            for (channel = 0; channel < thresholds->channels; channel++) {
                to[channel] = bs_code_of(thresholds, channel, from[channel]);
            }
            from += in->channels;
            to += out->channels;
        }
    }
    return BS_OK;
}
