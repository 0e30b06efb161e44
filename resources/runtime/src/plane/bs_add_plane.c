/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

void bs_add_plane(int32_t *plane, const int32_t *part, size_t count, int32_t multiplier)
{
    size_t i;
    for (i = 0; i < count; i++) {
        plane[i] += multiplier * part[i];
    }
}
