/* fuzz_book.h — what every sheet format owes the grid, for fuzz targets.        SPDX-License-Identifier: MIT */
#ifndef FUZZ_BOOK_H
#define FUZZ_BOOK_H
#include <stdlib.h>

#include "base/utf8.h"
#include "grid/grid_book.h"
#include "grid/grid_display.h"
#include "grid/grid_links.h"

/* Rows and cells rise or it is said, texts are UTF-8, shared strings are there. */
static void check_block(const struct pf_grid_book *book, const struct pf_grid_block *block, int64_t *row) {
    for (size_t r = 0; r < block->row_count; r++) {
        int32_t column = -1;
        if (block->rows[r].number <= *row && !block->disordered)
            abort();
        *row = block->rows[r].number;
        for (size_t i = block->rows[r].from; i < pf_grid_row_end(block, r); i++) {
            const struct pf_cell *cell = &block->cells[i];
            bool text = cell->kind == PF_CELL_TEXT || cell->kind == PF_CELL_ERROR;
            if ((cell->column <= column && !block->disordered) || cell->column >= PF_GRID_COLUMNS)
                abort();
            if (cell->kind == PF_CELL_SHARED && (!book->strings || cell->value.shared >= book->strings->count))
                abort();
            if (text && cell->value.text.size > 0 &&
                pf_utf8_valid(block->text.data + cell->value.text.at, cell->value.text.size) !=
                    cell->value.text.size)
                abort();
            char room[PF_DISPLAY_ROOM];
            struct pf_text shown = {room, 0};
            (void)pf_grid_display_cell(book, false, cell, room, &shown);
            if (shown.size > sizeof room || pf_utf8_valid(shown.at, shown.size) != shown.size)
                abort();
            column = cell->column;
        }
    }
}

static pf_status read_sheet(const struct pf_grid_book *book, int32_t sheet, uint32_t wants) {
    void *cursor = NULL;
    struct pf_grid_block block = {0};
    int64_t row = -1;
    pf_status status = book->driver->open(book->self, sheet, wants, &cursor, NULL);
    if (status != PF_OK)
        return status;
    do {
        pf_grid_block_empty(&block);
        status = book->driver->next(cursor, &block, NULL);
        if (status == PF_OK)
            check_block(book, &block, &row);
    } while (status == PF_OK && block.row_count > 0);
    book->driver->close(cursor);
    pf_grid_block_clear(&block);
    return status;
}

/* All sheets, values and formulas, and what is merged in them; closes the book. A second pass must not find disorder again. */
static inline void read_book(const struct pf_grid_book *book) {
    for (int32_t i = 0; i < book->sheet_count && i < 20; i++) {
        const struct pf_grid_range *ranges = NULL;
        size_t count = 0;
        for (uint32_t wants = 0; wants <= PF_GRID_FORMULAS; wants += PF_GRID_FORMULAS)
            if (read_sheet(book, i, wants) == PF_WIDEN && read_sheet(book, i, wants) == PF_WIDEN)
                abort();
        if (book->driver->merges)
            (void)book->driver->merges(book->self, i, &ranges, &count, NULL);
        if (book->driver->hidden)
            (void)book->driver->hidden(book->self, i, &ranges, &count, NULL);
        struct pf_grid_links links = {0};
        (void)pf_grid_links_read(book, i, &links, NULL);
        pf_grid_links_clear(&links);
    }
    book->driver->close_book(book->self);
}
#endif
