/*
 * The smallest program that runs the network: what it takes of flash and RAM is what the network takes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "network.h"

static NETWORK_ARENA(arena);
static const uint8_t *volatile sample_address;
static int32_t *volatile logits_address;

int main(void)
{
    return (int)network_run(sample_address, logits_address, arena, sizeof arena);
}
