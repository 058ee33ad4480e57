/* grid_region.h — where the table is on a sheet.                                 SPDX-License-Identifier: MIT */
#ifndef PF_GRID_REGION_H
#define PF_GRID_REGION_H
#include "base/arena.h"
#include "grid/grid_links.h"
#include "grid/grid_value.h"

/* The first rows of a sheet, in blocks. All zero is good and empty. */
#define PF_GRID_SAMPLE_BLOCKS 4
struct pf_grid_sample {
    struct pf_grid_block blocks[PF_GRID_SAMPLE_BLOCKS];
    size_t count;
    bool whole; /* there are no more rows */
};

/* What a sheet is read by; lent by whoever asks. */
struct pf_grid_view {
    const struct pf_grid_book *book;
    bool date1904;
    struct pf_grid_range within; /* rows and columns beyond do not count */
};

/* What the user said. */
struct pf_grid_wish {
    int32_t header_rows; /* −1: find out; 0: none, and no search for a preamble */
    int64_t skip_rows;   /* rows to leave out before the header; −1: find out */
    bool at_once;        /* the header is the first row within: an Excel table */
};

struct pf_grid_layout {
    bool empty;          /* no cell with a value */
    uint32_t first_used; /* the first row with a value */
    uint32_t header_at;  /* the first header row; of a table without one: the first data row */
    int32_t header_rows;
    uint32_t data_from; /* the row behind the header */
    char why[160];
};
/* Looks at the sample. */
pf_status pf_grid_region_find(const struct pf_grid_view *view, const struct pf_grid_sample *sample,
                              const struct pf_grid_wish *wish, struct pf_grid_layout *layout,
                              struct pf_error *err);

#define PF_GRID_HEADER_MOST 16 /* header rows that can be asked for */
/* The names that the header rows give: of each column up to the last one with a name; "" where there is none. Parts of
 * several rows are joined by '_', and a group's name reaches over the blank cells to its right. Lent by arena. */
pf_status pf_grid_header_names(const struct pf_grid_view *view, const struct pf_grid_sample *sample,
                               const struct pf_grid_layout *layout, struct pf_arena *arena, const char ***names,
                               int32_t *count, struct pf_error *err);
static inline bool pf_grid_view_has_row(const struct pf_grid_view *view, uint32_t row) {
    return (int32_t)row >= view->within.first_row && (int32_t)row <= view->within.last_row;
}
static inline bool pf_grid_view_has(const struct pf_grid_view *view, const struct pf_cell *cell) {
    return cell->column >= view->within.first_column && cell->column <= view->within.last_column;
}
/* The same, a link counting as its cell does; to whoever does not ask so, there are no links. */
static inline bool pf_grid_view_takes(const struct pf_grid_view *view, const struct pf_cell *cell) {
    int32_t column = (int32_t)pf_grid_column_of(cell->column);
    return column >= view->within.first_column && column <= view->within.last_column;
}
/* Is there a value in the row at `r` of the block, within? */
bool pf_grid_view_has_value(const struct pf_grid_view *view, const struct pf_grid_block *block, size_t r);
#endif
