/* grid_pass.c — room grid. One pass over a sheet, merged cells filled when that is asked for.
 * SPDX-License-Identifier: MIT
 * Knows: the driver's cursor, rows in no order, merged ranges.
 * Knows not: tables, types. */
#include "base/error.h"
#include "grid/grid_merge.h"
#include "grid/grid_order.h"
#include "grid/grid_table.h"

static pf_status open_merger(struct pf_grid_pass *pass, const struct pf_grid_table *table,
                             struct pf_error *err) {
    const struct pf_grid_book *book = table->view.book;
    const struct pf_grid_range *ranges = NULL;
    size_t count = 0;
    if (!book->driver->merges)
        return PF_OK;
    PF_TRY(book->driver->merges(book->self, table->sheet, &ranges, &count, err));
    return count ? pf_grid_merger_open(ranges, count, &pass->merger, err) : PF_OK;
}

pf_status pf_grid_pass_open(struct pf_grid_pass *pass, const struct pf_grid_table *table,
                            const struct pf_grid_policy *policy, bool any_order, struct pf_error *err) {
    const struct pf_grid_book *book = table->view.book;
    uint32_t wants = (policy->formulas ? PF_GRID_FORMULAS : 0) | (table->as_stored ? PF_GRID_STORED : 0);
    *pass = (struct pf_grid_pass){.driver = book->driver, .any_order = any_order && !policy->fill_merged};
    if (policy->fill_merged)
        PF_TRY(open_merger(pass, table, err));
    pf_status status = table->disordered && !pass->any_order
                           ? pf_grid_order_open(book, table->sheet, wants, &pass->order, err)
                           : book->driver->open(book->self, table->sheet, wants, &pass->cursor, err);
    if (status != PF_OK)
        pf_grid_merger_close(&pass->merger);
    return status;
}

pf_status pf_grid_pass_next(struct pf_grid_pass *pass, struct pf_grid_block *block, struct pf_error *err) {
    if (pass->given < pass->head.count) {
        struct pf_grid_block next = pass->head.blocks[pass->given];
        pass->head.blocks[pass->given++] = *block;
        *block = next;
        return PF_OK;
    }
    if (pass->head.whole)
        return PF_OK;
    if (pass->order)
        PF_TRY(pf_grid_order_next(pass->order, block, err));
    else
        PF_TRY(pass->driver->next(pass->cursor, block, err));
    if (block->disordered && !pass->any_order)
        return pf_fail(err, PF_WIDEN, "rows or cells do not stand in their order");
    return pass->merger ? pf_grid_merger_fill(pass->merger, block, err) : PF_OK;
}

void pf_grid_pass_end(struct pf_grid_pass *pass) {
    if (pass->cursor)
        pass->driver->close(pass->cursor);
    pass->cursor = NULL;
    pf_grid_order_close(&pass->order);
    pf_grid_merger_close(&pass->merger);
}

void pf_grid_pass_close(struct pf_grid_pass *pass) {
    pf_grid_pass_end(pass);
    for (size_t i = 0; i < PF_GRID_SAMPLE_BLOCKS; i++)
        pf_grid_block_clear(&pass->head.blocks[i]);
    *pass = (struct pf_grid_pass){0};
}

#define CURSOR_BYTES ((size_t)2 << 20) /* about: a window, a decoder, what is decoded ahead */

size_t pf_grid_pass_bytes(const struct pf_grid_pass *pass) {
    size_t bytes = pass->cursor || pass->order ? CURSOR_BYTES : 0;
    for (size_t i = 0; i < PF_GRID_SAMPLE_BLOCKS; i++) {
        const struct pf_grid_block *block = &pass->head.blocks[i];
        bytes +=
            block->row_room * sizeof *block->rows + block->cell_room * sizeof *block->cells + block->text.room;
    }
    return bytes;
}
