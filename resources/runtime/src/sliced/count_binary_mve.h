/*
 * The body of a function (tile, tally) that counts entries of a binary tile of 128 outputs, each four words; see
 * count_ternary.h for what the file that includes it defines.
 * SPDX-License-Identifier: Apache-2.0
 */

#define LOAD(word)                         \
    do {                                   \
        BS_NEXT(address, tile, *list, 4U); \
        list++;                            \
        (word) = bs_quad_load(address);    \
    } while (0)

    uint32_t *const planes = tally->planes;
    bs_quad ones = bs_quad_load(planes);
    bs_quad twos = bs_quad_load(planes + 4);
    bs_quad fours = bs_quad_load(planes + 8);
    bs_quad eights = bs_quad_load(planes + 12);
    const BS_ENTRY *list = (const BS_ENTRY *)tally->less;
    const BS_ENTRY *end = list + tally->less_count;
    uint32_t flip = tally->flip;
    for (;;) {
        const uint32_t *address = tile;
        if (list != end) {
            bs_quad a = bs_quad_fill(0);
            bs_quad b;
            bs_quad twos_a = a;
            bs_quad fours_a = a;
            bs_quad eights_a = a;
            bs_quad twos_b;
            bs_quad fours_b;
            bs_quad eights_b;
            bs_quad carry;
            bs_quad held = fours_a;
            /* The first round takes what is left over of sixteen; what it jumps over has carried nothing. */
            switch ((uint32_t)(end - list) & 15U) {
                do {
                    case 0:
                        LOAD(a);
                        /* fall through */
                    case 15:
                        LOAD(b);
                        BS_QUAD_ADD(ones, a, b, twos_a);
                        /* fall through */
                    case 14:
                        LOAD(a);
                        /* fall through */
                    case 13:
                        LOAD(b);
                        BS_QUAD_ADD(ones, a, b, twos_b);
                        BS_QUAD_ADD(twos, twos_a, twos_b, fours_a);
                        /* fall through */
                    case 12:
                        LOAD(a);
                        /* fall through */
                    case 11:
                        LOAD(b);
                        BS_QUAD_ADD(ones, a, b, twos_a);
                        /* fall through */
                    case 10:
                        LOAD(a);
                        /* fall through */
                    case 9:
                        LOAD(b);
                        BS_QUAD_ADD(ones, a, b, twos_b);
                        BS_QUAD_ADD(twos, twos_a, twos_b, fours_b);
                        BS_QUAD_ADD(fours, fours_a, fours_b, eights_a);
                        /* fall through */
                    case 8:
                        LOAD(a);
                        /* fall through */
                    case 7:
                        LOAD(b);
                        BS_QUAD_ADD(ones, a, b, twos_a);
                        /* fall through */
                    case 6:
                        LOAD(a);
                        /* fall through */
                    case 5:
                        LOAD(b);
                        BS_QUAD_ADD(ones, a, b, twos_b);
                        BS_QUAD_ADD(twos, twos_a, twos_b, fours_a);
                        /* fall through */
                    case 4:
                        LOAD(a);
                        /* fall through */
                    case 3:
                        LOAD(b);
                        BS_QUAD_ADD(ones, a, b, twos_a);
                        /* fall through */
                    case 2:
                        LOAD(a);
                        /* fall through */
                    default:
                        LOAD(b);
                        BS_QUAD_ADD(ones, a, b, twos_b);
                        BS_QUAD_ADD(twos, twos_a, twos_b, fours_b);
                        BS_QUAD_ADD(fours, fours_a, fours_b, eights_b);
                        BS_QUAD_ADD(eights, eights_a, eights_b, carry);
                        /* Of two rounds in a row, the first leaves its carry to the second. */
                        if (((end - list) & 16) != 0) {
                            held = carry;
                        } else {
                            bs_quad sixteens = bs_quad_load(planes + 16);
                            BS_QUAD_ADD(sixteens, held, carry, eights_b);
                            bs_quad_store(planes + 16, sixteens);
                            held = bs_quad_fill(0);
                            bs_quad_ripple(planes + 20, tally->count - 5U, eights_b);
                        }
                } while (list != end);
            }
        }
        if (flip == 0U) {
            break;
        }
        /* A full adder of complements gives complements: what follows is subtracted from what was counted. */
        ones = bs_quad_not(ones);
        twos = bs_quad_not(twos);
        fours = bs_quad_not(fours);
        eights = bs_quad_not(eights);
        bs_quad_complement(planes + 16, flip - 4U);
        flip = 0;
        list = (const BS_ENTRY *)tally->more;
        end = list + tally->more_count;
    }
    bs_quad_store(planes, ones);
    bs_quad_store(planes + 4, twos);
    bs_quad_store(planes + 8, fours);
    bs_quad_store(planes + 12, eights);
