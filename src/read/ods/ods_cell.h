/* ods_cell.h — one <table:table-cell>: what is stored in it.                     SPDX-License-Identifier: MIT */
#ifndef PF_ODS_CELL_H
#define PF_ODS_CELL_H
#include "read/ods/ods_book.h"

enum pf_ods_type {
    PF_ODS_UNTYPED,
    PF_ODS_FLOAT, /* percentage and currency, too */
    PF_ODS_DATE,
    PF_ODS_TIME,
    PF_ODS_BOOLEAN,
    PF_ODS_STRING,
    PF_ODS_ERROR,
    PF_ODS_VOID
};

/* Texts are lent by whoever read the cell, until the next one. */
struct pf_ods_cell {
    int64_t repeated;                    /* columns */
    int64_t spans_rows, spans_columns;   /* 1: no more than itself */
    uint32_t style;                      /* 0: of the row or column */
    uint8_t type;                        /* enum pf_ods_type */
    bool has_value;                      /* an attribute carries it */
    struct pf_text value, text, formula; /* the attribute's; of the paragraphs; with its '=' */
    struct pf_text link;                 /* the first address in the paragraphs, where links are asked for */
};
#define PF_ODS_CELL                                                                                            \
    { .repeated = 1, .spans_rows = 1, .spans_columns = 1 }

/* Where the general reader keeps the texts of a cell. All zero is good; clear ends it. */
struct pf_ods_texts {
    struct pf_buf value, text, formula, link;
    bool wants_link;
};
/* Behind the OPEN event of a cell: reads it to its end. The texts are lent by `texts`. */
pf_status pf_ods_cell_read(const struct pf_ods_book *book, struct pf_xml *xml, struct pf_ods_texts *texts,
                           struct pf_ods_cell *cell, struct pf_error *err);
void pf_ods_texts_clear(struct pf_ods_texts *texts);

static inline bool pf_ods_cell_is_blank(const struct pf_ods_cell *cell) {
    return cell->formula.size == 0 && (cell->type == PF_ODS_VOID || !cell->has_value) && cell->text.size == 0;
}
/* The value is in an attribute: the paragraphs only show it, and are not read unless a formula's may show an error. */
static inline bool pf_ods_cell_is_told(const struct pf_ods_cell *cell) {
    return cell->has_value && cell->type != PF_ODS_ERROR && cell->type != PF_ODS_UNTYPED;
}
/* Appends it to the last row of the block. */
pf_status pf_ods_cell_put(const struct pf_ods_book *book, const struct pf_ods_cell *cell, uint32_t column,
                          uint32_t style, uint32_t wants, struct pf_grid_block *block, struct pf_error *err);
/* The type that office:value-type names. */
uint8_t pf_ods_type_of(struct pf_text name);
/* A count of repeats or spans; 1 for what is none. */
int64_t pf_ods_count(struct pf_text text);
/* xsd:duration of days, hours, minutes, seconds in microseconds, rounded to the millisecond; false: not that. */
bool pf_ods_duration(const char *text, size_t size, int64_t *micros);
#endif
