/*
 * The port over Arm semihosting: a debugger or emulator must serve it (QEMU: -semihosting-config
 * enable=on,target=native), or the first call faults. The counter is SysTick.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "port.h"

enum { SYS_OPEN = 0x01, SYS_CLOSE = 0x02, SYS_WRITE0 = 0x04, SYS_WRITE = 0x05, SYS_READ = 0x06, SYS_EXIT = 0x20 };

static uintptr_t call(uintptr_t operation, const void *argument)
{
    register uintptr_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static size_t length_of(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0') {
        length++;
    }
    return length;
}

int port_open(const char *name, int for_writing)
{
    uintptr_t block[3];
    block[0] = (uintptr_t)name;
    block[1] = for_writing ? 5U : 1U;
    block[2] = length_of(name);
    return (int)call(SYS_OPEN, block);
}

size_t port_read(int file, void *bytes, size_t count)
{
    uintptr_t block[3];
    uintptr_t missing;
    block[0] = (uintptr_t)file;
    block[1] = (uintptr_t)bytes;
    block[2] = count;
    missing = call(SYS_READ, block);
    return (missing > count) ? 0U : (count - missing);
}

int port_write(int file, const void *bytes, size_t count)
{
    uintptr_t block[3];
    block[0] = (uintptr_t)file;
    block[1] = (uintptr_t)bytes;
    block[2] = count;
    return (call(SYS_WRITE, block) == 0U) ? 0 : -1;
}

void port_close(int file)
{
    uintptr_t block[1];
    block[0] = (uintptr_t)file;
    (void)call(SYS_CLOSE, block);
}

void port_print(const char *text)
{
    (void)call(SYS_WRITE0, text);
}

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010U)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014U)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018U)
#define INTERRUPT_CONTROL (*(volatile uint32_t *)0xE000ED04U)
#define TICK_PENDING 0x04000000U
#define CLEAR_PENDING_TICK 0x02000000U
#define PERIOD_MASK 0x00FFFFFFU

/* Times that the 24 bits of the counter ran over. */
static volatile uint32_t periods;

void bs_tick(void);

void bs_tick(void)
{
    periods++;
}

void port_count_begin(void)
{
    SYSTICK_CONTROL = 0U;
    SYSTICK_RELOAD = PERIOD_MASK;
    SYSTICK_VALUE = 0U;
    SYSTICK_CONTROL = 7U;
    /* The first tick loads the reload value; wait until counting has begun. */
    while (SYSTICK_VALUE == 0U) {
    }
    INTERRUPT_CONTROL = CLEAR_PENDING_TICK;
    periods = 0U;
}

uint64_t port_count_end(void)
{
    uint32_t before;
    uint32_t value;
    /* Once more where the counter ran over in between, and the interrupt that counts it is still to come. */
    do {
        before = periods;
        value = SYSTICK_VALUE & PERIOD_MASK;
    } while ((before != periods) || ((INTERRUPT_CONTROL & TICK_PENDING) != 0U));
    return ((uint64_t)before << 24) + (PERIOD_MASK - value);
}

void bs_fault(void);

/* Instead of start-up's endless loop: the run ends, and says why. */
void bs_fault(void)
{
    port_print("the core faulted\n");
    port_exit(4);
}

void port_exit(int status)
{
    uintptr_t block[2];
    block[0] = 0x20026U;
    block[1] = (uintptr_t)status;
    (void)call(SYS_EXIT, block);
    for (;;) {
    }
}
