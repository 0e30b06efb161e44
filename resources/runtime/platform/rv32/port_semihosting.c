/*
 * The port over RISC-V semihosting: a debugger or emulator must serve it (QEMU: -semihosting-config
 * enable=on,target=native), or the first call faults. The counter is minstret.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "port.h"

enum { SYS_OPEN = 0x01, SYS_CLOSE = 0x02, SYS_WRITE0 = 0x04, SYS_WRITE = 0x05, SYS_READ = 0x06, SYS_EXIT = 0x20 };

static uintptr_t call(uintptr_t operation, const void *argument)
{
    register uintptr_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = argument;
    /* The three instructions must be uncompressed and lie in one page. */
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop\n"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
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

/* minstret and minstreth, written as instruction words because some compilers refuse the names under -march=rv32imc. */
static uint64_t instructions_retired(void)
{
    uint32_t low;
    uint32_t high;
    uint32_t again;
    do {
        __asm__ volatile(".insn i 0x73, 2, %0, x0, -1150" : "=r"(high));
        __asm__ volatile(".insn i 0x73, 2, %0, x0, -1278" : "=r"(low));
        __asm__ volatile(".insn i 0x73, 2, %0, x0, -1150" : "=r"(again));
    } while (high != again);
    return ((uint64_t)high << 32) | low;
}

static uint64_t count_at_begin;

void port_count_begin(void)
{
    count_at_begin = instructions_retired();
}

uint64_t port_count_end(void)
{
    return instructions_retired() - count_at_begin;
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
