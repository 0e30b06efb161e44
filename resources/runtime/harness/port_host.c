/* The port on a host with a C library. SPDX-License-Identifier: Apache-2.0 */
#include "port.h"

#include <stdio.h>
#include <stdlib.h>

#define FILES 8

static FILE *files[FILES];

int port_open(const char *name, int for_writing)
{
    int file;
    for (file = 0; file < FILES; file++) {
        if (files[file] == NULL) {
            files[file] = fopen(name, for_writing ? "wb" : "rb");
            return (files[file] != NULL) ? file : -1;
        }
    }
    return -1;
}

size_t port_read(int file, void *bytes, size_t count)
{
    return fread(bytes, 1, count, files[file]);
}

int port_write(int file, const void *bytes, size_t count)
{
    return (fwrite(bytes, 1, count, files[file]) == count) ? 0 : -1;
}

void port_close(int file)
{
    (void)fclose(files[file]);
    files[file] = NULL;
}

void port_print(const char *text)
{
    (void)fputs(text, stdout);
}

void port_count_begin(void)
{
}

uint64_t port_count_end(void)
{
    return 0;
}

void port_exit(int status)
{
    exit(status);
}
