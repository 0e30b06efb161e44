/* SPDX-License-Identifier: Apache-2.0 */
#include "quad.h"

/* The list's elements are the distances from entry to entry, the first from entry 0. */
#define BS_ENTRY uint8_t
#define BS_NEXT(address, tile, element, words) ((address) += (size_t)(element) * (words))
#define BS_TAP_WORDS 2U

BS_KEEP_ORDER
void bs_count_ternary_steps_mve(const uint32_t *tile, bs_tally_mve *tally)
{
#if BS_HAS_MVE
#include "count_ternary_mve.h"
#else
#include "count_portable_mve.h"
#endif
}
