/* xlsx_twice.h — a sheet read by both readers of rows, and what they make of it compared.
 * SPDX-License-Identifier: MIT */
#ifndef XLSX_TWICE_H
#define XLSX_TWICE_H
#include "../sheet_twice.h"
#include "bytes/bytes_source.h"
#include "read/xlsx/xlsx_cursor.h"

static inline void never_read_quickly(void *cursor) { ((struct pf_xlsx_cursor *)cursor)->never_quick = true; }

/* Pieces of a few rows, so that small sheets have some. */
static inline pf_status take_little(void *cursor, struct pf_grid_piece **piece, enum pf_grid_took *took,
                                    struct pf_error *err) {
    struct pf_xlsx_cursor *c = cursor;
    const uint8_t *bytes;
    size_t got;
    *took = PF_GRID_TOOK_END;
    if (c->state == PF_XLSX_BEFORE)
        PF_TRY(pf_xlsx_sheet_head(c, err));
    if (c->state != PF_XLSX_ROWS || c->part.xml.empty)
        return PF_OK;
    pf_xml_settle(&c->part.xml);
    PF_TRY(pf_window_peek(&c->part.window, 1, &bytes, &got, err));
    size_t end = pf_xlsx_rows_end(bytes, got < 700 ? got : 700);
    return end ? pf_xlsx_piece_cut(c, end, piece, took, err) : PF_OK;
}

/* Do both readers say the same of the sheet? *status: what they answered. */
static inline bool agree_on_sheet(const struct pf_grid_book *book, int32_t sheet, struct pf_buf *quick,
                                  pf_status *status, struct pf_error *err) {
    return agree_both_ways(book, sheet, never_read_quickly, take_little, quick, status, err);
}
#endif
