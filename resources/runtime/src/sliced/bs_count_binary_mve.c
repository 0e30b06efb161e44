/* SPDX-License-Identifier: Apache-2.0 */
#include "quad.h"

/* The list's elements are the entries' numbers. */
#define BS_ENTRY uint16_t
#define BS_NEXT(address, tile, element, words) ((address) = (tile) + ((size_t)(element) * (words)))
#define BS_TAP_WORDS 1U

BS_KEEP_ORDER
void bs_count_binary_mve(const uint32_t *tile, bs_tally_mve *tally)
{
#if BS_HAS_MVE
#include "count_binary_mve.h"
#else
#include "count_portable_mve.h"
#endif
}
