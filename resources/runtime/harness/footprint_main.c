/*
 * The smallest program that runs the network: what it takes of flash and RAM is what the network takes, and the front end
 * where it has one. The front end works in the arena where that is large enough.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "network.h"

static NETWORK_ARENA(arena);
static const uint8_t *volatile sample_address;
static int32_t *volatile logits_address;

#ifdef NETWORK_SOUND
static const int16_t *volatile sound_address;
static uint8_t *volatile features_address;
#if NETWORK_SOUND_SCRATCH_BYTES > NETWORK_ARENA_BYTES
static int32_t scratch[NETWORK_SOUND_SCRATCH_BYTES / 4U];
#else
#define scratch arena
#endif
#endif

int main(void)
{
#ifdef NETWORK_SOUND
    if (network_features(sound_address, features_address, scratch, sizeof scratch) != BS_OK ||
        network_push(sound_address, features_address, scratch, sizeof scratch) != BS_OK) {
        return 1;
    }
#endif
    return (int)network_run(sample_address, logits_address, arena, sizeof arena);
}
