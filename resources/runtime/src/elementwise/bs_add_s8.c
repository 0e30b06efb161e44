/* SPDX-License-Identifier: Apache-2.0 */
#include "../internal.h"

/* Four sums of bytes in a word: the low seven bits of each are added, and no carry leaves a byte. */
static inline uint32_t add_four(const uint8_t *a, const uint8_t *b)
{
    const uint32_t x = bs_load_aligned(a);
    const uint32_t y = bs_load_aligned(b);
    return ((x & 0x7F7F7F7FU) + (y & 0x7F7F7F7FU)) ^ ((x ^ y) & 0x80808080U);
}

static void add_row(const int8_t *a, const int8_t *b, int8_t *output, size_t count)
{
    size_t i = 0;
    if (((((uintptr_t)a ^ (uintptr_t)b) | ((uintptr_t)a ^ (uintptr_t)output)) & 3U) == 0U) {
        /* One element at a time up to a multiple of four; then four. */
        for (; i < count && !bs_is_aligned(a + i); i++) {
            output[i] = (int8_t)(a[i] + b[i]);
        }
        for (; count - i >= 16U; i += 16U) {
            const uint8_t *const from_a = (const uint8_t *)a + i;
            const uint8_t *const from_b = (const uint8_t *)b + i;
            uint8_t *const to = (uint8_t *)output + i;
            bs_store_aligned(to, add_four(from_a, from_b));
            bs_store_aligned(to + 4, add_four(from_a + 4, from_b + 4));
            bs_store_aligned(to + 8, add_four(from_a + 8, from_b + 8));
            bs_store_aligned(to + 12, add_four(from_a + 12, from_b + 12));
        }
        for (; count - i >= 4U; i += 4U) {
            bs_store_aligned((uint8_t *)output + i, add_four((const uint8_t *)a + i, (const uint8_t *)b + i));
        }
    }
    for (; i < count; i++) {
        output[i] = (int8_t)(a[i] + b[i]);
    }
}

bs_status bs_add_s8(const bs_map *a_map, const bs_map *b_map, const bs_map *out, const int8_t *a, const int8_t *b,
                    int8_t *output)
{
    size_t row;
    uint32_t rows;
    uint32_t y;
    if (a == NULL || b == NULL || output == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    row = (size_t)out->width * out->channels;
    rows = out->height;
    if (a_map->row_step == row && b_map->row_step == row && out->row_step == row) {
        /* No gaps anywhere: one long row. */
        row *= rows;
        rows = 1;
    }
    for (y = 0; y < rows; y++) {
        add_row(a, b, output, row);
        a += a_map->row_step;
        b += b_map->row_step;
        output += out->row_step;
    }
    return BS_OK;
}
