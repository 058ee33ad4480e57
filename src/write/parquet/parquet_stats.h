/* parquet_stats.h — least and greatest value of a page or chunk, and how they are written.
 * SPDX-License-Identifier: MIT
 * Source: parquet.thrift, ColumnOrder and Statistics; PageIndex.md. */
#ifndef PF_PARQUET_STATS_H
#define PF_PARQUET_STATS_H
#include "write/parquet/parquet_values.h"

union pf_parquet_value {
    int64_t i;
    uint64_t u;
    double d;
    struct pf_parquet_slice s;
};
/* NaN takes no part. Slices stay lent. */
struct pf_parquet_range {
    bool any;
    union pf_parquet_value min, max;
};
/* Values [from, from + count) of the one form that the column's type has. */
void pf_parquet_range_words(enum pf_parquet_order order, const uint8_t *words, int width, int64_t count,
                            struct pf_parquet_range *out);
void pf_parquet_range_slices(enum pf_parquet_order order, const struct pf_parquet_slice *slices, int64_t count,
                             struct pf_parquet_range *out);
void pf_parquet_range_bits(const uint8_t *bits, int64_t from, int64_t count, struct pf_parquet_range *out);
void pf_parquet_range_join(enum pf_parquet_order order, struct pf_parquet_range *into,
                           const struct pf_parquet_range *from);
/* <0, 0, >0 */
int pf_parquet_compare(enum pf_parquet_order order, const union pf_parquet_value *a,
                       const union pf_parquet_value *b);

/* A bound as it is written. Text and bytes are cut at 64 bytes: the lower one stays a lower bound by itself, the
 * upper one is raised at its last character, or is left out when that is not possible. */
#define PF_PARQUET_BOUND_TEXT 64
struct pf_parquet_bound {
    bool any;
    bool exact;
    uint32_t size;
    const uint8_t *at;                        /* bytes, or the value itself where it may be long */
    uint8_t bytes[PF_PARQUET_BOUND_TEXT + 8]; /* at points here when the value was changed or is a number */
};
void pf_parquet_bound_make(const struct pf_parquet_column *column, const struct pf_parquet_range *range,
                           bool upper, struct pf_parquet_bound *out);
#endif
