/* shape_convert.h — one column from one type to another: what cast, text and conform share.
 * SPDX-License-Identifier: MIT */
#ifndef PF_SHAPE_CONVERT_H
#define PF_SHAPE_CONVERT_H
#include "columns/columns_build.h"
#include "columns/columns_schema.h"
#include "columns/columns_view.h"

#define PF_CONVERT_SAME  0 /* the array as it is (perhaps under another type of the same layout) */
#define PF_CONVERT_NULLS 1 /* of a null column, or of one that should have no values: those are misfits */
#define PF_CONVERT_TEXT  2 /* printed */
#define PF_CONVERT_BYTES 3 /* text or binary of any layout → plain */
#define PF_CONVERT_WHOLE 4 /* v × multiply ÷ divide in whole numbers */
#define PF_CONVERT_FLOAT 5 /* → float or double */

/* How one column is converted. Zero is "the same". */
struct pf_convert {
    struct pf_type from, to;
    int32_t way;             /* PF_CONVERT_* */
    int32_t multiply_digits; /* powers of ten … */
    int32_t divide_digits;
    int64_t multiply, divide; /* … and further factors, days and seconds */
};
/* UNSUPPORTED when there is no documented cast between the two. */
pf_status pf_convert_plan(struct pf_convert *convert, const struct pf_type *from, const struct pf_type *to,
                          struct pf_error *err);
struct pf_misfits {
    int64_t count;
    int64_t first; /* row in the batch, 0-based */
    char value[64];
};
/* Converts a column (not for the way SAME: move the array). Misfits become null and are told. Gives *out. */
pf_status pf_convert_column(const struct pf_convert *convert, const struct ArrowSchema *field,
                            const struct ArrowArray *array, struct pf_misfits *misfits, struct ArrowArray *out,
                            struct pf_error *err);
/* A column of nulls. */
pf_status pf_convert_nulls(const struct pf_type *type, int64_t length, struct ArrowArray *out,
                           struct pf_error *err);
/* The field under its new type: name and metadata of like, but for how its text was to be parsed. */
pf_status pf_convert_field(const struct ArrowSchema *like, const struct pf_type *to, bool nullable,
                           struct ArrowSchema *out, struct pf_error *err);
#endif
