/* grid_footer.h — totals and notes below a table.                                SPDX-License-Identifier: MIT */
#ifndef PF_GRID_FOOTER_H
#define PF_GRID_FOOTER_H
#include "grid/grid_region.h"

/* So many rows with a value are looked at, and are needed to tell. */
#define PF_GRID_TAIL_ROWS   160
#define PF_GRID_FOOTER_ROWS 60 /* at most */
/* The first row of the footer, when blocks end with the sheet; -1: there is none. *last: the last row with a value (not
 * changed when there is none). Rows from data_from to last_row count. In doubt a row is data. */
int64_t pf_grid_footer_find(const struct pf_grid_view *view, const struct pf_grid_block *blocks, size_t count,
                            int64_t data_from, int64_t last_row, int64_t *last);
#endif
