/*
 * Runs the front end on every clip of a file: reads `clips.bin` (16-bit samples, little endian, clip after clip), writes
 * `features.bin`: the input of the network for each, once from the whole clip and once from its frames as a stream.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "network.h"
#include "port.h"

static uint8_t words[2U * NETWORK_SOUND_SAMPLES];
static int16_t clip[NETWORK_SOUND_SAMPLES];
static uint8_t features[NETWORK_INPUT_BYTES];
static int32_t scratch[NETWORK_SOUND_SCRATCH_BYTES / 4U];

int main(void)
{
    const int input = port_open("clips.bin", 0);
    const int output = port_open("features.bin", 1);
    if (input < 0 || output < 0) {
        port_print("cannot open clips.bin or features.bin in the current folder\n");
        port_exit(2);
        return 2;
    }
    while (port_read(input, words, sizeof words) == sizeof words) {
        bs_status status;
        uint32_t i;
        for (i = 0; i < NETWORK_SOUND_SAMPLES; i++) {
            const int32_t word = (int32_t)words[2U * i] + (256 * (int32_t)words[(2U * i) + 1U]);
            clip[i] = (int16_t)((word >= 32768) ? (word - 65536) : word);
        }
        /* Nothing may depend on what the working memory holds. */
        memset(scratch, 0xA5, sizeof scratch);
        status = network_features(clip, features, scratch, sizeof scratch);
        if (status != BS_OK || port_write(output, features, sizeof features) != 0) {
            port_print("the front end or the output failed\n");
            port_exit(3);
            return 3;
        }
        memset(features, 0x5A, sizeof features);
        for (i = 0; i < NETWORK_SOUND_FRAMES && status == BS_OK; i++) {
            status = network_push(clip + (i * NETWORK_SOUND_HOP), features, scratch, sizeof scratch);
        }
        if (status != BS_OK || port_write(output, features, sizeof features) != 0) {
            port_print("the stream or the output failed\n");
            port_exit(3);
            return 3;
        }
    }
    port_close(output);
    port_close(input);
    port_exit(0);
    return 0;
}
