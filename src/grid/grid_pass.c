/* grid_pass.c — room grid. One pass over a sheet, merged cells filled when that is asked for.
 * SPDX-License-Identifier: MIT
 * Knows: the driver's cursor, rows in no order, merged ranges, holding a block back until more follows.
 * Knows not: tables, types. */
#include "base/error.h"
#include "grid/grid_footer.h"
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
                            const struct pf_grid_policy *policy, unsigned how, struct pf_error *err) {
    const struct pf_grid_book *book = table->view.book;
    uint32_t wants = (policy->formulas ? PF_GRID_FORMULAS : 0) | (table->as_stored ? PF_GRID_STORED : 0);
    *pass = (struct pf_grid_pass){.driver = book->driver,
                                  .hidden = table->hidden,
                                  .links = table->links.items.size ? &table->links : NULL,
                                  .any_order = how & PF_GRID_ANY_ORDER && !policy->fill_merged,
                                  .pieces = how & PF_GRID_IN_PIECES && !policy->fill_merged &&
                                            !policy->formulas && !policy->links && !table->disordered &&
                                            !table->hidden && book->driver->take};
    wants |= pass->pieces ? PF_GRID_PIECES : 0;
    if (policy->fill_merged)
        PF_TRY(open_merger(pass, table, err));
    pf_status status = table->disordered && !pass->any_order
                           ? pf_grid_order_open(book, table->sheet, wants, &pass->order, err)
                           : book->driver->open(book->self, table->sheet, wants, &pass->cursor, err);
    if (status != PF_OK)
        pf_grid_merger_close(&pass->merger);
    return status;
}

static pf_status next_whole(struct pf_grid_pass *pass, struct pf_grid_block *block, struct pf_error *err) {
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
    if (pass->merger)
        PF_TRY(pf_grid_merger_fill(pass->merger, block, err));
    return pass->links ? pf_grid_links_put(pass->links, block, &pass->spare, err) : PF_OK;
}

static pf_status next_block(struct pf_grid_pass *pass, struct pf_grid_block *block, struct pf_error *err) {
    bool looked_at = pass->given < pass->head.count, some;
    do {
        PF_TRY(next_whole(pass, block, err));
        some = block->row_count > 0;
        if (pass->hidden && !looked_at)
            pf_grid_hidden_leave(pass->hidden, block);
    } while (some && block->row_count == 0);
    return PF_OK;
}

/* ---- the footer ---- */

void pf_grid_pass_trim(struct pf_grid_pass *pass, const struct pf_grid_table *table) { pass->trims = table; }

/* The last block: what stands below the table goes. */
static void trim(struct pf_grid_pass *pass, struct pf_grid_block *block) {
    const struct pf_grid_table *table = pass->trims;
    int64_t last = -1;
    int64_t from = pf_grid_footer_find(&table->view, block, 1, table->layout.data_from, table->last_row, &last);
    pass->footer_rows = from < 0 ? 0 : last - from + 1;
    pass->footer_end = last;
    while (from >= 0 && block->row_count && block->rows[block->row_count - 1].number >= from)
        block->cell_count = block->rows[--block->row_count].from;
}

static pf_status append(struct pf_grid_block *to, const struct pf_grid_block *from, struct pf_error *err) {
    for (size_t r = 0; r < from->row_count; r++)
        PF_TRY(pf_grid_block_append(to, from, r, err));
    return PF_OK;
}

/* Gives the block that was held back, with enough rows behind it to tell a footer. */
static pf_status next_trimmed(struct pf_grid_pass *pass, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_grid_block *ahead = &pass->ahead;
    if (!ahead->row_count)
        PF_TRY(next_block(pass, ahead, err));
    while (ahead->row_count && (block->row_count == 0 || ahead->row_count < PF_GRID_TAIL_ROWS)) {
        if (block->row_count && (pf_grid_block_is_full(ahead) || block->cell_count >= 2 * PF_GRID_BLOCK_CELLS))
            return PF_OK;
        if (block->row_count) {
            PF_TRY(append(block, ahead, err));
        } else {
            struct pf_grid_block given = *block;
            *block = *ahead;
            *ahead = given;
        }
        pf_grid_block_empty(ahead);
        PF_TRY(next_block(pass, ahead, err));
    }
    if (block->row_count && !ahead->row_count)
        trim(pass, block);
    return PF_OK;
}

pf_status pf_grid_pass_next(struct pf_grid_pass *pass, struct pf_grid_block *block, struct pf_error *err) {
    return pass->trims && !pass->first ? next_trimmed(pass, block, err) : next_block(pass, block, err);
}

/* ---- pieces ---- */

static void drop_first(struct pf_grid_pass *pass) {
    if (pass->first)
        pass->driver->drop(pass->first);
    pass->first = NULL;
}

/* The head is given untrimmed when a piece is seen behind it: then the footer is not in it. */
pf_status pf_grid_pass_take(struct pf_grid_pass *pass, struct pf_grid_piece **piece, enum pf_grid_took *took,
                            struct pf_error *err) {
    *took = PF_GRID_TOOK_END;
    if (!pass->pieces || pass->head.whole)
        return PF_OK;
    if (!pass->looked) {
        pass->looked = true;
        PF_TRY(pass->driver->take(pass->cursor, &pass->first, took, err));
        pass->pieces = *took == PF_GRID_TOOK;
        if (!pass->pieces)
            drop_first(pass);
    }
    if (!pass->pieces)
        return PF_OK;
    if (pass->given < pass->head.count) {
        *took = PF_GRID_TOOK_END;
        return PF_OK;
    }
    if (pass->first) {
        struct pf_grid_piece *old = *piece;
        *piece = pass->first;
        pass->first = old;
        drop_first(pass);
        *took = PF_GRID_TOOK;
        return PF_OK;
    }
    PF_TRY(pass->driver->take(pass->cursor, piece, took, err));
    pass->pieces = *took == PF_GRID_TOOK;
    return PF_OK;
}

/* ---- the end ---- */

void pf_grid_pass_end(struct pf_grid_pass *pass) {
    if (pass->cursor)
        pass->driver->close(pass->cursor);
    pass->cursor = NULL;
    pf_grid_order_close(&pass->order);
    pf_grid_merger_close(&pass->merger);
}

void pf_grid_pass_close(struct pf_grid_pass *pass) {
    pf_grid_pass_end(pass);
    drop_first(pass);
    for (size_t i = 0; i < PF_GRID_SAMPLE_BLOCKS; i++)
        pf_grid_block_clear(&pass->head.blocks[i]);
    pf_grid_block_clear(&pass->ahead);
    pf_grid_block_clear(&pass->spare);
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
