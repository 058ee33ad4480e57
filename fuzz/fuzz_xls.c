/* fuzz_xls.c — any bytes as a workbook; every sheet is read.                    SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "bytes/bytes_source.h"
#include "read/xls/xls_sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the grid relies on: rows and cells rise or it is said, texts are UTF-8. */
static void check_block(const struct pf_xls_book *book, const struct pf_grid_block *block, int64_t *row) {
    for (size_t r = 0; r < block->row_count; r++) {
        int32_t column = -1;
        if (block->rows[r].number <= *row && !block->disordered)
            abort();
        *row = block->rows[r].number;
        for (size_t i = block->rows[r].from; i < pf_grid_row_end(block, r); i++) {
            const struct pf_cell *cell = &block->cells[i];
            if ((cell->column <= column && !block->disordered) || cell->column >= PF_GRID_COLUMNS ||
                (cell->kind == PF_CELL_SHARED && cell->value.shared >= book->strings.count) ||
                (cell->kind == PF_CELL_TEXT && cell->value.text.size > 0 &&
                 pf_utf8_valid(block->text.data + cell->value.text.at, cell->value.text.size) !=
                     cell->value.text.size))
                abort();
            column = cell->column;
        }
    }
}

static pf_status read_sheet(struct pf_xls_book *book, int32_t sheet, uint32_t wants) {
    pf_xls_cursor *cursor = NULL;
    struct pf_grid_block block = {0};
    int64_t row = -1;
    pf_status status = pf_xls_cursor_open(book, sheet, wants, &cursor, NULL);
    while (status == PF_OK) {
        pf_grid_block_empty(&block);
        status = pf_xls_cursor_next(cursor, &block, NULL);
        if (status != PF_OK || block.cell_count == 0)
            break;
        check_block(book, &block, &row);
    }
    pf_xls_cursor_close(&cursor);
    pf_grid_block_clear(&block);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pf_source source;
    struct pf_xls_book book = {0};
    pf_source_memory(data, size, &source);
    if (pf_xls_book_open(&source, "password", &book, NULL) != PF_OK)
        return 0;
    for (uint32_t i = 0; i < book.sheet_count && i < 20; i++)
        for (uint32_t wants = 0; wants <= PF_GRID_FORMULAS; wants += PF_GRID_FORMULAS)
            (void)read_sheet(&book, (int32_t)i, wants);
    pf_xls_book_close(&book);
    return 0;
}
