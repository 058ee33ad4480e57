/* grid_links.h — what the cells of a sheet link to.                              SPDX-License-Identifier: MIT
 *
 * A link becomes a cell of its own, in a column beyond those of the sheet: the address of B3's link stands in column
 * PF_GRID_COLUMNS + 1 of its row. So it takes part in types, batches and messages as other cells do. */
#ifndef PF_GRID_LINKS_H
#define PF_GRID_LINKS_H
#include "base/text.h"
#include "grid/grid_book.h"

/* All zero is good and empty; clear ends it. */
struct pf_grid_links {
    struct pf_buf items; /* struct link, one per row */
    struct pf_buf text;
    bool disordered; /* items are not in the order of their rows */
};
/* A link of all cells in the range; of several on one cell the one that came last counts. Empty: none. */
pf_status pf_grid_links_add(struct pf_grid_links *links, const struct pf_grid_range *range,
                            struct pf_text address, struct pf_error *err);
void pf_grid_links_clear(struct pf_grid_links *links);

/* Those of a sheet: what the format tells, and the addresses that HYPERLINK formulas spell. Not on several threads at the
 * same time. */
pf_status pf_grid_links_read(const struct pf_grid_book *book, int32_t sheet, struct pf_grid_links *links,
                             struct pf_error *err);
/* Adds the links of the block's rows to it. spare: memory that is used again; all zero at first. */
pf_status pf_grid_links_put(const struct pf_grid_links *links, struct pf_grid_block *block,
                            struct pf_grid_block *spare, struct pf_error *err);

static inline bool pf_grid_is_link(uint32_t column) { return column >= PF_GRID_COLUMNS; }
/* The column of the sheet, of a link the one of its cell. */
static inline uint32_t pf_grid_column_of(uint32_t column) { return column % PF_GRID_COLUMNS; }
#endif
