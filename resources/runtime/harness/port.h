/*
 * What the test programs need from the machine that they run on: files, text, a counter. One implementation for hosted
 * C (port_host.c), one for each kind of bare-metal platform (semihosting).
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BITSMITH_PORT_H
#define BITSMITH_PORT_H

#include <stddef.h>
#include <stdint.h>

/** Opens a file in the current folder; a negative number when that fails. */
int port_open(const char *name, int for_writing);
/** Reads up to `count` bytes and answers how many; fewer only at the end of the file. */
size_t port_read(int file, void *bytes, size_t count);
/** Writes all bytes; 0 when that worked. */
int port_write(int file, const void *bytes, size_t count);
void port_close(int file);
void port_print(const char *text);
/** Starts the counter. */
void port_count_begin(void);
/** Ticks since then; 0 where there is no counter. */
uint64_t port_count_end(void);
/** Ends the program with this exit status. */
void port_exit(int status);

#endif
