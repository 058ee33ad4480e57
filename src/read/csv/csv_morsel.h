/* csv_morsel.h — one block into batches.                                         SPDX-License-Identifier: MIT */
#ifndef PF_CSV_MORSEL_H
#define PF_CSV_MORSEL_H
#include "columns/columns_batch.h"
#include "read/csv/csv_part.h"

/* A finished batch and the records of the block it stands for (the rejected ones too). */
struct pf_csv_batch {
    struct ArrowArray array;
    int64_t from, to;
};

/* Kept from block to block; one thread at a time. All zero before open. */
struct pf_csv_morsel {
    struct pf_csv_part part;
    struct pf_batch batch; /* growing */
    int64_t batch_rows;    /* in it, rejected ones not counted */
    int64_t batch_from;
    struct pf_csv_batch *done; /* finished; released by whoever takes them, or clear */
    size_t done_count, done_room;
    struct pf_infer *seen; /* per wanted column, when some are watched; rows counted from the block's first */
    uint8_t *flags;        /* rows of the window that a cell spoils */
    size_t flag_room;
    int64_t *guess; /* bytes of text in the last batch, per column */
    int64_t *merged;
    size_t merged_room;
    /* of the block; when part.stopped, records are those before that row */
    int64_t records, blank_rows, comment_rows, lines;
};
pf_status pf_csv_morsel_open(struct pf_csv_morsel *m, const struct pf_csv_plan *plan, struct pf_error *err);
pf_status pf_csv_morsel_read(struct pf_csv_morsel *m, const struct pf_csv_plan *plan,
                             const struct pf_csv_text *text, struct pf_error *err);
void pf_csv_morsel_clear(struct pf_csv_morsel *m);
#endif
