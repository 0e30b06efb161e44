/* Vector table and start-up for any Cortex-M, without a C library. SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

extern uint32_t bs_stack_top[];
extern uint32_t bs_data_load[];
extern uint32_t bs_data_begin[];
extern uint32_t bs_data_end[];
extern uint32_t bs_bss_begin[];
extern uint32_t bs_bss_end[];

int main(void);
void bs_reset(void);
void bs_fault(void);
void bs_tick(void);

/* What a fault does; a port may do better. */
__attribute__((weak)) void bs_fault(void)
{
    for (;;) {
    }
}

/* The system timer ran over; a port counts it. */
__attribute__((weak)) void bs_tick(void)
{
}

void bs_reset(void)
{
    const uint32_t *from = bs_data_load;
    volatile uint32_t *to;
#if defined(__ARM_ARCH) && (__ARM_ARCH >= 7)
    /* Coprocessors 10 and 11 on: the compiler may use vector or floating-point registers to copy. */
    volatile uint32_t *const access_control = (volatile uint32_t *)0xE000ED88U;
    *access_control |= 0x00F00000U;
    __asm volatile("dsb\n isb" ::: "memory");
#endif
    for (to = bs_data_begin; to != bs_data_end; to++) {
        *to = *from;
        from++;
    }
    for (to = bs_bss_begin; to != bs_bss_end; to++) {
        *to = 0U;
    }
    (void)main();
    bs_fault();
}

typedef union {
    uint32_t *stack;
    void (*handler)(void);
} bs_vector;

__attribute__((section(".vectors"), used)) static const bs_vector vectors[16] = {
    {.stack = bs_stack_top}, {.handler = bs_reset}, {.handler = bs_fault}, {.handler = bs_fault},
    {.handler = bs_fault},   {.handler = bs_fault}, {.handler = bs_fault}, {.handler = bs_fault},
    {.handler = bs_fault},   {.handler = bs_fault}, {.handler = bs_fault}, {.handler = bs_fault},
    {.handler = bs_fault},   {.handler = bs_fault}, {.handler = bs_fault}, {.handler = bs_tick},
};
