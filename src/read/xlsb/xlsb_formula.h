/* xlsb_formula.h — the formulas of a sheet's cells as text.                      SPDX-License-Identifier: MIT */
#ifndef PF_XLSB_FORMULA_H
#define PF_XLSB_FORMULA_H
#include "ptg/ptg_cells.h"
#include "read/xlsb/xlsb_book.h"

/* One pass over a sheet. All zero is good; clear ends it. */
struct pf_xlsb_formulas {
    struct pf_ptg_cells cells;
    struct pf_buf text;
    /* The last formula of a cell names what the record behind it may hold: */
    bool waits;
    size_t cell;          /* of the block */
    uint32_t row, column; /* of the cell */
    uint32_t key_row, key_column;
};
void pf_xlsb_formulas_clear(struct pf_xlsb_formulas *formulas);
/* The cell that was put last, whose formula stands at `at` in its record: where it is known, its text takes the place of the
 * result. The book's links must be there. */
pf_status pf_xlsb_formula_read(struct pf_xlsb_formulas *formulas, const struct pf_xlsb_book *book,
                               const struct pf_xlsb_record *record, size_t at, uint32_t row,
                               struct pf_grid_block *block, struct pf_error *err);
/* BrtShrFmla or BrtArrFmla, behind a cell. */
pf_status pf_xlsb_formula_share(struct pf_xlsb_formulas *formulas, const struct pf_xlsb_book *book,
                                const struct pf_xlsb_record *record, struct pf_grid_block *block,
                                struct pf_error *err);
#endif
