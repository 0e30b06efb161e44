/* SPDX-License-Identifier: Apache-2.0 */
#include "sliced.h"

/* The list's elements are the distances from entry to entry, the first from entry 0. */
#define BS_ENTRY uint8_t
#define BS_NEXT(address, tile, element, words) ((address) += (size_t)(element) * (words))

BS_KEEP_ORDER
void bs_count_ternary_steps(const uint32_t *tile, bs_tally *tally)
{
#include "count_ternary.h"
}
