/* grid_merge.h — merged ranges filled: every cell of a range has the value of its first.  SPDX-License-Identifier: MIT */
#ifndef PF_GRID_MERGE_H
#define PF_GRID_MERGE_H
#include "grid/grid_cell.h"

typedef struct pf_grid_merger pf_grid_merger;
/* Copies the ranges. Gives *out. */
pf_status pf_grid_merger_open(const struct pf_grid_range *ranges, size_t count, pf_grid_merger **out,
                              struct pf_error *err);
void pf_grid_merger_close(pf_grid_merger **merger);
/* Fills the next block of a sheet: cells that the ranges cover and that have no value of their own, also in rows that
 * are not stored between those that are. */
pf_status pf_grid_merger_fill(pf_grid_merger *merger, struct pf_grid_block *block, struct pf_error *err);
#endif
