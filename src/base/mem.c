/* mem.c — room base. The only malloc, realloc and free of the house.        SPDX-License-Identifier: MIT
 * Knows: sizes, alignment, how to fail the nth request for a test.
 * Knows not: who asks, or what for. */
#include "base/mem.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef PF_FAULTS
#include "base/env.h"
#include "base/thread.h"
#endif

static _Atomic int64_t fail_from; /* 0: off, the only thing the fast path looks at */
static _Atomic int64_t requests;

#ifdef PF_FAULTS
static pthread_once_t env_once = PTHREAD_ONCE_INIT;

static void read_env(void) {
    const char *text = pf_env("PYFORGE_FAIL_ALLOC");
    int64_t nth = 0;
    for (; text && *text >= '0' && *text <= '9' && nth < 1000000000000; text++)
        nth = nth * 10 + (*text - '0');
    atomic_store(&fail_from, nth);
}
#endif

static bool refuse(void) {
#ifdef PF_FAULTS
    pthread_once(&env_once, read_env);
#endif
    int64_t nth = atomic_load_explicit(&fail_from, memory_order_relaxed);
    return nth != 0 && atomic_fetch_add(&requests, 1) + 1 >= nth;
}

void *pf_mem_alloc(size_t size) { return refuse() ? NULL : malloc(size ? size : 1); }

void *pf_mem_zero(size_t count, size_t size) {
    size_t total;
    if (refuse() || __builtin_mul_overflow(count, size, &total))
        return NULL;
    return total ? calloc(count, size) : calloc(1, 1);
}

void *pf_mem_grow(void *memory, size_t size) { return refuse() ? NULL : realloc(memory, size ? size : 1); }

void *pf_mem_aligned(size_t size) {
    if (refuse() || size > SIZE_MAX - 63)
        return NULL;
    return aligned_alloc(64, size ? (size + 63) & ~(size_t)63 : 64);
}

void pf_mem_free(void *memory) { free(memory); }

char *pf_mem_text(const char *text, size_t size) {
    char *copy = size < SIZE_MAX ? pf_mem_alloc(size + 1) : NULL;
    if (!copy)
        return NULL;
    if (size)
        memcpy(copy, text, size);
    copy[size] = 0;
    return copy;
}

void pf_mem_fail_from(int64_t nth) {
#ifdef PF_FAULTS
    pthread_once(&env_once, read_env);
#endif
    atomic_store(&requests, 0);
    atomic_store(&fail_from, nth);
}

int64_t pf_mem_count(void) { return atomic_load(&requests); }
