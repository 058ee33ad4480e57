/* types_columns.h — hand-made Arrow columns of every flat type, and what must be read back.
 * SPDX-License-Identifier: MIT
 *
 * Made without the product's own builders, so that both ends are checked. */
#ifndef PF_TYPES_COLUMNS_H
#define PF_TYPES_COLUMNS_H
#include <stdbool.h>
#include <stdint.h>

#include "pyforge/arrow_abi.h"

/* How a column's arrays are laid out. */
enum layout { FIXED, BITS, TEXT, LARGE, VIEW, NOTHING };
/* What value stands in a row. */
enum shape { RANDOM, FEW, RISING, SMALL, EDGES };

struct column {
    const char *name;
    const char *format; /* of the values */
    enum layout layout;
    enum shape shape;
    int width;          /* FIXED: bytes */
    const char *index;  /* dictionary-encoded: format of the indices; NULL: plain */
    const char *read;   /* what a reader gives: "int64", "double", "text" … (the checker's words) */
    const char *modern; /* the same under profile modern; NULL: as read */
    int64_t factor;     /* stored = value × factor; 0: 1 */
    int64_t factor_modern;
    bool spark; /* profile spark takes it */
    bool required;
};
extern const struct column all_columns[];
extern const int all_column_count;

/* The value of row as bytes (FIXED: width of them; BITS: one byte), or text of *size bytes. */
void value_of(const struct column *column, int64_t row, uint8_t to[256], int64_t *size);

/* Rows [from, from + rows) as an array with an offset of its own; null_at says which rows are null. */
void make_array(const struct column *column, int64_t from, int64_t rows, bool (*null_at)(int64_t row),
                struct ArrowArray *out);
void make_schema(const struct column *column, struct ArrowSchema *out);
#endif
