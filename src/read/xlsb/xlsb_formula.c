/* xlsb_formula.c — room read/xlsb. Records that hold formulas.                   SPDX-License-Identifier: MIT
 * Knows: where tokens stand in the records of cells, BrtShrFmla and BrtArrFmla.
 * Knows not: tokens. Source: [MS-XLSB] 2.4 (BrtFmla…, BrtShrFmla, BrtArrFmla), 2.5.97 (CellParsedFormula).
 *                                                           Format: docs/formats/xlsb.md §Formulas */
#include "read/xlsb/xlsb_formula.h"

#include "base/error.h"

void pf_xlsb_formulas_clear(struct pf_xlsb_formulas *formulas) {
    pf_ptg_cells_clear(&formulas->cells);
    pf_buf_clear(&formulas->text);
}

/* The sizes in front of rgce and rgcb; false: the record is too short. */
static bool take_tokens(const struct pf_xlsb_record *record, size_t at, struct pf_ptg_formula *formula) {
    if (!pf_xlsb_has(record, at, 4))
        return false;
    formula->rgce_size = pf_load32(record->bytes + at);
    formula->rgce = record->bytes + at + 4;
    if (!pf_xlsb_has(record, at + 4, formula->rgce_size))
        return false;
    at += 4 + formula->rgce_size;
    if (!pf_xlsb_has(record, at, 4)) /* nothing is said of what is behind */
        return true;
    formula->rgcb_size = pf_load32(record->bytes + at);
    formula->rgcb = record->bytes + at + 4;
    return pf_xlsb_has(record, at + 4, formula->rgcb_size);
}

/* The text, or the stored result and the mark that it should not be that. */
static pf_status put_answer(struct pf_xlsb_formulas *formulas, const struct pf_xlsb_book *book,
                            const struct pf_ptg_formula *formula, bool good, size_t at,
                            struct pf_grid_block *block, struct pf_error *err) {
    enum pf_ptg_answer answer = PF_PTG_UNKNOWN;
    formulas->text.size = 0;
    if (good && block->text.size <= PF_GRID_BLOCK_SHARE)
        PF_TRY(pf_ptg_cells_spell(&formulas->cells, &book->links, formula, &formulas->text, &answer, err));
    struct pf_cell *cell = &block->cells[at];
    cell->flags = PF_CELL_FORMULA | (answer == PF_PTG_UNKNOWN ? PF_CELL_UNSPELLED : 0);
    if (answer != PF_PTG_KNOWN)
        return PF_OK;
    cell->kind = PF_CELL_TEXT;
    return pf_grid_block_text(block, cell, (const char *)formulas->text.data, formulas->text.size, err);
}

pf_status pf_xlsb_formula_read(struct pf_xlsb_formulas *formulas, const struct pf_xlsb_book *book,
                               const struct pf_xlsb_record *record, size_t at, uint32_t row,
                               struct pf_grid_block *block, struct pf_error *err) {
    size_t cell = block->cell_count - 1;
    struct pf_ptg_formula formula = {.row = row, .column = block->cells[cell].column};
    bool good = take_tokens(record, at + 2, &formula); /* behind flags */
    PF_TRY(put_answer(formulas, book, &formula, good, cell, block, err));
    formulas->waits = good && block->cells[cell].flags & PF_CELL_UNSPELLED &&
                      pf_ptg_points(PF_PTG_BIFF12, &formula, &formulas->key_row, &formulas->key_column);
    formulas->cell = cell;
    formulas->row = row;
    formulas->column = formula.column;
    return PF_OK;
}

pf_status pf_xlsb_formula_share(struct pf_xlsb_formulas *formulas, const struct pf_xlsb_book *book,
                                const struct pf_xlsb_record *record, struct pf_grid_block *block,
                                struct pf_error *err) {
    struct pf_ptg_formula formula = {0};
    struct pf_grid_range range;
    bool is_array = record->id == PF_XLSB_ARR_FMLA;
    if (!formulas->waits)
        return PF_OK;
    formulas->waits = false;
    if (!pf_xlsb_range(record, &range) || !take_tokens(record, 16 + is_array, &formula))
        return PF_OK;
    PF_TRY(pf_ptg_cells_share(&formulas->cells, formulas->key_row, formulas->key_column, &range, is_array,
                              &formula, err));
    uint8_t points[9] = {1}; /* PtgExp again, and the column behind it */
    pf_store32(points + 1, formulas->key_row);
    pf_store32(points + 5, formulas->key_column);
    formula = (struct pf_ptg_formula){points, points + 5, 5, 4, formulas->row, formulas->column};
    return put_answer(formulas, book, &formula, true, formulas->cell, block, err);
}
