/* Runs the golden samples on the device. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_SELF_TEST_H
#define BITSMITH_SELF_TEST_H

#include "network.h"

/** Where a self test failed first. */
typedef struct {
    uint32_t sample;
    /** Name of the first layer whose values differ, or "logits"; that of the corrupt table; "" when all is well. */
    const char *layer;
    /** Name of the first constant table that is not what the exporter wrote; "" when all are. */
    const char *table;
} self_test_report;

/**
 * Compares the CRC-32 of every constant table, and where all are sound computes every golden sample and compares the
 * CRC-32 of every layer's values, and the logits.
 *
 * @return number of samples that agree with the reference in every integer, NETWORK_GOLDEN_SAMPLES when all is well; 0
 *   where a table is corrupt
 */
uint32_t self_test(void *arena, size_t arena_bytes, self_test_report *report);

#endif
