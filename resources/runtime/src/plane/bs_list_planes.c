/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

/* Offset under the window of tap `tap`: its kernel row, its column, its channel. */
static uint16_t offset_of(const bs_window *window, uint32_t tap)
{
    const uint32_t pixel = tap / window->channels;
    const uint32_t row = pixel / window->kernel_width;
    const uint32_t column = pixel - (row * window->kernel_width);
    const uint32_t channel = tap - (pixel * window->channels);
    return (uint16_t)((row * window->tap_row_step) + (column * window->tap_step) + channel);
}

static uint32_t append(const bs_window *window, uint32_t bits, uint32_t first, uint16_t *list, uint32_t count)
{
    while (bits != 0U) {
        list[count] = offset_of(window, first + bs_lowest_bit(bits));
        count++;
        bits &= bits - 1U;
    }
    return count;
}

void bs_list_planes(const bs_window *window, const bs_planes *weights, uint32_t filter, uint16_t *list,
                    uint32_t *positives, uint32_t *negatives)
{
    const size_t first = (size_t)filter * weights->words;
    uint32_t count = 0;
    uint32_t word;
    for (word = 0; word < weights->words; word++) {
        const uint32_t nonzero =
            (weights->nonzero != NULL) ? weights->nonzero[first + word] : bs_word_mask(weights, word);
        count = append(window, nonzero & ~weights->negative[first + word], word << 5, list, count);
    }
    *positives = count;
    for (word = 0; word < weights->words; word++) {
        count = append(window, weights->negative[first + word], word << 5, list, count);
    }
    *negatives = count - *positives;
}
