/* csv_proof.h — one block looked at without building anything: classes, rows, the true width.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CSV_PROOF_H
#define PF_CSV_PROOF_H
#include "read/csv/csv_part.h"

/* Kept from block to block; one thread at a time. All zero is good; clear ends it. */
struct pf_csv_proof {
    struct pf_csv_part part;
    struct pf_csv_block single; /* for records longer than the plan's width */
    struct pf_infer *infers;    /* per column of the file, rows counted from the block's first */
    int32_t infer_count, infer_room;
    int32_t longest; /* cells of the longest row that has more than the width; 0: there is none */
    int64_t records, blank_rows, comment_rows, lines;
};
/* The plan's columns stand for the first `width` cells in order. */
pf_status pf_csv_proof_read(struct pf_csv_proof *proof, const struct pf_csv_plan *plan,
                            const struct pf_csv_text *text, struct pf_error *err);
void pf_csv_proof_clear(struct pf_csv_proof *proof);
/* Counts rows from `base` on instead of from 0. */
void pf_csv_infer_shift(struct pf_infer *infer, int64_t base);
#endif
