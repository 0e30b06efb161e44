/* Runs the golden samples on the device. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_SELF_TEST_H
#define BITSMITH_SELF_TEST_H

#include "network.h"

/** Where a self test failed first. */
typedef struct {
    uint32_t sample;
    /** Name of the first layer whose values differ, or "logits"; "" when all agree. */
    const char *layer;
} self_test_report;

/**
 * Computes every golden sample and compares the CRC-32 of every layer's values, and the logits.
 *
 * @return number of samples that agree with the reference in every integer; NETWORK_GOLDEN_SAMPLES when all is well
 */
uint32_t self_test(void *arena, size_t arena_bytes, self_test_report *report);

#endif
