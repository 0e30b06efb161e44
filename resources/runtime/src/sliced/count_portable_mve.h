/*
 * The body of a function (tile, tally) that counts entries of a tile of 128 outputs where there are no vectors: entry by
 * entry. See count_ternary.h for what the file that includes this defines; besides, BS_TAP_WORDS, 1 or 2.
 * SPDX-License-Identifier: Apache-2.0
 */
    const BS_ENTRY *list = (const BS_ENTRY *)tally->less;
    const BS_ENTRY *end = list + tally->less_count;
    uint32_t part;
    for (part = 0; part < 2U; part++) {
        const uint32_t *address = tile;
        for (; list != end; list++) {
            uint32_t i;
            BS_NEXT(address, tile, *list, 4U * BS_TAP_WORDS);
            /* `zero` weighs 1, `plus` 2. */
            for (i = 0; i < 4U * BS_TAP_WORDS; i++) {
                uint32_t *plane = &tally->planes[i];
                uint32_t carry = address[i];
                while (carry != 0U) {
                    const uint32_t old = *plane;
                    *plane = old ^ carry;
                    carry &= old;
                    plane += 4;
                }
            }
        }
        if (tally->flip == 0U) {
            break;
        }
        if (part == 0U) {
            bs_quad_complement(tally->planes, tally->flip);
            list = (const BS_ENTRY *)tally->more;
            end = list + tally->more_count;
        }
    }
