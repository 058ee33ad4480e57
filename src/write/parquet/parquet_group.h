/* parquet_group.h — batches gathered into a row group of so many rows or bytes. SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_GROUP_H
#define PF_PARQUET_GROUP_H
#include "write/parquet/parquet_values.h"

/* A batch that one or two row groups hold rows of. */
struct pf_parquet_held {
    struct ArrowArray array;
    int refs;
};
pf_status pf_parquet_held_open(struct ArrowArray *batch, struct pf_parquet_held **out,
                               struct pf_error *err); /* takes */
void pf_parquet_held_drop(struct pf_parquet_held *held);

struct pf_parquet_rows {
    struct pf_parquet_held *held;
    int64_t from, rows;
};
/* All zero is good and empty. */
struct pf_parquet_group {
    struct pf_buf pieces; /* struct pf_parquet_rows */
    int64_t first_row;    /* in the table */
    int64_t rows;
    int64_t bytes; /* as PLAIN values, nulls counted as if they were there */
};
/* Takes rows of held from *from on, as many as keep the group within most_rows and most_bytes, at least one when
 * it is empty; moves *from. *full: no row more fits. Where a group ends depends on the rows alone, not on how
 * they were cut into batches. */
pf_status pf_parquet_group_fill(struct pf_parquet_group *group, const struct pf_parquet_schema *schema,
                                struct pf_parquet_held *held, int64_t *from, int64_t most_rows,
                                int64_t most_bytes, bool *full, struct pf_error *err);
/* Appends one part per piece to parts: arrays of a column of the table. */
pf_status pf_parquet_group_parts(const struct pf_parquet_group *group, int64_t field, struct pf_buf *parts,
                                 struct pf_error *err);
void pf_parquet_group_reset(struct pf_parquet_group *group); /* lets its batches go */
void pf_parquet_group_clear(struct pf_parquet_group *group);
#endif
