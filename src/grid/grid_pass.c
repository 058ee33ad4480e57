/* grid_pass.c — room grid. One pass over a sheet, merged cells filled when that is asked for.
 * SPDX-License-Identifier: MIT
 * Knows: the driver's cursor, ranges that cover rows and cells that are not stored.
 * Knows not: tables, types. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "grid/grid_table.h"

pf_status pf_grid_pass_open(struct pf_grid_pass *pass, const struct pf_grid_table *table,
                            const struct pf_grid_policy *policy, uint32_t wants, struct pf_error *err) {
    const struct pf_grid_book *book = table->view.book;
    *pass = (struct pf_grid_pass){.driver = book->driver};
    return book->driver->open(book->self, table->sheet, wants | (policy->formulas ? PF_GRID_FORMULAS : 0),
                              &pass->cursor, err);
}

pf_status pf_grid_pass_next(struct pf_grid_pass *pass, struct pf_grid_block *block, struct pf_error *err) {
    return pass->driver->next(pass->cursor, block, err);
}

void pf_grid_pass_close(struct pf_grid_pass *pass) {
    if (pass->cursor)
        pass->driver->close(pass->cursor);
    *pass = (struct pf_grid_pass){0};
}
