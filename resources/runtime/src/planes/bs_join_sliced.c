/* SPDX-License-Identifier: Apache-2.0 */
#include "planes.h"

/* For each code of a, which codes of b give a digit: bits 0 to 2 for -1, 0, +1 of b; then the same twice more. */
static void fill_sets(uint32_t *sets, uint32_t minus, uint32_t plus)
{
    /* By bits as above: which pixels have a code of b in the set. The empty set and the full one never change. */
    sets[1] = minus;
    sets[2] = ~(minus | plus);
    sets[3] = ~plus;
    sets[4] = plus;
    sets[5] = minus | plus;
    sets[6] = ~minus;
}

bs_status bs_join_sliced(const bs_sliced_map *a_map, const bs_sliced_map *b_map, const bs_sliced_map *out,
                         const uint32_t *tables, const uint32_t *a, const uint32_t *b, uint32_t *output)
{
    uint32_t sets[8];
    uint32_t inside;
    uint32_t channel;
    if (a_map == NULL || b_map == NULL || out == NULL || tables == NULL || a == NULL || b == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    sets[0] = 0U;
    sets[7] = 0xFFFFFFFFU;
    inside = bs_mask_of((((out->height * out->width) - 1U) & 31U) + 1U);
    for (channel = 0; channel < out->channels; channel++) {
        const bs_signs of_a = bs_signs_of(a_map, a);
        const bs_signs of_b = bs_signs_of(b_map, b);
        /* Digit 2 has its higher bit set, digit 0 neither. */
        const uint32_t ups = bs_even_bits(tables[channel] >> 1);
        const uint32_t downs = bs_even_bits(~(tables[channel] | (tables[channel] >> 1)));
        uint32_t *const plus = output;
        uint32_t *const minus = output + out->words;
        uint32_t word;
        for (word = 0; word < out->words; word++) {
            const uint32_t a_plus = of_a.plus[word];
            const uint32_t a_minus = bs_minus_at(&of_a, word);
            const uint32_t a_zero = ~(a_plus | a_minus);
            fill_sets(sets, bs_minus_at(&of_b, word), of_b.plus[word]);
            plus[word] = (a_minus & sets[ups & 7U]) | (a_zero & sets[(ups >> 3) & 7U]) |
                         (a_plus & sets[(ups >> 6) & 7U]);
            if (out->planes == 2U) {
                minus[word] = (a_minus & sets[downs & 7U]) | (a_zero & sets[(downs >> 3) & 7U]) |
                              (a_plus & sets[(downs >> 6) & 7U]);
            }
        }
        plus[out->words - 1U] &= inside;
        if (out->planes == 2U) {
            minus[out->words - 1U] &= inside;
        }
        a += (size_t)a_map->planes * a_map->words;
        b += (size_t)b_map->planes * b_map->words;
        output += (size_t)out->planes * out->words;
    }
    return BS_OK;
}
