/* SPDX-License-Identifier: Apache-2.0 */
#include "sliced.h"

/* The list's elements are the entries' numbers. */
#define BS_ENTRY uint16_t
#define BS_NEXT(address, tile, element, words) ((address) = (tile) + ((size_t)(element) * (words)))

BS_KEEP_ORDER
void bs_count_binary(const uint32_t *tile, bs_tally *tally)
{
#include "count_binary.h"
}
