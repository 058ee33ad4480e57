/* columns_infer.h — the type lattice: which classes of text a column holds, and their join.
 * SPDX-License-Identifier: MIT
 *
 * A column's state is, for every class of cell, the row where it first stood. That is commutative (merge takes
 * the minimum), so threads and block borders cannot matter; the type is the join over the classes present, by
 * the table of docs/house.md ("The join"); and the widening report follows from the rows in order. */
#ifndef PF_COLUMNS_INFER_H
#define PF_COLUMNS_INFER_H
#include "base/text.h"
#include "columns/columns_cells.h"
#include "columns/columns_type.h"

enum pf_class {
    PF_CLASS_BOOL,    /* true, false in lower, upper or title case */
    PF_CLASS_INT53,   /* [-]digits without leading zero, |v| ≤ 2^53 */
    PF_CLASS_INT64,   /* the same within int64 */
    PF_CLASS_DECIMAL, /* the same, beyond int64, at most 38 digits */
    PF_CLASS_DOUBLE,  /* [-]digits.digits, .5? no: a digit on both sides; or with a signed exponent or point and
                         exponent */
    PF_CLASS_NONFINITE, /* nan, inf, -inf, infinity, ignoring case: numbers only beside ordinary numbers */
    PF_CLASS_DATE_ISO,
    PF_CLASS_DATE_ANY, /* day and month interchangeable: 03/04/2021 */
    PF_CLASS_DATE_DMY, /* the first number is above 12 */
    PF_CLASS_DATE_MDY,
    PF_CLASS_STAMP_ISO, /* ISO date and time, no zone */
    PF_CLASS_STAMP_ISO_ZONED,
    PF_CLASS_STAMP_ANY, /* as DATE_ANY, with a time */
    PF_CLASS_STAMP_DMY,
    PF_CLASS_STAMP_MDY,
    PF_CLASS_TEXT,
    PF_CLASS_COUNT
};

#define PF_DATES_AUTO 0
#define PF_DATES_ISO  1 /* only ISO dates are dates */
#define PF_DATES_DMY  2 /* interchangeable ones are day first */
#define PF_DATES_MDY  3
#define PF_DATES_TEXT 4 /* dates are text */

/* How text is to be understood; one per table, the null list may differ by column. Lent. */
struct pf_rules {
    char point;                  /* '.' or ',' */
    char thousands;              /* 0: none; else allowed between groups of three digits */
    int8_t dates;                /* PF_DATES_* */
    bool decimal_infer;          /* fixed-scale numbers become decimal(p,s) */
    const struct pf_text *nulls; /* further null texts, besides the bare empty cell */
    size_t null_count;
};

/* What a cell may be beside its class; kept with its first row too, because a later class may clash with it. */
enum pf_mark {
    PF_MARK_SLASH, /* a date that is not ISO, with '/' */
    PF_MARK_DOT,
    PF_MARK_DASH,
    PF_MARK_NANO,  /* more than 6 digits of a second's fraction */
    PF_MARK_FAR,   /* a date or timestamp (in UTC) outside 1678–2261: not in nanoseconds */
    PF_MARK_LOOSE, /* a double with exponent, or "-0": not a decimal */
    PF_MARK_COUNT
};

#define PF_INFER_NEVER INT64_MAX
struct pf_infer {
    int64_t first[PF_CLASS_COUNT];    /* row of the first cell of the class; PF_INFER_NEVER: none */
    char example[PF_CLASS_COUNT][24]; /* its text, cut, NUL at the end */
    int64_t first_mark[PF_MARK_COUNT];
    char mark_example[PF_MARK_COUNT][24];
    uint8_t marks;  /* 1 << PF_MARK_*: seen, also where no row is known */
    int64_t values; /* cells that are not null (counting stops with the first text cell of a call) */
    int64_t nulls;
    int16_t int_digits, frac_digits; /* the most seen among numbers, for decimals */
    int8_t time_digits;              /* the most digits of a second's fraction */
    char date_separator;             /* '/', '.', '-' of DATE_ANY/DMY/MDY; '?' when mixed; 0 none */
};
void pf_infer_init(struct pf_infer *infer);
/* The class of one plain (unquoted) value that is not null; digits, separators and marks are noted in infer
 * when not NULL, its class and row are not. A finite number that a double could only hold as infinity or as zero
 * is TEXT, and so is a day that is not in the calendar. */
enum pf_class pf_infer_class(const char *text, size_t size, const struct pf_rules *rules,
                             struct pf_infer *infer);
/* Notes one such value with its class and row: for formats whose cells come one by one. */
void pf_infer_value(struct pf_infer *infer, const char *text, size_t size, int64_t row,
                    const struct pf_rules *rules);
/* Is it null? Bare empty cells are; quoted empty ones are not (they are text). The further
 * null texts of the rules are null quoted or not. */
bool pf_infer_is_null(const char *text, size_t size, bool quoted, const struct pf_rules *rules);
/* All cells of a block; row is the number of its first row. Stops looking after the first TEXT cell. scratch as
 * large as the largest cell is found inside. */
pf_status pf_infer_cells(struct pf_infer *infer, const struct pf_cells *cells, int64_t row,
                         const struct pf_rules *rules, struct pf_error *err);
void pf_infer_merge(struct pf_infer *into, const struct pf_infer *from);

/* How a typed column's text is parsed; printed into PF_META_FORMAT. */
struct pf_parse_format {
    int8_t date_order;   /* PF_DATE_* of calendar.h */
    char date_separator; /* 0 for ISO */
};
/* The column's type. unit NANO when time_digits > 6. No value at all: UTF8 and *settled false. *settled: more
 * cells of any class could only widen to TEXT or nothing, i.e. the type is UTF8 because of a TEXT cell or a
 * clash. */
void pf_infer_type(const struct pf_infer *infer, const struct pf_rules *rules, struct pf_type *type,
                   struct pf_parse_format *format, bool *settled);
/* The widenings in row order: each row whose class changed the join of the rows before it (null → x is none).
 * Calls each with the types before and after, the row and the cell's text. */
void pf_infer_widenings(const struct pf_infer *infer, const struct pf_rules *rules,
                        void (*each)(void *ctx, const struct pf_type *from, const struct pf_type *to,
                                     int64_t row, const char *example),
                        void *ctx);
#endif
