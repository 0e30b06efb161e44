/*
 * The body of a function (tile, tally) that counts entries of a binary tile; see count_ternary.h for what the file that
 * includes it defines.
 * SPDX-License-Identifier: Apache-2.0
 */

#define LOAD(word)                         \
    do {                                   \
        BS_NEXT(address, tile, *list, 1U); \
        list++;                            \
        (word) = *address;                 \
    } while (0)

    uint32_t ones = tally->planes[0];
    uint32_t twos = tally->planes[1];
    uint32_t fours = tally->planes[2];
    uint32_t eights = tally->planes[3];
    const BS_ENTRY *list = (const BS_ENTRY *)tally->less;
    const BS_ENTRY *end = list + tally->less_count;
    uint32_t flip = tally->flip;
    for (;;) {
        const uint32_t *address = tile;
        if (list != end) {
            uint32_t a = 0;
            uint32_t b;
            uint32_t twos_a = 0;
            uint32_t fours_a = 0;
            uint32_t eights_a = 0;
            uint32_t twos_b;
            uint32_t fours_b;
            uint32_t eights_b;
            uint32_t carry;
            /* The first round takes what is left over of sixteen; what it jumps over has carried nothing. */
            switch ((uint32_t)(end - list) & 15U) {
                do {
                    case 0:
                        LOAD(a);
                        /* fall through */
                    case 15:
                        LOAD(b);
                        BS_FULL_ADD(ones, a, b, twos_a);
                        /* fall through */
                    case 14:
                        LOAD(a);
                        /* fall through */
                    case 13:
                        LOAD(b);
                        BS_FULL_ADD(ones, a, b, twos_b);
                        BS_FULL_ADD(twos, twos_a, twos_b, fours_a);
                        /* fall through */
                    case 12:
                        LOAD(a);
                        /* fall through */
                    case 11:
                        LOAD(b);
                        BS_FULL_ADD(ones, a, b, twos_a);
                        /* fall through */
                    case 10:
                        LOAD(a);
                        /* fall through */
                    case 9:
                        LOAD(b);
                        BS_FULL_ADD(ones, a, b, twos_b);
                        BS_FULL_ADD(twos, twos_a, twos_b, fours_b);
                        BS_FULL_ADD(fours, fours_a, fours_b, eights_a);
                        /* fall through */
                    case 8:
                        LOAD(a);
                        /* fall through */
                    case 7:
                        LOAD(b);
                        BS_FULL_ADD(ones, a, b, twos_a);
                        /* fall through */
                    case 6:
                        LOAD(a);
                        /* fall through */
                    case 5:
                        LOAD(b);
                        BS_FULL_ADD(ones, a, b, twos_b);
                        BS_FULL_ADD(twos, twos_a, twos_b, fours_a);
                        /* fall through */
                    case 4:
                        LOAD(a);
                        /* fall through */
                    case 3:
                        LOAD(b);
                        BS_FULL_ADD(ones, a, b, twos_a);
                        /* fall through */
                    case 2:
                        LOAD(a);
                        /* fall through */
                    default:
                        LOAD(b);
                        BS_FULL_ADD(ones, a, b, twos_b);
                        BS_FULL_ADD(twos, twos_a, twos_b, fours_b);
                        BS_FULL_ADD(fours, fours_a, fours_b, eights_b);
                        BS_FULL_ADD(eights, eights_a, eights_b, carry);
                        bs_ripple(&tally->planes[4], carry);
                } while (list != end);
            }
        }
        if (flip == 0U) {
            break;
        }
        /* A full adder of complements gives complements: what follows is subtracted from what was counted. */
        ones = ~ones;
        twos = ~twos;
        fours = ~fours;
        eights = ~eights;
        bs_complement(&tally->planes[4], flip - 4U);
        flip = 0;
        list = (const BS_ENTRY *)tally->more;
        end = list + tally->more_count;
    }
    tally->planes[0] = ones;
    tally->planes[1] = twos;
    tally->planes[2] = fours;
    tally->planes[3] = eights;
