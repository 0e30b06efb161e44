/* SPDX-License-Identifier: Apache-2.0 */
#include "sound.h"

static void apply_window(const bs_sound *sound, const int16_t *pcm, int32_t *words)
{
    uint32_t n;
    for (n = 0; n < sound->frame; n++) {
        const uint32_t mirror = sound->frame - n;
        const int32_t product = pcm[n] * (int32_t)sound->window[(n < mirror) ? n : mirror];
        words[n] = (int32_t)bs_round_shift(product, 8U);
    }
    for (; n < sound->fft; n++) {
        words[n] = 0;
    }
}

static uint64_t power_of(const bs_sound *sound, const int32_t *words, uint32_t bin)
{
    const uint32_t last = sound->fft >> 1;
    const int64_t re = (bin == last) ? words[1] : words[2U * bin];
    const int64_t im = (bin == 0U || bin == last) ? 0 : words[(2U * bin) + 1U];
    return (uint64_t)((re * re) + (im * im));
}

/* Every bin lies on the falling side of one band and the rising side of the next. */
static void band_levels(const bs_sound *sound, const int32_t *words, int32_t *levels)
{
    const uint8_t *rise = sound->rise;
    uint32_t bin = sound->edges[0];
    uint64_t energy = 0;
    uint32_t band;
    for (band = 0; band <= sound->bands; band++) {
        uint64_t rising = 0;
        for (; bin < sound->edges[band + 1U]; bin++) {
            const uint64_t power = power_of(sound, words, bin);
            const uint32_t weight = *rise;
            rise++;
            rising += weight * power;
            energy += (256U - weight) * power;
        }
        if (band > 0U) {
            const uint32_t level = bs_sound_level(energy);
            levels[band - 1U] = (level > sound->floor) ? (int32_t)(level - sound->floor) : 0;
        }
        energy = rising;
    }
}

static uint8_t byte_of(const bs_sound_map *map, int32_t value)
{
    if (value <= map->low) {
        return 0;
    }
    if (value >= map->high) {
        return 255;
    }
    return (uint8_t)((((uint32_t)(value - map->low) * map->multiplier) + 524288U) >> 20);
}

void bs_sound_frame(const bs_sound *sound, const int16_t *pcm, uint8_t *bytes, int32_t *scratch)
{
    int32_t *levels = scratch + sound->fft;
    uint32_t i;
    apply_window(sound, pcm, scratch);
    bs_sound_spectrum(sound->fft, sound->sines, scratch);
    band_levels(sound, scratch, levels);
    for (i = 0; i < sound->features; i++) {
        int32_t value = levels[i];
        if (sound->cosines != NULL) {
            const int16_t *row = sound->cosines + ((size_t)i * sound->bands);
            int64_t sum = 0;
            uint32_t band;
            for (band = 0; band < sound->bands; band++) {
                sum += (int64_t)levels[band] * row[band];
            }
            value = (int32_t)bs_round_shift(sum, 14U);
        }
        bytes[i] = byte_of(sound->map + ((sound->maps == 1U) ? 0U : i), value);
    }
}
