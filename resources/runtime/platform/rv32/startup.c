/* Start-up for a 32-bit RISC-V core in machine mode, without a C library. SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

extern uint32_t bs_data_load[];
extern uint32_t bs_data_begin[];
extern uint32_t bs_data_end[];
extern uint32_t bs_bss_begin[];
extern uint32_t bs_bss_end[];

int main(void);
void bs_reset(void);

__asm__(".section .vectors, \"ax\"\n"
        ".globl bs_start\n"
        "bs_start:\n"
        ".option push\n"
        ".option norelax\n"
        "la gp, __global_pointer$\n"
        ".option pop\n"
        "la sp, bs_stack_top\n"
        "j bs_reset\n"
        ".text\n");

__attribute__((used)) void bs_reset(void)
{
    const uint32_t *from = bs_data_load;
    volatile uint32_t *to;
    for (to = bs_data_begin; to != bs_data_end; to++) {
        *to = *from;
        from++;
    }
    for (to = bs_bss_begin; to != bs_bss_end; to++) {
        *to = 0U;
    }
    (void)main();
    for (;;) {
    }
}
