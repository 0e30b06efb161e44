/* Which taps a filter's lists name. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_LISTED_H
#define BITSMITH_LISTED_H

#include "sliced.h"

/** The taps that the lists name, a bit each; all where there are more than bits, or where +1 weights are not listed. */
static inline uint32_t bs_listed_taps(const bs_sliced_job *job)
{
    uint32_t taps = 0;
    uint32_t part;
    if ((job->weights->taps > 32U) || (job->less_count + job->more_count >= job->weights->taps)) {
        return 0xFFFFFFFFU;
    }
    for (part = 0; part < 2U; part++) {
        const void *const list = (part == 0U) ? job->less : job->more;
        const uint32_t count = (part == 0U) ? job->less_count : job->more_count;
        uint32_t tap = 0;
        uint32_t i;
        for (i = 0; i < count; i++) {
            tap = (job->weights->decode != NULL) ? ((const uint16_t *)list)[i] : (tap + ((const uint8_t *)list)[i]);
            taps |= 1U << (tap & 31U);
        }
    }
    return taps;
}

#endif
