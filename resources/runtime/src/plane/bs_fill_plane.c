/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

void bs_fill_plane(int32_t *plane, size_t count, int32_t value)
{
    size_t i;
    for (i = 0; i < count; i++) {
        plane[i] = value;
    }
}
