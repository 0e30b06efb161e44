/*
 * The body of a function (tile, tally) that counts entries of a ternary tile. The file that includes it says how lists
 * name entries: BS_ENTRY, the type of a list's element; BS_NEXT(address, tile, element, words), which makes `address`,
 * first that of the tile, that of the next entry of `words` words.
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * A tap's words {zero, plus} are the number x + 1 in {0, 1, 2} at 32 pixels: `zero` weighs 1, `plus` 2, and no pixel is
 * in both. So when it is added to the ones, one carry comes out: zero and ones both set, or plus.
 */
#define ADD_ENTRY(carry)                       \
    do {                                       \
        uint32_t zero;                         \
        uint32_t plus;                         \
        BS_NEXT(address, tile, *list, 2U);     \
        list++;                                \
        BS_LOAD_PAIR(zero, plus, address);     \
        (carry) = (ones & zero) | plus;        \
        ones ^= zero;                          \
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
            uint32_t twos_a = 0;
            uint32_t fours_a = 0;
            uint32_t eights_a = 0;
            uint32_t twos_b;
            uint32_t fours_b;
            uint32_t eights_b;
            uint32_t carry;
            /* The first round takes what is left over of eight; what it jumps over has carried nothing. */
            switch ((uint32_t)(end - list) & 7U) {
                do {
                    case 0:
                        ADD_ENTRY(twos_a);
                        /* fall through */
                    case 7:
                        ADD_ENTRY(twos_b);
                        BS_FULL_ADD(twos, twos_a, twos_b, fours_a);
                        /* fall through */
                    case 6:
                        ADD_ENTRY(twos_a);
                        /* fall through */
                    case 5:
                        ADD_ENTRY(twos_b);
                        BS_FULL_ADD(twos, twos_a, twos_b, fours_b);
                        BS_FULL_ADD(fours, fours_a, fours_b, eights_a);
                        /* fall through */
                    case 4:
                        ADD_ENTRY(twos_a);
                        /* fall through */
                    case 3:
                        ADD_ENTRY(twos_b);
                        BS_FULL_ADD(twos, twos_a, twos_b, fours_a);
                        /* fall through */
                    case 2:
                        ADD_ENTRY(twos_a);
                        /* fall through */
                    default:
                        ADD_ENTRY(twos_b);
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
