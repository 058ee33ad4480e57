/* parquet_nest.h — a leaf inside structs, lists and maps: its levels, and where its values stand.
 * SPDX-License-Identifier: MIT
 * Source: the Parquet format's README, "Nested Encoding" (definition and repetition levels). */
#ifndef PF_PARQUET_NEST_H
#define PF_PARQUET_NEST_H
#include "write/parquet/parquet_values.h"

/* All zero is good and empty. Taken again and again, memory is reused. A slot is one pair of levels: a value, or the
 * place where a null or an empty list stands for values. */
struct pf_parquet_nest {
    int64_t rows, slots;
    struct pf_buf definition, repetition; /* uint32_t per slot */
    struct pf_buf starts;                 /* struct pf_parquet_start per row, and one more for the end */
    struct pf_buf parts; /* struct pf_parquet_part: the leaf's elements whose parents are all there */
};
struct pf_parquet_start {
    int64_t slot;  /* where the row's slots begin */
    int64_t value; /* elements of parts before the row; once settled, values before it */
};
/* Walks parts, arrays of the column's field, down to its leaf; the parts it makes are lent by them. first_row: of the
 * first row in the table, for messages. BAD_DATA names the row. */
pf_status pf_parquet_nest_take(struct pf_parquet_nest *nest, const struct pf_parquet_column *column,
                               const struct pf_parquet_part *parts, int64_t part_count, int64_t first_row,
                               struct pf_error *err);
/* Once the elements are taken as values: those that are null themselves lose their last definition level, and starts
 * count values. */
void pf_parquet_nest_settle(struct pf_parquet_nest *nest, const struct pf_parquet_column *column,
                            const struct pf_parquet_values *values);
/* The row (from 0) in which an element stands, before settling. */
int64_t pf_parquet_nest_row(const struct pf_parquet_nest *nest, int64_t element);
void pf_parquet_nest_clear(struct pf_parquet_nest *nest);

static inline const struct pf_parquet_start *pf_parquet_starts(const struct pf_parquet_nest *nest) {
    return (const struct pf_parquet_start *)(const void *)nest->starts.data;
}
#endif
