/* cli_main.c — room cli. The native program.                                    SPDX-License-Identifier: MIT
 * Knows: pf_cli_run, how this process's heap is to grow.
 * Knows not: anything else. */
#include "cli.h"

#if defined(__GLIBC__)
#include <malloc.h>

/* Memory is asked for in few large pieces, by any thread, and kept to the end: so one heap that grows in large steps
 * beats an arena per thread that grows by pages. Only here: a library leaves its host's heap alone. */
static void prepare_heap(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
}
#else
static void prepare_heap(void) {}
#endif

int main(int argc, char **argv) {
    prepare_heap();
    return pf_cli_run(argc, argv);
}
