/* The two library functions that the runtime needs, for images without a C library. SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict target, const void *restrict source, size_t count);
void *memset(void *target, int value, size_t count);

void *memcpy(void *restrict target, const void *restrict source, size_t count)
{
    uint8_t *to = (uint8_t *)target;
    const uint8_t *from = (const uint8_t *)source;
    if ((((uintptr_t)to | (uintptr_t)from) & 3U) == 0U) {
        for (; count >= 4U; count -= 4U) {
            *(uint32_t *)(void *)to = *(const uint32_t *)(const void *)from;
            to += 4;
            from += 4;
        }
    }
    for (; count > 0U; count--) {
        *to = *from;
        to++;
        from++;
    }
    return target;
}

void *memset(void *target, int value, size_t count)
{
    uint8_t *to = (uint8_t *)target;
    const uint32_t byte = (uint32_t)value & 255U;
    if (((uintptr_t)to & 3U) == 0U) {
        const uint32_t word = byte * 0x01010101U;
        for (; count >= 4U; count -= 4U) {
            *(uint32_t *)(void *)to = word;
            to += 4;
        }
    }
    for (; count > 0U; count--) {
        *to = (uint8_t)byte;
        to++;
    }
    return target;
}
