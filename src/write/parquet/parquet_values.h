/* parquet_values.h — one column of a row group: the values that are there, in stored form, and where the nulls
 * are.                                                                          SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_VALUES_H
#define PF_PARQUET_VALUES_H
#include "base/bits.h"
#include "write/parquet/parquet_schema.h"

/* A longer value would make a page beyond the 1 GiB that the codecs take in one call. */
#define PF_PARQUET_VALUE_MOST (((uint64_t)1 << 30) - (1 << 20))

/* Some bytes of text. readable: how many bytes may be read from at on (never less than size), so that loads may
 * be wider than the value. */
struct pf_parquet_slice {
    const uint8_t *at;
    uint32_t size;
    uint32_t readable;
};

/* Rows [from, from + rows) of one column of one batch; lent by the batch. */
struct pf_parquet_part {
    const struct ArrowArray *array;
    int64_t from;
    int64_t rows;
};

/* All zero is good and empty. Taken again and again, memory is reused. Exactly one of words, bits and slices is
 * used, by the column's physical type. */
struct pf_parquet_values {
    int64_t rows;
    int64_t count;        /* values that are not null */
    const uint8_t *valid; /* a bit per row, zero behind the last; NULL: no nulls */
    uint8_t *words;       /* count values of column->width 4 or 8; headroom bytes before them are free */
    size_t headroom;
    const uint8_t *bits; /* BOOLEAN: a bit per value */
    const struct pf_parquet_slice *slices;
    int64_t slices_bytes; /* their sizes together */
    struct pf_buf valid_buf, words_buf, slices_buf, fixed_buf, spread_buf, spread_valid;
};
/* Checks and takes parts; slices stay lent by them. first_row: 0-based row of the first value in the table, for
 * messages. BAD_DATA and LIMIT name column and row. */
pf_status pf_parquet_values_take(struct pf_parquet_values *values, const struct pf_parquet_column *column,
                                 const struct pf_parquet_part *parts, int64_t part_count, int64_t first_row,
                                 struct pf_error *err);
void pf_parquet_values_clear(struct pf_parquet_values *values);

/* count (1–64) bits from bit at on, in the low bits; reads no byte that holds none of them. */
static inline uint64_t pf_parquet_mask(const uint8_t *bits, int64_t at, int count) {
    const uint8_t *p = bits + (at >> 3);
    int shift = (int)(at & 7);
    uint64_t mask = 0;
    if (count == 64) {
        mask = pf_load64(p) >> shift;
        if (shift)
            mask |= (uint64_t)p[8] << (64 - shift);
        return mask;
    }
    int bytes = (shift + count + 7) / 8;
    if (bytes >= 8)
        mask = pf_load64(p);
    else
        for (int i = 0; i < bytes; i++)
            mask |= (uint64_t)p[i] << (8 * i);
    mask >>= shift;
    if (bytes == 9)
        mask |= (uint64_t)p[8] << (64 - shift);
    return mask & (((uint64_t)1 << count) - 1);
}
#endif
