/* SPDX-License-Identifier: Apache-2.0 */
#include "self_test.h"

#include "vectors.h"

#ifndef NETWORK_OBSERVE
#error "compile the self test and the network with the network's observer (see README.md)"
#endif

typedef struct {
    const uint32_t *expected;
    uint32_t first_wrong;
} comparison;

static void compare(void *user, uint32_t layer, const bs_value *value)
{
    comparison *const state = (comparison *)user;
    if (layer < state->first_wrong && bs_crc32_value(value) != state->expected[layer]) {
        state->first_wrong = layer;
    }
}

/* The first corrupt table; "" where there is none. */
static const char *corrupt_table(void)
{
    uint32_t i;
    for (i = 0; i < NETWORK_TABLES; i++) {
        if (bs_crc32_table(&network_tables[i]) != golden_table_crcs[i]) {
            return network_tables[i].name;
        }
    }
    return "";
}

uint32_t self_test(void *arena, size_t arena_bytes, self_test_report *report)
{
    int32_t logits[NETWORK_CLASSES];
    uint32_t agreeing = 0;
    uint32_t sample;
    report->sample = 0;
    report->layer = "";
    report->table = corrupt_table();
    if (report->table[0] != '\0') {
        /* Nothing is computed with it: a corrupt list of weights may lead out of the arena. */
        report->layer = report->table;
        return 0;
    }
    for (sample = 0; sample < NETWORK_GOLDEN_SAMPLES; sample++) {
        comparison state;
        const char *wrong = NULL;
        uint32_t i;
        state.expected = golden_crcs[sample];
        state.first_wrong = NETWORK_LAYERS;
        if (network_run_observed(golden_inputs[sample], logits, arena, arena_bytes, compare, &state) != BS_OK) {
            wrong = "run";
        } else if (state.first_wrong < NETWORK_LAYERS) {
            wrong = golden_layer_names[state.first_wrong];
        } else {
            for (i = 0; i < NETWORK_CLASSES; i++) {
                if (logits[i] != golden_logits[sample][i]) {
                    wrong = "logits";
                }
            }
        }
        if (wrong == NULL) {
            agreeing++;
        } else if (report->layer[0] == '\0') {
            report->sample = sample;
            report->layer = wrong;
        }
    }
    return agreeing;
}
