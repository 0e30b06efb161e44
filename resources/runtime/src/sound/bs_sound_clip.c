/* SPDX-License-Identifier: Apache-2.0 */
#include "sound.h"

void bs_sound_clip(const bs_sound *sound, const int16_t *pcm, uint8_t *bytes, int32_t *scratch)
{
    uint32_t i;
    for (i = 0; i < sound->frames; i++) {
        bs_sound_frame(sound, pcm, bytes, scratch);
        pcm += sound->hop;
        bytes += sound->features;
    }
}
