/* xls_sheet.h — one pass over a sheet's cells.                                  SPDX-License-Identifier: MIT */
#ifndef PF_XLS_SHEET_H
#define PF_XLS_SHEET_H
#include "read/xls/xls_book.h"

/* Looks the sheet through once for all passes: what is merged. */
pf_status pf_xls_look(struct pf_xls_book *book, int32_t sheet, struct pf_error *err);

/* What its cells link to; a driver's. */
pf_status pf_xls_hyperlinks(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err);

typedef struct pf_xls_cursor pf_xls_cursor;
/* Gives the cursor, before the first row; book is lent until close. wants: as in grid_book.h. A sheet without cells has
 * none. */
pf_status pf_xls_cursor_open(struct pf_xls_book *book, int32_t sheet, uint32_t wants, pf_xls_cursor **out,
                             struct pf_error *err);
/* Appends the next rows to the (empty) block; left empty: the end. */
pf_status pf_xls_cursor_next(pf_xls_cursor *cursor, struct pf_grid_block *block, struct pf_error *err);
void pf_xls_cursor_close(pf_xls_cursor **cursor);
#endif
