/* grid_hidden.h — hidden rows and columns, left out.                             SPDX-License-Identifier: MIT
 *
 * Without its hidden rows a sheet's rows are counted anew, so that nothing behind knows of them. Only who names a cell to a
 * person asks for the row of the sheet. */
#ifndef PF_GRID_HIDDEN_H
#define PF_GRID_HIDDEN_H
#include "grid/grid_book.h"

struct pf_grid_hidden {
    uint64_t *rows;    /* a bit each; NULL: none */
    uint32_t *before;  /* hidden rows in front of each word of rows */
    uint64_t *columns; /* a bit each; NULL: none */
};
/* What the format says is hidden. Gives *out; NULL when nothing is. */
pf_status pf_grid_hidden_read(const struct pf_grid_book *book, int32_t sheet, bool rows, bool columns,
                              struct pf_grid_hidden **out, struct pf_error *err);
void pf_grid_hidden_free(struct pf_grid_hidden *hidden); /* NULL is fine */
/* Leaves them out of a block of the sheet. */
void pf_grid_hidden_leave(const struct pf_grid_hidden *hidden, struct pf_grid_block *block);
/* A row of the sheet counted anew; of a hidden one: the next one's. hidden may be NULL, as in the next two. */
uint32_t pf_grid_hidden_count(const struct pf_grid_hidden *hidden, uint32_t row);
/* The row of the sheet. */
uint32_t pf_grid_hidden_row(const struct pf_grid_hidden *hidden, uint32_t counted);
bool pf_grid_hidden_has(const struct pf_grid_hidden *hidden, uint32_t row);
/* How many columns in front of that one are left out. */
int32_t pf_grid_hidden_columns(const struct pf_grid_hidden *hidden, uint32_t column);

/* For formats: appends rows or columns, from 0, to a list of struct pf_grid_range. Beyond the sheet they do not count. */
pf_status pf_grid_hide_rows(struct pf_buf *ranges, int64_t first, int64_t last, struct pf_error *err);
pf_status pf_grid_hide_columns(struct pf_buf *ranges, int64_t first, int64_t last, struct pf_error *err);
#endif
