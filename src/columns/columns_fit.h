/* columns_fit.h — two schemas by name: what is added, gone, widened, refused.   SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_FIT_H
#define PF_COLUMNS_FIT_H
#include "base/buf.h"
#include "columns/columns_type.h"

#define PF_FIT_STRICT 0 /* the same names and types, any order */
#define PF_FIT_ADD    1 /* new columns may come (null before) */
#define PF_FIT_WIDEN  2 /* types may widen losslessly */
#define PF_FIT_UNION  3 /* add and widen, and columns may be missing; what has no common type becomes text */
/* In every mode: columns may come in another order ("moved"), and a column without any value (null) fits every
 * type. Names that differ by case only fit in every mode but strict. */

struct pf_drift {
    const char *column;
    const char *what; /* "added", "missing", "widened", "moved", "case", "refused" */
    struct pf_type from, to;
};
/* The join of two types by the table of docs/house.md (dates, numbers, text); false: only text is common (out
 * is UTF8). int64 or uint64 with double gives double: every value must then be proved exact (the conform shape
 * answers WIDEN at the first that is not, and the column must be text). */
bool pf_type_join(const struct pf_type *a, const struct pf_type *b, struct pf_type *out);
/* Merges next into target by name (exact, then ignoring case with a "case" drift). Gives *out (target's order,
 * new ones behind). each (may be NULL) is called for every drift, a refused one too. BAD_DATA naming the first
 * forbidden change and the mode that allows it. */
pf_status pf_fit(const struct ArrowSchema *target, const struct ArrowSchema *next, int mode,
                 void (*each)(void *ctx, const struct pf_drift *), void *ctx, struct ArrowSchema *out,
                 struct pf_error *err);
#endif
