/* shape.h — a shape turns batches of one schema into batches of another.        SPDX-License-Identifier: MIT
 *
 * begin once: schema → schema; apply per batch, in order; close once. Shapes never look ahead of their batch.
 */
#ifndef PF_SHAPE_H
#define PF_SHAPE_H
#include "pyforge/extension.h"

typedef struct pf_shape_state pf_shape_state;
struct pf_shape {
    const char *name;
    /* args: the shape's own struct below, lent for the call. Gives *state and *out. */
    pf_status (*begin)(const void *args, const struct ArrowSchema *in, struct pf_host *host,
                       pf_shape_state **state, struct ArrowSchema *out, struct pf_error *err);
    /* Takes *in; gives *out (may be of length 0). *done set to 1: no further batch is wanted. On failure release
     * *in as always (it may be released already); the state can then only be closed. */
    pf_status (*apply)(pf_shape_state *state, struct ArrowArray *in, struct ArrowArray *out, int32_t *done,
                       struct pf_error *err);
    void (*close)(pf_shape_state *state);
};

/* Keep columns[i] of the input under names[i] (NULL: its name), in this order. */
struct pf_select_args {
    int64_t count;
    const int32_t *columns;
    const char *const *names;
};
/* Change types: target[i] for child i (kind −1: leave). Only lossless or documented casts; what does not fit
 * follows on_bad: BAD_DATA with column and row, or null, counted in a notice "cast-null". Used for profile=spark
 * (time, duration, uint64, nanos, null → what Spark holds) and for combine. Each changed column gets
 * PF_META_CAST; whoever asked for the cast tells the user. The casts: any flat type → text · null → any · integer → integer, decimal, float,
 * double · decimal → decimal · float → double · dates, times, timestamps and durations → other units of
 * themselves · date → timestamp · timestamp → another zone (the instant stays; local ↔ zoned counts as UTC) ·
 * duration → int64 microseconds · any text → text, any binary → binary · dictionary → its values, then as these. */
#define PF_BAD_FAIL 0
#define PF_BAD_NULL 1
struct pf_cast_args {
    int64_t count;
    const struct pf_type *targets;
    int32_t on_bad;
};
struct pf_limit_args {
    int64_t skip_rows;
    int64_t limit_rows; /* −1: all */
};
/* Every column becomes text in the spelling of columns_print.h; binary as base64. args NULL. */
/* Lineage: constant text columns and row numbers behind the others. */
struct pf_lineage_args {
    int64_t count;
    const char *const *names;  /* "source_file", … */
    const char *const *values; /* NULL: the row number (int64, 1-based) */
    int64_t first_row;
};
/* Bring a batch to a wider schema by name: missing columns null, types widened as columns_fit.h says. Names match
 * exactly, then ignoring case; a column that the target has not is BAD_DATA. Dictionary, large and view columns
 * come out plain. A value that the target's type cannot hold (an integer that is no double) is WIDEN with column
 * and row. A column without values fits every type; a value in it is WIDEN too. */
struct pf_conform_args {
    const struct ArrowSchema *target;
    const uint8_t *unseen;  /* per column of the input: 1: text because no value was seen; NULL: none */
    int64_t *failed_column; /* gets the target's column at WIDEN, −1 when it is one with unseen; lent for the
                             * life of the shape; NULL: not wanted */
};
/* pf_shape_utf8 changes nothing: a text that is not UTF-8 is BAD_DATA with column and row (of the column itself; not
 * of values within it or its dictionary). For streams that others made; readers give UTF-8. args NULL. */
extern const struct pf_shape pf_shape_select, pf_shape_cast, pf_shape_text, pf_shape_limit, pf_shape_lineage,
    pf_shape_conform, pf_shape_utf8;
#endif
