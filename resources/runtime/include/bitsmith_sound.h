/*
 * Bitsmith runtime: the front end from 16-bit sound to the bytes that a network reads. Integers alone: no floating point,
 * no library call beyond memcpy. Every integer is the one that the network was trained on.
 *
 * For each frame: a window, a real Fourier transform that halves in every stage, the power of its bins, mel bands, their
 * binary logarithm, for MFCC a cosine transform, and a linear map to bytes.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BITSMITH_SOUND_H
#define BITSMITH_SOUND_H

#include "bitsmith.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a feature becomes a byte: 0 up to `low`, 255 from `high` on, in between (v - low) * multiplier / 2^20, rounded. */
typedef struct {
    int32_t low;
    int32_t high;
    uint32_t multiplier;
} bs_sound_map;

/** A front end. Lengths are in samples. */
typedef struct {
    /** Of a clip: what the network hears at once. */
    uint32_t samples;
    uint32_t frame;
    /** From the start of a frame to that of the next. */
    uint32_t hop;
    /** Frames of a clip. */
    uint32_t frames;
    /** Length of the Fourier transform: a power of two, not less than the frame, at most 2048. */
    uint32_t fft;
    uint32_t bands;
    /** Features of a frame: the bands, or coefficients of their cosine transform. */
    uint32_t features;
    /** Level below which a band is silent, in 1/1024 octaves. */
    uint32_t floor;
    /** Maps: one for all features, or one for each. */
    uint32_t maps;
    const bs_sound_map *map;
    /** Q15: the first half of the window and its middle, frame / 2 + 1 numbers. */
    const uint16_t *window;
    /** Q24: sines of a quarter of a circle and its end, fft / 4 + 1 numbers. */
    const int32_t *sines;
    /** First bin at or above each edge of a band, bands + 2 numbers. */
    const uint16_t *edges;
    /** For each bin from edges[0] on its weight in the band that rises there, in 1/256; the rest is the falling band's. */
    const uint8_t *rise;
    /** Q14: rows of the cosine transform, features * bands numbers; NULL: the features are the bands. */
    const int16_t *cosines;
} bs_sound;

/** 32-bit words of working memory of a frame. */
#define BS_SOUND_WORDS(fft, bands) ((fft) + (bands))

/**
 * The bytes of one frame.
 *
 * @param pcm sound->frame samples
 * @param bytes sound->features bytes, written
 * @param scratch BS_SOUND_WORDS(sound->fft, sound->bands) words; their content need not be kept
 */
void bs_sound_frame(const bs_sound *sound, const int16_t *pcm, uint8_t *bytes, int32_t *scratch);

/** The bytes of a whole clip, frame after frame. @param pcm sound->samples samples @param bytes frames * features */
void bs_sound_clip(const bs_sound *sound, const int16_t *pcm, uint8_t *bytes, int32_t *scratch);

/**
 * The next frame of a stream: the rows of `bytes` move up by one, and the new frame becomes the last row.
 *
 * @param pcm the newest sound->frame samples; call it again sound->hop samples later
 */
void bs_sound_push(const bs_sound *sound, const int16_t *pcm, uint8_t *bytes, int32_t *scratch);

/**
 * A real Fourier transform in place.
 *
 * @param words `fft` real numbers of at most 2^22; written: the real and imaginary parts of the bins 0 to fft / 2 - 1, in
 *   turns, scaled by 2 / fft; the real bin fft / 2 stands in place of the imaginary part of bin 0, which is 0
 * @param sines of a quarter of a circle, as in bs_sound
 */
void bs_sound_spectrum(uint32_t fft, const int32_t *sines, int32_t *words);

/** The binary logarithm of a number in 1/1024, to within 0.6; 0 for 0. */
uint32_t bs_sound_level(uint64_t energy);

#ifdef __cplusplus
}
#endif

#endif
