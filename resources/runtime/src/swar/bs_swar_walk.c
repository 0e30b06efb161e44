/* SPDX-License-Identifier: Apache-2.0 */
#include "swar.h"

/*
 * For every offset of a list: four words at tile + offset are added to (or subtracted from) four accumulators. Lists
 * begin at even places, so that two offsets can be loaded as a word. Without optimization, compilers keep too many
 * registers for themselves.
 */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(BS_PORTABLE) && defined(__thumb2__)

#define FOUR(op) op " %[a0], %[a0], r0\n" op " %[a1], %[a1], r1\n" op " %[a2], %[a2], r2\n" op " %[a3], %[a3], r3\n"
#define STEP(op) "ldmia r3, {r0, r1, r2, r3}\n" FOUR(op)
#define ONE(op) "ldrh r3, [%[list]], #2\n" "add r3, %[tile], r3\n" STEP(op)
#if defined(__ARM_FEATURE_DSP)
#define TWO_OF(word, op) "uxtah r3, %[tile], " word "\n" STEP(op) "uxtah r3, %[tile], " word ", ror #16\n" STEP(op)
#define TWO(op) "ldr r4, [%[list]], #4\n" TWO_OF("r4", op)
#define QUAD(op) "ldmia %[list]!, {r4, r5}\n" TWO_OF("r4", op) TWO_OF("r5", op)
#else
#define TWO(op) ONE(op) ONE(op)
#define QUAD(op) TWO(op) TWO(op)
#endif

/* Eight at a time, begun in the middle where the number of fours is odd; then two, then one. */
#define WALK(op)                                                                                                        \
    __asm__ volatile("subs %[n], #4\n"                                                                                  \
                     "blo 3f\n"                                                                                         \
                     "tst %[n], #4\n"                                                                                   \
                     "beq 2f\n"                                                                                         \
                     "subs %[n], #4\n"                                                                                  \
                     "1:\n" QUAD(op) "2:\n" QUAD(op) "subs %[n], #8\n"                                                  \
                     "bhs 1b\n"                                                                                         \
                     "3:\n"                                                                                             \
                     "lsls r0, %[n], #31\n"                                                                             \
                     "bcc 4f\n" TWO(op) "4:\n"                                                                          \
                     "bpl 5f\n" ONE(op) "5:\n"                                                                          \
                     : [a0] "+r"(a0), [a1] "+r"(a1), [a2] "+r"(a2), [a3] "+r"(a3), [list] "+r"(list), [n] "+r"(n)        \
                     : [tile] "r"(tile)                                                                                 \
                     : "r0", "r1", "r2", "r3", "r4", "r5", "cc", "memory")
#define WALK_ADD WALK("add")
#define WALK_SUBTRACT WALK("sub")

#elif defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__) && !defined(BS_PORTABLE) &&              \
    defined(__ARM_ARCH_6M__)

#define STEP(at)                                                                                                        \
    "ldrh r3, [%[list], #" at "]\n"                                                                                     \
    "add r3, %[tile]\n"                                                                                                 \
    "ldmia r3, {r0, r1, r2, r3}\n"                                                                                      \
    "add %[a0], r0\n"                                                                                                   \
    "add %[a1], r1\n"                                                                                                   \
    "add %[a2], r2\n"                                                                                                   \
    "add %[a3], r3\n"

/* Accumulators lie in the upper registers (kept from use under -Os), which can be added to but not subtracted from. */
#define WALK_ADD                                                                                                        \
    __asm__ volatile(".syntax unified\n"                                                                                \
                     "subs %[n], #4\n"                                                                                  \
                     "blo 3f\n"                                                                                         \
                     "1:\n" STEP("0") STEP("2") STEP("4") STEP("6") "adds %[list], #8\n"                                \
                     "subs %[n], #4\n"                                                                                  \
                     "bhs 1b\n"                                                                                         \
                     "3:\n"                                                                                             \
                     "lsls r0, %[n], #31\n"                                                                             \
                     "bcc 4f\n" STEP("0") STEP("2") "adds %[list], #4\n"                                                \
                     "4:\n"                                                                                             \
                     "lsls r0, %[n], #31\n"                                                                             \
                     "bpl 5f\n" STEP("0") "5:\n"                                                                        \
                     : [a0] "+h"(a0), [a1] "+h"(a1), [a2] "+h"(a2), [a3] "+h"(a3), [list] "+l"(list), [n] "+l"(n)        \
                     : [tile] "h"(tile)                                                                                 \
                     : "r0", "r1", "r2", "r3", "cc", "memory")

#else

#define STEP(op)                                                                                                        \
    {                                                                                                                   \
        const uint32_t *const words = (const uint32_t *)(const void *)((const uint8_t *)tile + *list);                  \
        list++;                                                                                                         \
        a0 op words[0];                                                                                                 \
        a1 op words[1];                                                                                                 \
        a2 op words[2];                                                                                                 \
        a3 op words[3];                                                                                                 \
    }
#define WALK(op)                                                                                                        \
    for (; n >= 4U; n -= 4U) {                                                                                          \
        STEP(op)                                                                                                        \
        STEP(op)                                                                                                        \
        STEP(op)                                                                                                        \
        STEP(op)                                                                                                        \
    }                                                                                                                   \
    for (; n > 0U; n--)                                                                                                 \
        STEP(op)
#define WALK_ADD WALK(+=)
#define WALK_SUBTRACT WALK(-=)

#endif

#if defined(WALK_SUBTRACT)
#define FIRST BS_SWAR_MIDDLE
#else
#define FIRST 0U
#endif

void bs_swar_walk(const uint16_t *section, const uint32_t *tile, uint32_t step, uint32_t count, uint32_t *sums)
{
    const uint16_t *const added = section + 2;
    const uint16_t *const subtracted = added + (((uint32_t)section[0] + 1U) & ~1U);
    const uint32_t *const end = sums + (4U * (size_t)count);
    for (;;) {
        const uint16_t *list;
        uint32_t n;
        uint32_t a0 = FIRST;
        uint32_t a1 = FIRST;
        uint32_t a2 = FIRST;
        uint32_t a3 = FIRST;
#if defined(WALK_SUBTRACT)
        list = added;
        n = section[0];
        WALK_ADD;
        list = subtracted;
        n = section[1];
        WALK_SUBTRACT;
#else
        list = subtracted;
        n = section[1];
        WALK_ADD;
        a0 = BS_SWAR_MIDDLE - a0;
        a1 = BS_SWAR_MIDDLE - a1;
        a2 = BS_SWAR_MIDDLE - a2;
        a3 = BS_SWAR_MIDDLE - a3;
        list = added;
        n = section[0];
        WALK_ADD;
#endif
        sums[0] = a0;
        sums[1] = a1;
        sums[2] = a2;
        sums[3] = a3;
        sums += 4;
        if (sums == end) {
            break;
        }
        tile += step;
    }
}
