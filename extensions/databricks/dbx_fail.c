/* dbx_fail.c — room extensions/databricks. Writing struct pf_error inside an extension.
 * SPDX-License-Identifier: MIT
 * Knows: one-line messages, the host's heap.
 * Knows not: who shows the error. */
#include "dbx_fail.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t pf_dbx_character_size(const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    size_t size = at[0] < 0x80   ? 1
                  : at[0] < 0xC2 ? 0
                  : at[0] < 0xE0 ? 2
                  : at[0] < 0xF0 ? 3
                  : at[0] < 0xF5 ? 4
                                 : 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
    bool beyond = (at[0] == 0xED && at[1] > 0x9F) || (at[0] == 0xF4 && at[1] > 0x8F);
    return overlong || beyond ? 0 : size;
}

void pf_dbx_make_presentable(char *text) {
    while (*text) {
        size_t size = pf_dbx_character_size(text);
        bool further = size == 2 && (unsigned char)text[0] == 0xC2 && (unsigned char)text[1] < 0xA0; /* C1 */
        if (!size || further || (unsigned char)*text < 0x20 || *text == 0x7f)
            memset(text, '?', further ? 2 : 1);
        text += size ? size : 1;
    }
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
    pf_dbx_make_presentable(message); /* names from outside may be in it, whole or cut */
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
