/* xlsx_twice.h — a sheet read by both readers of rows, and what they make of it compared.
 * SPDX-License-Identifier: MIT */
#ifndef XLSX_TWICE_H
#define XLSX_TWICE_H
#include "../sheet_twice.h"
#include "bytes/bytes_source.h"
#include "read/xlsx/xlsx_cursor.h"

static inline void never_read_quickly(void *cursor) { ((struct pf_xlsx_cursor *)cursor)->never_quick = true; }

/* Do both readers say the same of the sheet? *status: what they answered. */
static inline bool agree_on_sheet(const struct pf_grid_book *book, int32_t sheet, struct pf_buf *quick,
                                  pf_status *status, struct pf_error *err) {
    return agree_both_ways(book, sheet, never_read_quickly, quick, status, err);
}
#endif
