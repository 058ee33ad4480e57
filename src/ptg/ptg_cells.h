/* ptg_cells.h — the formulas of a sheet's cells, also those that several cells share.  SPDX-License-Identifier: MIT */
#ifndef PF_PTG_CELLS_H
#define PF_PTG_CELLS_H
#include "base/map.h"
#include "ptg/ptg_spell.h"

/* One pass over a sheet, whose records come in their order. All zero is good; clear ends it. */
struct pf_ptg_cells {
    struct pf_ptg_speller speller;
    struct pf_map places; /* of what is shared, by the cell that its users name */
    struct pf_buf shared, bytes;
};
void pf_ptg_cells_clear(struct pf_ptg_cells *cells);

enum pf_ptg_answer {
    PF_PTG_UNKNOWN, /* it has a text, which cannot be told */
    PF_PTG_KNOWN,
    PF_PTG_NO_TEXT /* XLSX, too, holds none here: tables of what-if, all cells of an array formula but its first */
};

/* PtgExp: the formula stands elsewhere, under the name of a cell. */
bool pf_ptg_points(enum pf_ptg_version version, const struct pf_ptg_formula *formula, uint32_t *row,
                   uint32_t *column);
/* Keeps a copy of what cells of the range share, by the cell that they name. */
pf_status pf_ptg_cells_share(struct pf_ptg_cells *cells, uint32_t row, uint32_t column,
                             const struct pf_grid_range *range, bool is_array,
                             const struct pf_ptg_formula *formula, struct pf_error *err);
/* Appends the formula's text to `to` when it is known. NO_MEMORY or OK. */
pf_status pf_ptg_cells_spell(struct pf_ptg_cells *cells, const struct pf_ptg_links *links,
                             const struct pf_ptg_formula *formula, struct pf_buf *to,
                             enum pf_ptg_answer *answer, struct pf_error *err);
#endif
