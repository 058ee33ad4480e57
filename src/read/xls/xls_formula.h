/* xls_formula.h — the formulas of a sheet's cells as text.                       SPDX-License-Identifier: MIT */
#ifndef PF_XLS_FORMULA_H
#define PF_XLS_FORMULA_H
#include "ptg/ptg_cells.h"
#include "read/xls/xls_book.h"

/* One pass over a sheet. All zero is good; clear ends it. */
struct pf_xls_formulas {
    struct pf_ptg_cells cells;
    struct pf_buf record, text;
};
void pf_xls_formulas_clear(struct pf_xls_formulas *formulas);
/* A FORMULA record, and what follows it in the stream up to its STRING. When it is known, formulas->text is its text. The
 * book's links must be there. */
pf_status pf_xls_formula_read(struct pf_xls_formulas *formulas, const struct pf_xls_book *book,
                              struct pf_xls_stream *stream, const struct pf_xls_record *record,
                              enum pf_ptg_answer *answer, struct pf_error *err);
#endif
