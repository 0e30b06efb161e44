/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

bs_status bs_lookup_s8(const bs_map *in, const bs_map *out, const int8_t *codes, int32_t low, const int8_t *input,
                       int8_t *output)
{
    const size_t row = (size_t)out->width * out->channels;
    uint32_t y;
    if (in == NULL || out == NULL || codes == NULL || input == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    for (y = 0; y < out->height; y++) {
        size_t i;
        for (i = 0; i < row; i++) {
            output[i] = codes[input[i] - low];
        }
        input += in->row_step;
        output += out->row_step;
    }
    return BS_OK;
}
