/* SPDX-License-Identifier: Apache-2.0 */
#include "sound.h"

/* Exchanges the complex numbers whose places are each other's bits in reverse. */
static void reverse(uint32_t half, int32_t *words)
{
    uint32_t i;
    uint32_t j = 0;
    for (i = 0; i + 1U < half; i++) {
        uint32_t bit = half >> 1;
        if (i < j) {
            const int32_t re = words[2U * i];
            const int32_t im = words[(2U * i) + 1U];
            words[2U * i] = words[2U * j];
            words[(2U * i) + 1U] = words[(2U * j) + 1U];
            words[2U * j] = re;
            words[(2U * j) + 1U] = im;
        }
        while ((j & bit) != 0U) {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
    }
}

/* The product with cos - i sin, Q24. */
static void rotate(int32_t c, int32_t s, int32_t re, int32_t im, int32_t *product)
{
    product[0] = (int32_t)bs_round_shift(((int64_t)c * re) + ((int64_t)s * im), 24U);
    product[1] = (int32_t)bs_round_shift(((int64_t)c * im) - ((int64_t)s * re), 24U);
}

/* Butterflies of every stage; each halves. */
static void stages(uint32_t half, const int32_t *sines, int32_t *words)
{
    const uint32_t quarter = half >> 1;
    uint32_t length;
    for (length = 1; length < half; length <<= 1) {
        uint32_t angle = 0;
        uint32_t j;
        for (j = 0; j < length; j++) {
            const int32_t s = (angle <= quarter) ? sines[angle] : sines[half - angle];
            const int32_t c = (angle <= quarter) ? sines[quarter - angle] : -sines[angle - quarter];
            uint32_t i;
            for (i = j; i < half; i += 2U * length) {
                int32_t *a = words + (2U * i);
                int32_t *b = a + (2U * length);
                int32_t t[2];
                rotate(c, s, b[0], b[1], t);
                b[0] = bs_round_half(a[0] - t[0]);
                b[1] = bs_round_half(a[1] - t[1]);
                a[0] = bs_round_half(a[0] + t[0]);
                a[1] = bs_round_half(a[1] + t[1]);
            }
            angle += half / length;
        }
    }
}

/* From the spectrum of even samples + i * odd samples to that of all: bins k and half - k, bin 0 aside. */
static void join(uint32_t half, const int32_t *sines, int32_t *words)
{
    uint32_t k;
    const int32_t first = words[0];
    words[0] = bs_round_half((2 * first) + (2 * words[1]));
    words[1] = bs_round_half((2 * first) - (2 * words[1]));
    for (k = 1; 2U * k <= half; k++) {
        int32_t *a = words + (2U * k);
        int32_t *b = words + (2U * (half - k));
        const int32_t re = a[0] + b[0];
        const int32_t im = a[1] - b[1];
        int32_t t[2];
        rotate(sines[(half >> 1) - k], sines[k], a[1] + b[1], b[0] - a[0], t);
        a[0] = bs_round_half(re + t[0]);
        a[1] = bs_round_half(im + t[1]);
        b[0] = bs_round_half(re - t[0]);
        b[1] = bs_round_half(t[1] - im);
    }
}

void bs_sound_spectrum(uint32_t fft, const int32_t *sines, int32_t *words)
{
    const uint32_t half = fft >> 1;
    reverse(half, words);
    stages(half, sines, words);
    join(half, sines, words);
}
