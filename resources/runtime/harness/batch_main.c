/*
 * Runs the network on every sample of a file: reads `samples.bin` (samples one after the other, a byte per element),
 * writes `logits.bin` (int32, little endian, NETWORK_CLASSES per sample) and `count.bin` (uint64, little endian: ticks
 * of all inferences together, 0 where the machine has no counter or it ran over). Compiled with the network's observer, it also writes
 * `values.bin`: every element of every layer of every sample as int32, little endian.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "network.h"
#include "port.h"

static uint8_t sample[NETWORK_INPUT_BYTES];
static int32_t logits[NETWORK_CLASSES];
static NETWORK_ARENA(arena);

/* Little endian, whatever the machine is; as many words at a time as a small stack holds. */
static int write_words(int file, const int32_t *words, uint32_t count)
{
    uint8_t bytes[256];
    uint32_t used = 0;
    uint32_t i;
    for (i = 0; i < count; i++) {
        const uint32_t word = (uint32_t)words[i];
        bytes[used] = (uint8_t)(word & 255U);
        bytes[used + 1U] = (uint8_t)((word >> 8) & 255U);
        bytes[used + 2U] = (uint8_t)((word >> 16) & 255U);
        bytes[used + 3U] = (uint8_t)((word >> 24) & 255U);
        used += 4U;
        if (used == sizeof bytes || i + 1U == count) {
            if (port_write(file, bytes, used) != 0) {
                return -1;
            }
            used = 0;
        }
    }
    return 0;
}

#ifdef NETWORK_OBSERVE
#define CHUNK 64U

static void observe(void *user, uint32_t layer, const bs_value *value)
{
    const uint32_t count = value->map.height * value->map.width * value->map.channels;
    int32_t words[CHUNK];
    uint32_t i;
    (void)layer;
    for (i = 0; i < count; i++) {
        words[i % CHUNK] = bs_value_at(value, i);
        if (i % CHUNK == CHUNK - 1U || i + 1U == count) {
            if (write_words(*(const int *)user, words, (i % CHUNK) + 1U) != 0) {
                port_exit(3);
            }
        }
    }
}
#endif

int main(void)
{
    const int input = port_open("samples.bin", 0);
    const int output = port_open("logits.bin", 1);
    const int counts = port_open("count.bin", 1);
#ifdef NETWORK_OBSERVE
    int values = port_open("values.bin", 1);
#endif
    uint64_t ticks = 0;
    int counted = 1;
    int32_t total[2];
    if (input < 0 || output < 0 || counts < 0) {
        port_print("cannot open samples.bin, logits.bin or count.bin in the current folder\n");
        port_exit(2);
        return 2;
    }
    while (port_read(input, sample, sizeof sample) == sizeof sample) {
        bs_status status;
        port_count_begin();
#ifdef NETWORK_OBSERVE
        status = network_run_observed(sample, logits, arena, sizeof arena, observe, &values);
#else
        status = network_run(sample, logits, arena, sizeof arena);
#endif
        {
            const uint32_t count = port_count_end();
            counted = counted && (count != PORT_COUNT_UNKNOWN);
            ticks += count;
        }
        if (status != BS_OK || write_words(output, logits, NETWORK_CLASSES) != 0) {
            port_print("the network or the output failed\n");
            port_exit(3);
            return 3;
        }
    }
    if (!counted) {
        ticks = 0;
    }
    total[0] = (int32_t)(uint32_t)(ticks & 0xFFFFFFFFU);
    total[1] = (int32_t)(uint32_t)(ticks >> 32);
    (void)write_words(counts, total, 2U);
#ifdef NETWORK_OBSERVE
    port_close(values);
#endif
    port_close(counts);
    port_close(output);
    port_close(input);
    port_exit(0);
    return 0;
}
