/*
 * Four words at once: the vectors of Helium (MVE), or the same in portable C, so that what is built on them gives the
 * same results everywhere. Not for applications.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BITSMITH_QUAD_H
#define BITSMITH_QUAD_H

#include "sliced.h"

#if defined(__ARM_FEATURE_MVE) && !defined(BS_PORTABLE)
#define BS_HAS_MVE 1
#else
#define BS_HAS_MVE 0
#endif

#if BS_HAS_MVE

#include <arm_mve.h>

typedef uint32x4_t bs_quad;

static inline bs_quad bs_quad_load(const uint32_t *words)
{
    return vldrwq_u32(words);
}

/** The four words behind these. Written out, as the compiler would first copy the address to step it. */
static inline bs_quad bs_quad_load_second(const uint32_t *words)
{
    bs_quad a;
    __asm__("vldrw.32 %q0, [%1, #16]" : "=w"(a) : "r"(words), "m"(*(const bs_eight_words *)(const void *)words));
    return a;
}

/** words[index] for each of four indices. */
static inline bs_quad bs_quad_gather(const uint32_t *words, bs_quad index)
{
    return vldrwq_gather_shifted_offset_u32(words, index);
}

static inline void bs_quad_store(uint32_t *words, bs_quad a)
{
    vstrwq_u32(words, a);
}

static inline bs_quad bs_quad_fill(uint32_t word)
{
    return vdupq_n_u32(word);
}

static inline bs_quad bs_quad_and(bs_quad a, bs_quad b)
{
    return vandq_u32(a, b);
}

static inline bs_quad bs_quad_or(bs_quad a, bs_quad b)
{
    return vorrq_u32(a, b);
}

static inline bs_quad bs_quad_xor(bs_quad a, bs_quad b)
{
    return veorq_u32(a, b);
}

static inline bs_quad bs_quad_not(bs_quad a)
{
    return vmvnq_u32(a);
}

/** Both by less than 32. */
static inline bs_quad bs_quad_right(bs_quad a, uint32_t bits)
{
    return vshlq_r_u32(a, -(int32_t)bits);
}

static inline bs_quad bs_quad_left(bs_quad a, uint32_t bits)
{
    return vshlq_r_u32(a, (int32_t)bits);
}

/** Four pairs of words: the first ones, then the second ones. */
static inline void bs_quad_unzip(uint32_t *words)
{
    const uint32x4x2_t pairs = vld2q_u32(words);
    vstrwq_u32(words, pairs.val[0]);
    vstrwq_u32(words + 4, pairs.val[1]);
}

/** Full adders: sum += a + b; `carry` gets what weighs twice as much. */
#define BS_QUAD_ADD(sum, a, b, carry)                                                \
    do {                                                                             \
        const bs_quad differ = bs_quad_xor(sum, a);                                  \
        (carry) = bs_quad_or(bs_quad_and(sum, a), bs_quad_and(differ, b));           \
        (sum) = bs_quad_xor(differ, b);                                              \
    } while (0)

/** Adds a carry to `count` planes of 128 bits, lowest first. */
static inline void bs_quad_ripple(uint32_t *plane, uint32_t count, bs_quad carry)
{
    for (; count > 0U; count--) {
        const bs_quad old = bs_quad_load(plane);
        bs_quad_store(plane, bs_quad_xor(old, carry));
        carry = bs_quad_and(old, carry);
        plane += 4;
    }
}

#else

typedef struct {
    uint32_t words[4];
} bs_quad;

static inline void bs_quad_unzip(uint32_t *words)
{
    uint32_t old[8];
    uint32_t i;
    for (i = 0; i < 8U; i++) {
        old[i] = words[i];
    }
    for (i = 0; i < 4U; i++) {
        words[i] = old[2U * i];
        words[i + 4U] = old[(2U * i) + 1U];
    }
}

static inline bs_quad bs_quad_load(const uint32_t *words)
{
    bs_quad a;
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] = words[i];
    }
    return a;
}

static inline bs_quad bs_quad_gather(const uint32_t *words, bs_quad index)
{
    bs_quad a;
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] = words[index.words[i]];
    }
    return a;
}

static inline void bs_quad_store(uint32_t *words, bs_quad a)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        words[i] = a.words[i];
    }
}

static inline bs_quad bs_quad_fill(uint32_t word)
{
    bs_quad a;
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] = word;
    }
    return a;
}

static inline bs_quad bs_quad_and(bs_quad a, bs_quad b)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] &= b.words[i];
    }
    return a;
}

static inline bs_quad bs_quad_or(bs_quad a, bs_quad b)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] |= b.words[i];
    }
    return a;
}

static inline bs_quad bs_quad_xor(bs_quad a, bs_quad b)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] ^= b.words[i];
    }
    return a;
}

static inline bs_quad bs_quad_not(bs_quad a)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] = ~a.words[i];
    }
    return a;
}

static inline bs_quad bs_quad_right(bs_quad a, uint32_t bits)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] >>= bits;
    }
    return a;
}

static inline bs_quad bs_quad_left(bs_quad a, uint32_t bits)
{
    uint32_t i;
    for (i = 0; i < 4U; i++) {
        a.words[i] <<= bits;
    }
    return a;
}

#endif

/** Every number in `count` planes becomes 2^count - 1 minus it. */
static inline void bs_quad_complement(uint32_t *plane, uint32_t count)
{
    for (; count > 0U; count--) {
        bs_quad_store(plane, bs_quad_not(bs_quad_load(plane)));
        plane += 4;
    }
}

#endif
