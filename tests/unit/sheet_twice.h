/* sheet_twice.h — a sheet read by the quick and by the general reader of its rows, and what they make of it compared.
 * SPDX-License-Identifier: MIT */
#ifndef SHEET_TWICE_H
#define SHEET_TWICE_H
#include <stdio.h>

#include "base/error.h"
#include "grid/grid_value.h"

/* Every cell as a line of text; the status of the pass. hold_back: tells a cursor never to read quickly; NULL: as usual. */
static inline pf_status print_sheet(const struct pf_grid_book *book, int32_t sheet,
                                    void (*hold_back)(void *cursor), struct pf_buf *to, struct pf_error *err) {
    struct pf_grid_block block = {0};
    void *cursor = NULL;
    bool disordered = false;
    pf_status status = book->driver->open(book->self, sheet, 0, &cursor, err);
    if (status != PF_OK)
        return status;
    if (hold_back)
        hold_back(cursor);
    while (status == PF_OK) {
        pf_grid_block_empty(&block);
        status = book->driver->next(cursor, &block, err);
        if (status != PF_OK || !block.row_count)
            break;
        for (size_t r = 0; r < block.row_count; r++)
            for (uint32_t c = block.rows[r].from; c < pf_grid_row_end(&block, r); c++) {
                const struct pf_cell *cell = &block.cells[c];
                char room[PF_SPELL_ROOM], place[16];
                struct pf_text text;
                char type = pf_grid_spell_cell(book, false, &block, cell, room, &text);
                int size = (int)pf_grid_place_print(block.rows[r].number, cell->column, place);
                (void)pf_buf_print(to, NULL, "%.*s %c %d %d %d ", size, place, type, cell->kind, cell->style,
                                   cell->flags);
                (void)pf_buf_put(to, text.at, text.size, NULL);
                (void)pf_buf_put(to, "\n", 1, NULL);
            }
        disordered = block.disordered;
    }
    if (disordered)
        (void)pf_buf_text(to, "in no order\n", NULL);
    book->driver->close(cursor);
    pf_grid_block_clear(&block);
    return status;
}

/* Do both readers say the same of the sheet? *status: what they answered. */
static inline bool agree_both_ways(const struct pf_grid_book *book, int32_t sheet,
                                   void (*hold_back)(void *cursor), struct pf_buf *quick, pf_status *status,
                                   struct pf_error *err) {
    struct pf_buf general = {0};
    struct pf_error other = PF_ERROR_INIT;
    quick->size = 0;
    *status = print_sheet(book, sheet, NULL, quick, err);
    pf_status again = print_sheet(book, sheet, hold_back, &general, &other);
    bool same = *status == again && quick->size == general.size &&
                (quick->size == 0 || memcmp(quick->data, general.data, quick->size) == 0);
    if (!same)
        fprintf(stderr, "quick %d (%s):\n%.*s\ngeneral %d (%s):\n%.*s\n", (int)*status, err->message,
                (int)quick->size, (const char *)quick->data, (int)again, other.message, (int)general.size,
                (const char *)general.data);
    pf_buf_clear(&general);
    return same;
}
#endif
