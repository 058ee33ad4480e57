/* cli_main.c — room cli. The native program.                                    SPDX-License-Identifier: MIT
 * Knows: pf_cli_run, how this process's heap is to grow.
 * Knows not: anything else. */
#include "cli.h"

#if defined(__GLIBC__)
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE ((uintptr_t)2 << 20)
#define HEAP_ROOM (128 << 20) /* addresses, not memory */

/* Memory is asked for in few large pieces, by any thread, and kept to the end: so one heap that grows in large steps
 * beats an arena per thread that grows by pages, and its front is of huge pages, which are faulted in and looked up
 * with a fraction of the work. Only here: a library leaves its host's heap alone. */
static void prepare_heap(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 2 * HEAP_ROOM);
    mallopt(M_TOP_PAD, HEAP_ROOM);
    char *front = malloc(1 << 20);
    if (front) {
        uintptr_t from = ((uintptr_t)front + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
        madvise((void *)from, HEAP_ROOM - HUGE_PAGE, MADV_HUGEPAGE); /* refused: the pages stay small */
    }
    free(front);
    mallopt(M_TOP_PAD, 1 << 20);
}
#else
static void prepare_heap(void) {}
#endif

int main(int argc, char **argv) {
    prepare_heap();
    return pf_cli_run(argc, argv);
}
