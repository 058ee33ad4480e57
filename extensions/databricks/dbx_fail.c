/* dbx_fail.c — room extensions/databricks. Writing struct pf_error inside an extension.
 * SPDX-License-Identifier: MIT
 * Knows: one-line messages, the host's heap.
 * Knows not: who shows the error. */
#include "dbx_fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names from outside may be in a message: it is one line that a terminal may show, and a character that was cut at its
 * end goes whole. */
static void make_presentable(char *text) {
    size_t size = strlen(text), lead = size;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = '?';
    while (lead > 0 && size - lead < 4 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0 || (unsigned char)text[lead - 1] < 0xC0)
        return;
    unsigned char first = (unsigned char)text[lead - 1];
    if (size - (lead - 1) < (first < 0xE0 ? 2u : first < 0xF0 ? 3u : 4u))
        text[lead - 1] = 0;
}

pf_status pf_dbx_fail(struct pf_error *err, pf_status code, const char *format, ...) {
    if (!err)
        return code;
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = 0;
    va_end(args);
    make_presentable(message);
    *err = (struct pf_error){.struct_size = sizeof *err, .code = code, .row = -1, .byte = -1};
    memcpy(err->message, message, sizeof message);
    return code;
}

pf_status pf_dbx_fail_memory(struct pf_error *err) {
    return pf_dbx_fail(err, PF_NO_MEMORY, "out of memory; use fewer threads or a smaller --memory-limit");
}

void *pf_dbx_take(struct pf_host *host, size_t size) {
    void *memory = host ? host->mem_alloc(host, size) : malloc(size);
    return memory ? memset(memory, 0, size) : NULL;
}

void pf_dbx_give_back(struct pf_host *host, void *memory) {
    if (host)
        host->mem_free(host, memory);
    else
        free(memory);
}
