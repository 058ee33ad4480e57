/* xlsb_reading.h — what a binary workbook in memory is read as, for tests.      SPDX-License-Identifier: MIT */
#ifndef XLSB_READING_H
#define XLSB_READING_H
#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "grid/grid_value.h"
#include "read/xlsb/xlsb_book.h"
#include "xlsb_records.h"

static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 1 << 30};

static inline pf_status tell(const struct pf_grid_book *book, const struct pf_grid_block *block,
                             struct pf_buf *said, struct pf_error *err) {
    for (size_t r = 0; r < block->row_count; r++)
        for (uint32_t i = block->rows[r].from; i < pf_grid_row_end(block, r); i++) {
            char room[PF_SPELL_ROOM], place[16];
            struct pf_text text;
            const struct pf_cell *cell = &block->cells[i];
            char type = pf_grid_spell_cell(book, book->sheets[0].date1904, block, cell, room, &text);
            size_t size = pf_grid_place_print(block->rows[r].number, cell->column, place);
            PF_TRY(pf_buf_print(said, err, "%.*s %c%s%s %.*s\n", (int)size, place, type,
                                cell->flags & PF_CELL_FORMULA ? "f" : "",
                                cell->flags & PF_CELL_UNSPELLED ? "!" : "", (int)text.size, text.at));
        }
    return PF_OK;
}

/* Opens a book and reads its first sheet, and merges and areas. */
static inline pf_status read_all(const struct pf_buf *zip, uint32_t wants, struct pf_buf *said,
                                 struct pf_error *err) {
    struct pf_source source;
    struct pf_grid_book book;
    struct pf_grid_block block = {0};
    const struct pf_grid_range *merges;
    const struct pf_grid_area *areas;
    size_t count;
    void *cursor = NULL;
    pf_source_memory(zip->data, zip->size, &source);
    PF_TRY(pf_xlsb_book_open(&source, &host, &book, err));
    pf_status status = book.driver->open(book.self, 0, wants, &cursor, err);
    while (status == PF_OK) {
        pf_grid_block_empty(&block);
        status = book.driver->next(cursor, &block, err);
        if (status != PF_OK || !block.row_count)
            break;
        status = tell(&book, &block, said, err);
        if (block.disordered && status == PF_OK)
            status = pf_buf_text(said, "in no order\n", err);
    }
    if (cursor)
        book.driver->close(cursor);
    if (status == PF_OK)
        status = book.driver->merges(book.self, 0, &merges, &count, err);
    if (status == PF_OK)
        status = book.driver->areas(book.self, &areas, &count, err);
    pf_grid_block_clear(&block);
    book.driver->close_book(book.self);
    return status;
}
#endif
