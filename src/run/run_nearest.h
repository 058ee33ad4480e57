/* run_nearest.h — "did you mean …": the candidate nearest to a wanted word.     SPDX-License-Identifier: MIT */
#ifndef PF_RUN_NEAREST_H
#define PF_RUN_NEAREST_H
#include <stddef.h>

struct pf_nearest {
    const char *wanted; /* lent */
    const char *best;   /* the nearest candidate so far; lent by who offered it */
    size_t distance;
};
void pf_nearest_start(struct pf_nearest *nearest, const char *wanted);
void pf_nearest_offer(struct pf_nearest *nearest, const char *candidate);
/* NULL when nothing offered is near enough to be meant. */
const char *pf_nearest_name(const struct pf_nearest *nearest);
/* Insertions, deletions, changes and swaps of neighbours that make b from a, ignoring ASCII case; words longer
 * than 63 bytes are compared by their beginning. */
size_t pf_edit_distance(const char *a, const char *b);
#endif
