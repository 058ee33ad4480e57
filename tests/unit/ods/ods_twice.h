/* ods_twice.h — a sheet read by both readers of rows, and what they make of it compared.
 * SPDX-License-Identifier: MIT */
#ifndef ODS_TWICE_H
#define ODS_TWICE_H
#include "../sheet_twice.h"
#include "bytes/bytes_source.h"
#include "read/ods/ods_cursor.h"

static inline void never_read_quickly(void *cursor) { ((struct pf_ods_cursor *)cursor)->never_quick = true; }

/* Do both readers say the same of the sheet? *status: what they answered. */
static inline bool agree_on_sheet(const struct pf_grid_book *book, int32_t sheet, struct pf_buf *quick,
                                  pf_status *status, struct pf_error *err) {
    return agree_both_ways(book, sheet, never_read_quickly, NULL, quick, status, err);
}
#endif
