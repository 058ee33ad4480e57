/* grid_order.h — rows in their order, of a sheet that stores them in none.       SPDX-License-Identifier: MIT
 *
 * The sheet is read once to see how much stands where, and then once for every stretch of rows that fits in memory. */
#ifndef PF_GRID_ORDER_H
#define PF_GRID_ORDER_H
#include "grid/grid_book.h"

struct pf_grid_order;
/* Gives *order; book is lent until close. wants: of grid_book.h. */
pf_status pf_grid_order_open(const struct pf_grid_book *book, int32_t sheet, uint32_t wants,
                             struct pf_grid_order **order, struct pf_error *err);
/* As the driver's next. LIMIT: what stands in a few rows is too much. */
pf_status pf_grid_order_next(struct pf_grid_order *order, struct pf_grid_block *block, struct pf_error *err);
void pf_grid_order_close(struct pf_grid_order **order); /* NULL inside is fine */
#endif
