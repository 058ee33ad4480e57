/* columns_scan.h — fast loops over the cells of one column.                     SPDX-License-Identifier: MIT
 *
 * Each takes cells from row on while they are of the common kind that it knows, and stops at the first other one,
 * which the caller classifies the thorough way. What a loop takes, columns_class.c would have called the same:
 * the loops are a shorter way to the same answer, never a second opinion. Two sets: plain C and AVX2. */
#ifndef PF_COLUMNS_SCAN_H
#define PF_COLUMNS_SCAN_H
#include "columns/columns_build.h"
#include "columns/columns_cells.h"
#include "columns/columns_infer.h"
#include "columns/columns_parse.h"

/* A column, made ready. */
struct pf_scan {
    const char *text;
    const uint32_t *pos;
    size_t stride;
    size_t end; /* behind the last row */
    int quote;  /* −1: cells are never quoted */
    bool strip_cr;
    bool has_nulls; /* rules.nulls is not empty */
    bool zoned;     /* timestamps to be taken: only those with a zone, or only those without */
    bool nano;      /* the unit is nanoseconds: only near timestamps */
    char point;
    char separator; /* of local dates */
    int8_t order;   /* PF_DATE_*; local dates: −1 any */
    int8_t digits;  /* of a second that the unit has */
    int16_t precision, scale;
    int64_t per_second;
    uint64_t null_sizes; /* bit n: a null text has n bytes (63: or more) */
    const struct pf_rules *rules;
};

/* What was met; added to. Only what, not where: pf_scan_note looks that up when it is news. */
struct pf_scan_sum {
    int64_t nulls;
    uint32_t classes; /* 1 << PF_CLASS_* */
    uint8_t marks;    /* 1 << PF_MARK_* */
    int32_t int_digits, frac_digits, time_digits;
};
void pf_scan_open(struct pf_scan *scan, const struct pf_cells *cells, const struct pf_rules *rules);
/* Adds one cell that was classified. */
struct pf_cell_class;
void pf_scan_add(struct pf_scan_sum *sum, const struct pf_cell_class *cell);
/* Notes in the state what cells [from, to) of a block were found to have (not the counts). row is the number of
 * the block's first row. */
pf_status pf_scan_note(const struct pf_scan_sum *sum, const struct pf_cells *cells, int64_t row, size_t from,
                       size_t to, const struct pf_rules *rules, struct pf_infer *infer, struct pf_error *err);

/* Only look. */
typedef size_t pf_scan_look(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum);
/* Also append to out, which has room for all of them; out->length and nulls are moved. */
typedef size_t pf_scan_read(const struct pf_scan *scan, size_t row, struct pf_build *out,
                            struct pf_scan_sum *sum);

struct pf_scan_loops {
    pf_scan_look *numbers; /* INT53, INT64, DOUBLE */
    pf_scan_look *iso;     /* DATE_ISO, STAMP_ISO, STAMP_ISO_ZONED */
    pf_scan_look *local;   /* DATE_ANY, DATE_DMY, DATE_MDY with scan.separator */
    pf_scan_look *bools;
    pf_scan_look *nulls; /* takes every cell: counts nulls */
    pf_scan_read *read_int64;
    pf_scan_read *read_double;
    pf_scan_read *read_decimal; /* up to 18 digits; scan.precision and scale */
    pf_scan_read *read_date;    /* by scan.order */
    pf_scan_read *read_stamp;   /* ISO */
    pf_scan_read *read_bool;
    pf_scan_read *read_text; /* takes every cell; data has room for the raw size of all and 64 bytes */
};
const struct pf_scan_loops *pf_scan_loops(void);
extern const struct pf_scan_loops pf_scan_portable;
extern const struct pf_scan_loops pf_scan_avx2;
#endif
