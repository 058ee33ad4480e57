/* contract_heard.h — tests of the contract: what it reports, written down.       SPDX-License-Identifier: MIT */
#ifndef CONTRACT_HEARD_H
#define CONTRACT_HEARD_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "contract/contract.h"

struct heard {
    const char *of; /* who is checked */
    bool quiet;
    int promises;
    char broken[8][128]; /* promises */
    int broken_count;
};

static inline void hear(void *ctx, const char *promise, bool kept, const char *detail) {
    struct heard *heard = ctx;
    heard->promises++;
    if (kept)
        return;
    if (heard->broken_count < 8)
        snprintf(heard->broken[heard->broken_count], sizeof heard->broken[0], "%s", promise);
    heard->broken_count++;
    if (!heard->quiet)
        print_error("%s: %s: %s\n", heard->of, promise, detail);
}

static inline bool heard_of(const struct heard *heard, const char *promise) {
    for (int i = 0; i < heard->broken_count && i < 8; i++)
        if (strcmp(heard->broken[i], promise) == 0)
            return true;
    return false;
}
/* Not where a sanitizer has a heap of its own. */
static inline bool heap_is_measured(void) {
    int64_t before = pf_mem_in_use();
    void *volatile memory = malloc(100000);
    bool grows = pf_mem_in_use() > before;
    free(memory);
    return grows;
}
#endif
