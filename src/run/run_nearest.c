/* run_nearest.c — room run. The candidate nearest to a wanted word.             SPDX-License-Identifier: MIT
 * Knows: edit distance.
 * Knows not: options, columns, files. */
#include "run/run_nearest.h"

#include <stdint.h>

#include "base/text.h"

#define WORD_MOST 63

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

size_t pf_edit_distance(const char *a, const char *b) {
    size_t rows[3][WORD_MOST + 1]; /* the row before the last, the last, this one */
    size_t a_size = least(strlen(a), WORD_MOST), b_size = least(strlen(b), WORD_MOST);
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b_size; j++)
        before[j] = last[j] = now[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            char x = pf_lower(a[i - 1]), y = pf_lower(b[j - 1]);
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == pf_lower(b[j - 2]) && pf_lower(a[i - 2]) == y)
                now[j] = least(now[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = last, last = now, now = spare;
    }
    return last[b_size];
}

void pf_nearest_start(struct pf_nearest *nearest, const char *wanted) {
    *nearest = (struct pf_nearest){.wanted = wanted, .distance = SIZE_MAX};
}

void pf_nearest_offer(struct pf_nearest *nearest, const char *candidate) {
    size_t distance = pf_edit_distance(nearest->wanted, candidate);
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->best = candidate;
    }
}

const char *pf_nearest_name(const struct pf_nearest *nearest) {
    size_t allowed = strlen(nearest->wanted) / 3;
    if (allowed < 1)
        allowed = 1;
    return nearest->best && nearest->distance <= allowed ? nearest->best : NULL;
}
