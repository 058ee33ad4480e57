/* xlsx_shared.h — formulas that several cells share. Source: ECMA-376 Part 1, 18.3.1.40.  SPDX-License-Identifier: MIT */
#ifndef PF_XLSX_SHARED_H
#define PF_XLSX_SHARED_H
#include "base/map.h"
#include "base/text.h"
#include "grid/grid_cell.h"

/* The text of one cell of a sheet stands for all that name the same number. All zero is good; clear ends it. */
struct pf_xlsx_shared {
    struct pf_map numbers; /* of what is in formulas, by the number in the sheet */
    struct pf_buf formulas, texts;
};
void pf_xlsx_shared_clear(struct pf_xlsx_shared *shared);
/* Keeps a copy of a formula that stands in a cell. */
pf_status pf_xlsx_shared_keep(struct pf_xlsx_shared *shared, uint32_t number, uint32_t row, uint32_t column,
                              struct pf_text formula, struct pf_error *err);
/* Appends the formula as it reads in another cell; *known false: no formula has that number. */
pf_status pf_xlsx_shared_put(const struct pf_xlsx_shared *shared, uint32_t number, uint32_t row,
                             uint32_t column, struct pf_buf *to, bool *known, struct pf_error *err);
#endif
