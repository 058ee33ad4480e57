/* columns_class.h — what one plain value is; shared by inference and parsing.   SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_CLASS_H
#define PF_COLUMNS_CLASS_H
#include "columns/columns_infer.h"
#include "columns/columns_parse.h"

struct pf_cell_class {
    int16_t class;                   /* enum pf_class; −1: only the rest is to be noted */
    uint8_t marks;                   /* 1 << PF_MARK_* */
    int8_t time_digits;              /* of a second's fraction */
    int16_t int_digits, frac_digits; /* of numbers, cut at INT16_MAX */
};
/* Not null, not quoted. */
struct pf_cell_class pf_classify(const char *text, size_t size, const struct pf_rules *rules);
/* Does the value keep a column of that type at it? (Not for imposed types.) */
bool pf_class_fits(const struct pf_parse *parse, const struct pf_cell_class *cell);
/* Notes it in the state. row PF_INFER_NEVER: everything but class and rows. */
void pf_infer_note(struct pf_infer *infer, const struct pf_cell_class *cell, const char *text, size_t size,
                   int64_t row);
/* The digits of numbers in cells [from, to), for loops that did not count them. */
struct pf_scan_sum;
pf_status pf_infer_digits(struct pf_scan_sum *sum, const struct pf_cells *cells, size_t from, size_t to,
                          const struct pf_rules *rules, struct pf_error *err);
/* A number without its thousands separators: text itself when there are none, or copied to room; NULL when it
 * is too long for room. */
#define PF_NUMBER_ROOM 512
const char *pf_strip_thousands(const char *text, size_t *size, char thousands, char room[PF_NUMBER_ROOM]);
/* The plain value of row r; *held is to be given back with pf_mem_free. */
pf_status pf_cell_value(const struct pf_cells *cells, size_t r, char **held, const char **text, size_t *size,
                        bool *quoted, struct pf_error *err);

/* Seconds since 1970 that nanoseconds in 64 bits surely hold: years 1678–2261. */
#define PF_NANO_FIRST (-9214560000) /* 1678-01-01T00:00:00 */
#define PF_NANO_END   9214646400    /* 2262-01-01T00:00:00 */
#endif
