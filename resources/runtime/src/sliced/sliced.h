/* What the sliced convolutions share. Not for applications. SPDX-License-Identifier: Apache-2.0 */
#ifndef BITSMITH_SLICED_INTERNAL_H
#define BITSMITH_SLICED_INTERNAL_H

#include "bitsmith_sliced.h"

/*
 * GCC's scheduler before register allocation moves loads up until the adders' words no longer fit the registers; the
 * counting loops lose 3 to 8 % by it.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define BS_KEEP_ORDER __attribute__((optimize("no-schedule-insns")))
#else
#define BS_KEEP_ORDER
#endif

/** Two neighbouring words. On Thumb-2 one load; compilers do not find it where the address is in a register. */
#if defined(__thumb2__) && defined(__GNUC__) && !defined(BS_PORTABLE)
typedef struct {
    uint32_t first;
    uint32_t second;
} bs_pair;
#define BS_STORE_PAIR(address, first, second) \
    __asm__("strd %1, %2, %0" : "=Q"(*(bs_pair *)(void *)(address)) : "r"(first), "r"(second))
#define BS_LOAD_PAIR(first, second, address) \
    __asm__("ldrd %0, %1, %2" : "=r"(first), "=r"(second) : "Q"(*(const bs_pair *)(address)))
#else
#define BS_LOAD_PAIR(first, second, address)    \
    do {                                        \
        const uint32_t *const pair = (address); \
        (first) = pair[0];                      \
        (second) = pair[1];                     \
    } while (0)
#define BS_STORE_PAIR(address, first, second) \
    do {                                      \
        (address)[0] = (first);               \
        (address)[1] = (second);              \
    } while (0)
#endif

/**
 * One step of comparing numbers in planes with `number`, from the lowest plane up: which are at least as large as it in
 * the planes so far. Then the next bit of `number` is its lowest.
 */
#if defined(__thumb2__) && defined(__GNUC__) && !defined(BS_PORTABLE)
#define BS_COMPARE(at_least, plane, number)                                                        \
    __asm__("lsrs %1, %1, #1\n\tite cs\n\tandcs %0, %0, %2\n\torrcc %0, %0, %2"                    \
            : "+r"(at_least), "+r"(number)                                                         \
            : "r"(plane)                                                                           \
            : "cc")
#else
#define BS_COMPARE(at_least, plane, number)                                                        \
    do {                                                                                           \
        (at_least) = (((number) & 1U) != 0U) ? ((at_least) & (plane)) : ((at_least) | (plane));    \
        (number) >>= 1;                                                                            \
    } while (0)
#endif

/* What runs once for many words: small, as most of the time is spent elsewhere. */
#if defined(__GNUC__) && !defined(__clang__)
#define BS_SMALL __attribute__((optimize("Os")))
#else
#define BS_SMALL
#endif

/** What GCC would otherwise inline everywhere. */
#if defined(__GNUC__)
#define BS_SHARED __attribute__((noinline))
#else
#define BS_SHARED
#endif

typedef struct {
    uint32_t words[8];
} bs_eight_words;

/** Thirty-two one-bit full adders: sum += a + b; `carry` gets what weighs twice as much. */
#define BS_FULL_ADD(sum, a, b, carry)             \
    do {                                          \
        const uint32_t differ = (sum) ^ (a);      \
        (carry) = ((sum) & (a)) | (differ & (b)); \
        (sum) = differ ^ (b);                     \
    } while (0)

/** The lowest `count` bits; `count` is at most 32. */
static inline uint32_t bs_low_bits(uint32_t count)
{
    return (count >= 32U) ? 0xFFFFFFFFU : ((1U << count) - 1U);
}

/** How many bits `value` has; it is not 0. */
static inline uint32_t bs_bit_length(uint32_t value)
{
#if defined(__thumb2__) && defined(__GNUC__) && !defined(BS_PORTABLE)
    return 32U - (uint32_t)__builtin_clz(value);
#else
    uint32_t length = 0;
    while (value != 0U) {
        value >>= 1;
        length++;
    }
    return length;
#endif
}

/** Adds a carry to the planes from `plane` upward. The sums fit the planes, so it ends within them. */
static inline void bs_ripple(uint32_t *plane, uint32_t carry)
{
    while (carry != 0U) {
        const uint32_t old = *plane;
        *plane = old ^ carry;
        carry &= old;
        plane++;
    }
}

/** Every lane's number in `count` planes becomes 2^count - 1 minus it. */
static inline void bs_complement(uint32_t *planes, uint32_t count)
{
    uint32_t i;
    for (i = 0; i < count; i++) {
        planes[i] = ~planes[i];
    }
}

/** Counters that begin with `start`, which has room for all planes; those past `count` (and 8) with anything. */
static inline void bs_tally_begin(bs_tally *tally, const uint32_t *start, uint32_t count)
{
    uint32_t i;
    uint32_t *const planes = tally->planes;
    /* Eight at once: the compiler moves them in groups. */
    *(bs_eight_words *)(void *)planes = *(const bs_eight_words *)(const void *)start;
    for (i = 8; i < count; i++) {
        planes[i] = start[i];
    }
}

