/* SPDX-License-Identifier: Apache-2.0 */
#include "sound.h"

/* log2(1 + i/64), Q15. */
static const uint16_t logarithms[65] = {
    0, 733, 1455, 2166, 2866, 3556, 4236, 4907, 5568, 6220, 6863, 7498, 8124,
    8742, 9352, 9954, 10549, 11136, 11716, 12289, 12855, 13415, 13968, 14514, 15055, 15589,
    16117, 16639, 17156, 17667, 18173, 18673, 19168, 19658, 20143, 20623, 21098, 21568, 22034,
    22495, 22952, 23404, 23852, 24296, 24736, 25172, 25604, 26031, 26455, 26876, 27292, 27705,
    28114, 28520, 28922, 29321, 29717, 30109, 30498, 30884, 31267, 31647, 32024, 32397, 32768};

uint32_t bs_sound_level(uint64_t energy)
{
    uint32_t exponent = 0;
    uint32_t step;
    uint32_t fraction;
    uint32_t low;
    uint32_t value;
    if (energy == 0U) {
        return 0;
    }
    for (step = 32U; step > 0U; step >>= 1) {
        if ((energy >> (exponent + step)) != 0U) {
            exponent += step;
        }
    }
    fraction = (uint32_t)((exponent >= 16U) ? (energy >> (exponent - 16U)) : (energy << (16U - exponent))) & 0xFFFFU;
    low = logarithms[fraction >> 10];
    value = (low << 10) + ((logarithms[(fraction >> 10) + 1U] - low) * (fraction & 1023U));
    return (exponent << 10) + ((value + 16384U) >> 15);
}
