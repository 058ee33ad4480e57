/* sylk_book.h — a SYLK file as a book of one sheet.                              SPDX-License-Identifier: MIT */
#ifndef PF_SYLK_BOOK_H
#define PF_SYLK_BOOK_H
#include "grid/grid_book.h"
#include "pyforge/extension.h"

/* name: of the sheet; copied. Gives *out; source is read to its end and not needed afterwards. */
pf_status pf_sylk_book_open(struct pf_source *source, const char *name, struct pf_grid_book *out,
                            struct pf_error *err);
#endif