/** The `count` planes of a number that is the same at all pixels; those past them, up to 8, are 0. */
static inline void bs_constant_planes(uint32_t *planes, uint32_t count, uint32_t number)
{
    const uint32_t *const end = planes + ((count < 8U) ? 8U : count);
    while (planes != end) {
        *planes = 0U - (number & 1U);
        number >>= 1;
        planes++;
    }
}

/** The next filter's lists, decoded or in place. */
typedef struct {
    uint32_t positives;
    uint32_t negatives;
    /** Lists of +1 weights and of -1 weights. */
    const void *more;
    const void *less;
    /** No weight is 0. Then the list of +1 weights may be missing. */
    int dense;
} bs_next_filter;

static inline uint32_t bs_step_count(const uint8_t **data, uint32_t taps)
{
    uint32_t count = **data;
    (*data)++;
    if (taps >= BS_STEPS_WIDE) {
        count |= (uint32_t)**data << 8;
        (*data)++;
    }
    return count;
}

static inline bs_next_filter bs_find_filter(const bs_packed *weights, bs_reader *reader, uint16_t *list)
{
    const uint32_t taps = weights->taps;
    bs_next_filter filter;
    filter.more = list;
    if (weights->decode != NULL) {
        weights->decode(reader, taps, list, &filter.positives, &filter.negatives);
        filter.dense = filter.positives + filter.negatives == taps;
        filter.less = list + (taps - filter.negatives);
    } else {
        const uint8_t *data = reader->data;
        filter.positives = bs_step_count(&data, taps);
        filter.negatives = bs_step_count(&data, taps);
        filter.dense = filter.positives == ((taps >= BS_STEPS_WIDE) ? 0xFFFFU : 0xFFU);
        if (filter.dense) {
            filter.positives = taps - filter.negatives;
        } else {
            filter.more = data;
            data += filter.positives;
        }
        filter.less = data;
        reader->data = data + filter.negatives;
    }
    return filter;
}

/** The same, as a tally has them. */
static inline bs_next_filter bs_read_filter(const bs_packed *weights, bs_reader *reader, uint16_t *list,
                                            bs_tally *tally)
{
    const bs_next_filter filter = bs_find_filter(weights, reader, list);
    tally->less = filter.less;
    tally->less_count = filter.negatives;
    tally->more = filter.more;
    tally->more_count = filter.positives;
    return filter;
}

/** Counts the entries of all taps of a tile; `sums` gets the complements of the sum's planes, then zeros. */
static inline void bs_count_all(const bs_packed *weights, bs_counter count, uint32_t tap_words, const uint32_t *tile,
                                uint32_t *sums)
{
    const uint32_t bits = bs_bit_length((weights->taps * tap_words) | 8U);
    const uint32_t at_once = 32;
    uint16_t numbers[32];
    uint8_t steps[32];
    bs_tally tally;
    uint32_t i;
    for (i = 0; i < at_once; i++) {
        numbers[i] = (uint16_t)i;
        steps[i] = (uint8_t)((i == 0U) ? 0U : 1U);
    }
    for (i = 0; i < BS_TALLY_PLANES; i++) {
        tally.planes[i] = 0;
    }
    tally.less = (weights->decode != NULL) ? (const void *)numbers : (const void *)steps;
    tally.flip = 0;
    for (i = 0; i < weights->taps; i += at_once) {
        tally.less_count = (weights->taps - i < at_once) ? (weights->taps - i) : at_once;
        count(tile, &tally);
        tile += (size_t)at_once * tap_words;
    }
    for (i = 0; i < BS_TALLY_PLANES; i++) {
        sums[i] = (i < bits) ? ~tally.planes[i] : 0U;
    }
}

/** Fewer filters than this do not repay the sums of all taps. */
#define BS_SHARING_FILTERS 4U

/** Words in which a reader fits on any machine. */
#define BS_READER_WORDS 6U

/** Words of a convolution's tile, with the sums of all taps at its end. */
static inline size_t bs_tile_words(const bs_sliced_window *window)
{
    const uint32_t taps = window->kernel_height * window->kernel_width * window->in.channels;
    return ((size_t)taps * bs_tap_words_sliced(window)) + BS_TALLY_PLANES;
}

static inline void bs_reader_begin(bs_reader *reader, const bs_packed *weights)
{
    reader->data = weights->data;
    reader->signs = weights->signs;
    reader->position = 0;
    reader->sign_position = 0;
}

static inline void bs_job_begin(bs_sliced_job *job, const bs_sliced_window *window, const bs_packed *weights,
                                bs_counter count, const bs_sliced_thresholds *thresholds, const bs_sliced_map *out)
{
    job->window = window;
    job->weights = weights;
    job->count = count;
    job->thresholds = thresholds;
    job->out = out;
    job->tap_words = bs_tap_words_sliced(window);
    job->tile_words = (weights->taps * job->tap_words) + BS_TALLY_PLANES;
    job->low = (window->in.planes == 2U) ? 0 : window->in.low;
    job->prepare = NULL;
    job->share_sums = 0;
    job->have_sums = 0;
}

/** The next filter is the first one; the tiles are new. */
static inline void bs_job_rewind(bs_sliced_job *job)
{
    bs_reader_begin(&job->reader, job->weights);
    job->have_sums = 0;
}

#endif
