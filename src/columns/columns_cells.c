/* columns_cells.c — room columns. The plain value of a cell.                    SPDX-License-Identifier: MIT
 * Knows: standard quoting.
 * Knows not: where cells begin and end, types. */
#include "columns/columns_cells.h"

#include <string.h>

const char *pf_cell_plain(const char *raw, size_t size, char quote, char *scratch, size_t *plain_size,
                          bool *quoted) {
    *quoted = quote && size >= 2 && raw[0] == quote && raw[size - 1] == quote;
    *plain_size = size;
    if (!*quoted)
        return raw;
    const char *at = raw + 1, *end = raw + size - 1;
    *plain_size = (size_t)(end - at);
    const char *next = memchr(at, quote, *plain_size);
    if (!next)
        return at;
    size_t used = 0;
    while (next) {
        size_t n = (size_t)(next - at) + 1; /* up to and with the quote; its double is passed over */
        memcpy(scratch + used, at, n);
        used += n;
        at += n;
        if (at < end && *at == quote)
            at++;
        next = memchr(at, quote, (size_t)(end - at));
    }
    memcpy(scratch + used, at, (size_t)(end - at));
    *plain_size = used + (size_t)(end - at);
    return scratch;
}
