/*
 * The body of a function (tile, tally) that counts entries of a ternary tile of 128 outputs, each the words {zero, plus},
 * four times `zero` first; see count_ternary.h for the method and for what the file that includes this defines.
 * SPDX-License-Identifier: Apache-2.0
 */
#define ADD_ENTRY(carry)                                                          \
    do {                                                                          \
        bs_quad zero;                                                             \
        BS_NEXT(address, tile, *list, 8U);                                        \
        list++;                                                                   \
        zero = bs_quad_load(address);                                             \
        (carry) = bs_quad_or(bs_quad_and(ones, zero), bs_quad_load_second(address)); \
        ones = bs_quad_xor(ones, zero);                                           \
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
            bs_quad twos_a = bs_quad_fill(0);
            bs_quad fours_a = twos_a;
            bs_quad eights_a = twos_a;
            bs_quad twos_b;
            bs_quad fours_b;
            bs_quad eights_b;
            bs_quad carry;
            bs_quad held = fours_a;
            /* The first round takes what is left over of eight; what it jumps over has carried nothing. */
            switch ((uint32_t)(end - list) & 7U) {
                do {
                    case 0:
                        ADD_ENTRY(twos_a);
                        /* fall through */
                    case 7:
                        ADD_ENTRY(twos_b);
                        BS_QUAD_ADD(twos, twos_a, twos_b, fours_a);
                        /* fall through */
                    case 6:
                        ADD_ENTRY(twos_a);
                        /* fall through */
                    case 5:
                        ADD_ENTRY(twos_b);
                        BS_QUAD_ADD(twos, twos_a, twos_b, fours_b);
                        BS_QUAD_ADD(fours, fours_a, fours_b, eights_a);
                        /* fall through */
                    case 4:
                        ADD_ENTRY(twos_a);
                        /* fall through */
                    case 3:
                        ADD_ENTRY(twos_b);
                        BS_QUAD_ADD(twos, twos_a, twos_b, fours_a);
                        /* fall through */
                    case 2:
                        ADD_ENTRY(twos_a);
                        /* fall through */
                    default:
                        ADD_ENTRY(twos_b);
                        BS_QUAD_ADD(twos, twos_a, twos_b, fours_b);
                        BS_QUAD_ADD(fours, fours_a, fours_b, eights_b);
                        BS_QUAD_ADD(eights, eights_a, eights_b, carry);
                        /* Of two rounds in a row, the first leaves its carry to the second. */
                        if (((end - list) & 8) != 0) {
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
