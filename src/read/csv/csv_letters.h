/* csv_letters.h — how much a decoded text looks like one that people wrote.      SPDX-License-Identifier: MIT */
#ifndef PF_CSV_LETTERS_H
#define PF_CSV_LETTERS_H
#include <stddef.h>
#include <stdint.h>

struct pf_csv_plausible {
    double score;  /* mean over the characters beyond ASCII: about 1 for right text, below 0 for nonsense */
    int64_t signs; /* characters beyond ASCII */
};
/* text: valid UTF-8. */
struct pf_csv_plausible pf_csv_plausible_of(const char *text, size_t size);
#endif
