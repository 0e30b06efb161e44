/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

bs_status bs_dense_lanes_sliced(const bs_lane_weights *weights, const bs_sliced_thresholds *thresholds,
                                const bs_sliced_map *in, const bs_sliced_map *out, const uint32_t *input,
                                uint32_t *output, uint16_t *list)
{
    uint32_t positives;
    uint32_t negatives;
    uint32_t group;
    if (weights == NULL || thresholds == NULL || in == NULL || out == NULL || input == NULL || output == NULL ||
        list == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    bs_list_sliced(in, input, list, &positives, &negatives);
    for (group = 0; group < out->words; group++) {
        const uint32_t first = group << 5;
        const uint32_t left = weights->filters - first;
        const uint32_t count = (left < 32U) ? left : 32U;
        int32_t sums[32];
        uint32_t plus = 0;
        uint32_t minus = 0;
        uint32_t i;
        bs_lane_sums(weights, group, list, positives, negatives, sums);
        for (i = 0; i < count; i++) {
            plus |= ((sums[i] >= thresholds->high[first + i]) ? 1U : 0U) << i;
        }
        output[group] = plus;
        if (out->planes == 2U) {
            for (i = 0; i < count; i++) {
                minus |= ((sums[i] < thresholds->low[first + i]) ? 1U : 0U) << i;
            }
            output[out->words + group] = minus;
        }
    }
    return BS_OK;
}
