/* mem.h — the only door to the heap.                                            SPDX-License-Identifier: MIT */
#ifndef PF_MEM_H
#define PF_MEM_H
#include <stddef.h>
#include <stdint.h>

/* Give memory or NULL (also when the test switch says so). Size 0 is treated as 1. Any thread. */
void *pf_mem_alloc(size_t size);
void *pf_mem_zero(size_t count, size_t size);     /* overflow-checked, zeroed */
void *pf_mem_grow(void *memory, size_t size);     /* realloc; on NULL the old block is still yours */
void *pf_mem_aligned(size_t size);                /* 64-byte aligned; give back with pf_mem_free */
void pf_mem_free(void *memory);                   /* NULL is fine */
char *pf_mem_text(const char *text, size_t size); /* a copy with a final NUL */

/* For tests: the nth request from now (1 = the next) and all after it fail, or it alone; 0 switches off. Counts
 * from all threads; INT64_MAX counts and fails none. A build with -Dfaults=true takes the first nth from the environment
 * variable PYFORGE_FAIL_ALLOC. */
void pf_mem_fail_from(int64_t nth);
void pf_mem_fail_once(int64_t nth);
int64_t pf_mem_count(void);  /* requests since the last of these two; 0 when it was switched off */
int64_t pf_mem_in_use(void); /* bytes of the process's heap, whoever asked for them; 0 where it is not known */
int64_t pf_mem_live(void);   /* blocks given less blocks freed since then; not counted while it is off */
#endif
