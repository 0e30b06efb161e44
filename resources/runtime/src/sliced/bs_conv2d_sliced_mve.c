/* SPDX-License-Identifier: Apache-2.0 */
#include "sliced.h"

bs_status bs_conv2d_sliced_mve(const bs_sliced_window *window, const bs_packed *weights, bs_counter_mve count,
                               const bs_sliced_thresholds *thresholds, const bs_sliced_map *out, uint32_t tiles,
                               const bs_sliced_map *skip, const uint32_t *input, const uint32_t *skip_input,
                               uint32_t *output, uint32_t *tile, uint16_t *list)
{
    bs_sliced_job job;
    bs_tile_form form;
    uint32_t groups;
    uint32_t first;
    if (window == NULL || weights == NULL || count == NULL || thresholds == NULL || out == NULL || tiles == 0U ||
        input == NULL || output == NULL || tile == NULL || (list == NULL && weights->decode != NULL) ||
        (skip != NULL && skip_input == NULL)) {
        return BS_ERROR_ARGUMENT;
    }
    bs_job_begin(&job, window, weights, NULL, thresholds, out);
    job.skip = skip;
    job.skip_input = skip_input;
    job.output = output;
    job.list = list;
    job.share_sums = weights->filters >= BS_SHARING_FILTERS;
    job.tile_words *= 4U;
    form.channel = 0;
    form.channels = window->in.channels;
    form.channel_step = 4U * job.tap_words;
    form.tap_step = window->in.channels * form.channel_step;
    groups = (out->words + 3U) >> 2;
    for (first = 0; first < groups; first += tiles) {
        const uint32_t gathered = (groups - first < tiles) ? (groups - first) : tiles;
        uint32_t i;
        for (i = 0; i < gathered; i++) {
            bs_tile_sliced_mve(window, first + i, &form, input, tile + ((size_t)i * job.tile_words));
        }
        bs_job_rewind(&job);
        for (i = 0; i < weights->filters; i++) {
            bs_filter_sliced_mve(&job, count, i, first, gathered, tile);
        }
    }
    return BS_OK;
}
