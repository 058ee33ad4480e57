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

/* All zero before the first cell; buffers are kept from cell to cell; clear ends it. */
struct pf_ods_cell {
    int64_t repeated;                   /* columns */
    int64_t spans_rows, spans_columns;  /* 1: no more than itself */
    uint32_t style;                     /* 0: of the row or column */
    uint8_t type;                       /* enum pf_ods_type */
    bool has_value;                     /* an attribute carries it */
    struct pf_buf value, text, formula; /* the attribute's; of the paragraphs; with its '=' */
};
/* Behind the OPEN event of a cell: reads it to its end. */
pf_status pf_ods_cell_read(const struct pf_ods_book *book, struct pf_xml *xml, struct pf_ods_cell *cell,
                           struct pf_error *err);
bool pf_ods_cell_is_blank(const struct pf_ods_cell *cell);
/* Appends it to the last row of the block. */
pf_status pf_ods_cell_put(const struct pf_ods_book *book, const struct pf_ods_cell *cell, uint32_t column,
                          uint32_t style, uint32_t wants, struct pf_grid_block *block, struct pf_error *err);
void pf_ods_cell_clear(struct pf_ods_cell *cell);
/* A count of repeats or spans; 1 for what is none. */
int64_t pf_ods_count(struct pf_text text);
/* xsd:duration of days, hours, minutes, seconds in microseconds, rounded to the millisecond; false: not that. */
bool pf_ods_duration(const char *text, size_t size, int64_t *micros);
#endif
