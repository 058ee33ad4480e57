/* csv_rewrite.h — records by the state machine, rewritten as standard text.      SPDX-License-Identifier: MIT */
#ifndef PF_CSV_REWRITE_H
#define PF_CSV_REWRITE_H
#include "read/csv/csv_machine.h"
#include "read/csv/csv_split.h"

/* Appends records to block->rewritten, made and starts. */
struct pf_csv_rewrite {
    struct pf_csv_block *block;
    struct pf_csv_machine machine;
    size_t columns;
    size_t rows;
    size_t written; /* bytes of rewritten text */
    size_t limit;   /* cells in one part */
    char separator;
    struct pf_error *err;
};
/* guess: bytes of text that it may become. */
pf_status pf_csv_rewrite_begin(struct pf_csv_rewrite *w, struct pf_csv_block *block,
                               const struct pf_csv_dialect *dialect, size_t guess, struct pf_error *err);
/* One record, or one line that is none, at `at`. */
pf_status pf_csv_rewrite_record(struct pf_csv_rewrite *w, size_t at, size_t *next);
/* Rows of the right width that follow each other from `from` to `to`, copied as they are; places: their
 * separators. */
pf_status pf_csv_rewrite_copy(struct pf_csv_rewrite *w, size_t from, size_t to, const uint32_t *places,
                              size_t rows);
/* The part has grown far beyond the text it came from. */
static inline bool pf_csv_rewrite_full(const struct pf_csv_rewrite *w) {
    return w->rows > 0 && w->rows * w->columns >= w->limit;
}
void pf_csv_rewrite_end(struct pf_csv_rewrite *w, size_t to);
#endif
