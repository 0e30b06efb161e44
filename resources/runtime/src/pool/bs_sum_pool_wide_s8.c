/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_sum_pool_wide_s8(const bs_pool *pool, const bs_map *in, const bs_map *out, const int8_t *input, int32_t *output)
{
    uint32_t oy;
    if (pool == NULL || in == NULL || out == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (oy = 0; oy < pool->out_height; oy++) {
        const bs_span rows = bs_pool_span(oy * pool->stride_height, pool->top, pool->kernel_height, pool->height);
        int32_t *target = output + ((size_t)oy * out->row_step);
        uint32_t ox;
        for (ox = 0; ox < pool->out_width; ox++) {
            const bs_span columns = bs_pool_span(ox * pool->stride_width, pool->left, pool->kernel_width, pool->width);
            uint32_t channel;
            for (channel = 0; channel < in->channels; channel++) {
                const int8_t *row = input + ((size_t)rows.begin * in->row_step) +
                                 ((size_t)columns.begin * in->channels) + channel;
                int32_t sum = 0;
                uint32_t y;
                for (y = rows.begin; y < rows.end; y++) {
                    const int8_t *at = row;
                    uint32_t x;
                    for (x = columns.begin; x < columns.end; x++) {
                        sum += *at;
                        at += in->channels;
                    }
                    row += in->row_step;
                }
                target[channel] = sum;
            }
            target += out->channels;
        }
    }
    return BS_OK;
}
