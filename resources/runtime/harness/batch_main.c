/*
 * Runs the network on every sample of a file: reads `samples.bin` (samples one after the other, a byte per element),
 * writes `logits.bin` (int32, little endian, NETWORK_CLASSES per sample) and `count.bin` (uint64, little endian: ticks
 * of all inferences together, 0 where the machine has no counter). Compiled with the network's observer, it also writes
 * `values.bin`: every element of every layer of every sample as int32, little endian; and `layers.bin`: for each layer
 * as uint64 its ticks in all samples together.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

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

static int write_ticks(int file, uint64_t ticks)
{
    int32_t words[2];
    words[0] = (int32_t)(uint32_t)(ticks & 0xFFFFFFFFU);
    words[1] = (int32_t)(uint32_t)(ticks >> 32);
    return write_words(file, words, 2U);
}

#ifdef NETWORK_OBSERVE
#define CHUNK 64U

static uint64_t layer_ticks[NETWORK_LAYERS];

/* The counter runs from one layer's end to the next one's; what is done here in between does not count. */
static void observe(void *user, uint32_t layer, const bs_value *value)
{
    const uint64_t ticks = port_count_end();
    const uint32_t count = value->map.height * value->map.width * value->map.channels;
    int32_t words[CHUNK];
    uint32_t i;
    layer_ticks[layer] += ticks;
    for (i = 0; i < count; i++) {
        words[i % CHUNK] = bs_value_at(value, i);
        if (i % CHUNK == CHUNK - 1U || i + 1U == count) {
            if (write_words(*(const int *)user, words, (i % CHUNK) + 1U) != 0) {
                port_exit(3);
            }
        }
    }
    port_count_begin();
}
#endif

int main(void)
{
    const int input = port_open("samples.bin", 0);
    const int output = port_open("logits.bin", 1);
    const int counts = port_open("count.bin", 1);
#ifdef NETWORK_OBSERVE
    int values = port_open("values.bin", 1);
    const int layers = port_open("layers.bin", 1);
    uint32_t layer;
#endif
    uint64_t ticks = 0;
    if (input < 0 || output < 0 || counts < 0) {
        port_print("cannot open samples.bin, logits.bin or count.bin in the current folder\n");
        port_exit(2);
        return 2;
    }
    while (port_read(input, sample, sizeof sample) == sizeof sample) {
        bs_status status;
        /* Nothing may depend on what the arena holds. */
        memset(arena, 0xA5, sizeof arena);
        port_count_begin();
#ifdef NETWORK_OBSERVE
        status = network_run_observed(sample, logits, arena, sizeof arena, observe, &values);
#else
        status = network_run(sample, logits, arena, sizeof arena);
#endif
        ticks += port_count_end();
        if (status != BS_OK || write_words(output, logits, NETWORK_CLASSES) != 0) {
            port_print("the network or the output failed\n");
            port_exit(3);
            return 3;
        }
    }
    (void)write_ticks(counts, ticks);
#ifdef NETWORK_OBSERVE
    for (layer = 0; layer < NETWORK_LAYERS; layer++) {
        (void)write_ticks(layers, layer_ticks[layer]);
    }
    port_close(layers);
    port_close(values);
#endif
    port_close(counts);
    port_close(output);
    port_close(input);
    port_exit(0);
    return 0;
}
