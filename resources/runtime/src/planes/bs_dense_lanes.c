/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

#include <string.h>

bs_status bs_dense_lanes(const bs_lane_weights *weights, const bs_sliced_map *in, const uint32_t *input,
                         int32_t *output, uint16_t *list)
{
    uint32_t positives;
    uint32_t negatives;
    uint32_t filter;
    if (weights == NULL || in == NULL || input == NULL || output == NULL || list == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    bs_list_sliced(in, input, list, &positives, &negatives);
    for (filter = 0; filter < weights->filters; filter += 32U) {
        const uint32_t left = weights->filters - filter;
        if (left >= 32U) {
            bs_lane_sums(weights, filter >> 5, list, positives, negatives, output + filter);
        } else {
            int32_t sums[32];
            bs_lane_sums(weights, filter >> 5, list, positives, negatives, sums);
            (void)memcpy(output + filter, sums, left * sizeof sums[0]);
        }
    }
    return BS_OK;
}
