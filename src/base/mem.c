/* mem.c — room base. The only malloc, realloc and free of the house.        SPDX-License-Identifier: MIT
 * Knows: sizes, alignment, how to fail the nth request for a test.
 * Knows not: who asks, or what for. */
#include "base/mem.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef PF_FAULTS
#include "base/env.h"
#include "base/thread.h"
#endif

static _Atomic int64_t fail_from; /* 0: off, the only thing the fast path looks at */
static _Atomic int64_t fail_last;
static _Atomic int64_t requests;
static _Atomic int64_t live; /* blocks given less blocks freed, while it counts */

#ifdef PF_FAULTS
static pthread_once_t env_once = PTHREAD_ONCE_INIT;

static void read_env(void) {
    const char *text = pf_env("PYFORGE_FAIL_ALLOC");
    int64_t nth = 0;
    for (; text && *text >= '0' && *text <= '9' && nth < 1000000000000; text++)
        nth = nth * 10 + (*text - '0');
    atomic_store(&fail_last, INT64_MAX);
    atomic_store(&fail_from, nth);
}
#define READ_ENV() pthread_once(&env_once, read_env)
#else
#define READ_ENV() ((void)0)
#endif

static bool refuse(void) {
    READ_ENV();
    int64_t nth = atomic_load_explicit(&fail_from, memory_order_relaxed);
    if (nth == 0)
        return false;
    int64_t request = atomic_fetch_add(&requests, 1) + 1;
    return request >= nth && request <= atomic_load(&fail_last);
}

static bool counts(void) { return atomic_load_explicit(&fail_from, memory_order_relaxed) != 0; }

static void *given(void *memory) {
    if (memory && counts())
        atomic_fetch_add(&live, 1);
    return memory;
}

void *pf_mem_alloc(size_t size) { return refuse() ? NULL : given(malloc(size ? size : 1)); }

void *pf_mem_zero(size_t count, size_t size) {
    size_t total;
    if (refuse() || __builtin_mul_overflow(count, size, &total))
        return NULL;
    return given(total ? calloc(count, size) : calloc(1, 1));
}

void *pf_mem_grow(void *memory, size_t size) {
    if (refuse())
        return NULL;
    void *grown = realloc(memory, size ? size : 1);
    return memory ? grown : given(grown);
}

void *pf_mem_aligned(size_t size) {
    if (refuse() || size > SIZE_MAX - 63)
        return NULL;
    return given(aligned_alloc(64, size ? (size + 63) & ~(size_t)63 : 64));
}

void pf_mem_free(void *memory) {
    if (memory && counts())
        atomic_fetch_sub(&live, 1);
    free(memory);
}

char *pf_mem_text(const char *text, size_t size) {
    char *copy = size < SIZE_MAX ? pf_mem_alloc(size + 1) : NULL;
    if (!copy)
        return NULL;
    if (size)
        memcpy(copy, text, size);
    copy[size] = 0;
    return copy;
}

static void set_fault(int64_t from, int64_t last) {
    READ_ENV();
    atomic_store(&fail_from, 0);
    atomic_store(&requests, 0);
    atomic_store(&live, 0);
    atomic_store(&fail_last, last);
    atomic_store(&fail_from, from);
}

void pf_mem_fail_from(int64_t nth) { set_fault(nth, INT64_MAX); }

void pf_mem_fail_once(int64_t nth) { set_fault(nth, nth); }

int64_t pf_mem_count(void) { return atomic_load(&requests); }

int64_t pf_mem_live(void) { return atomic_load(&live); }

int64_t pf_mem_in_use(void) {
#if defined __GLIBC_PREREQ
#if __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
#endif
#endif
    return 0;
}
