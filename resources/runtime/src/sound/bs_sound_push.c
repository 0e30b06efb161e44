/* SPDX-License-Identifier: Apache-2.0 */
#include "sound.h"

void bs_sound_push(const bs_sound *sound, const int16_t *pcm, uint8_t *bytes, int32_t *scratch)
{
    const uint32_t kept = (sound->frames - 1U) * sound->features;
    uint32_t i;
    for (i = 0; i < kept; i++) {
        bytes[i] = bytes[i + sound->features];
    }
    bs_sound_frame(sound, pcm, bytes + kept, scratch);
}
