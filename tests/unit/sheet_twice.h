/* sheet_twice.h — a sheet read by the quick and by the general reader of its rows, and what they make of it compared;
 * where a format gives rows in pieces, these too.
 * SPDX-License-Identifier: MIT */
#ifndef SHEET_TWICE_H
#define SHEET_TWICE_H
#include <stdio.h>

#include "base/error.h"
#include "grid/grid_value.h"

static inline void print_cells(const struct pf_grid_book *book, const struct pf_grid_block *block,
                               struct pf_buf *to) {
    for (size_t r = 0; r < block->row_count; r++)
        for (uint32_t c = block->rows[r].from; c < pf_grid_row_end(block, r); c++) {
            const struct pf_cell *cell = &block->cells[c];
            char room[PF_SPELL_ROOM], place[16];
            struct pf_text text;
            char type = pf_grid_spell_cell(book, false, block, cell, room, &text);
            int size = (int)pf_grid_place_print(block->rows[r].number, cell->column, place);
            (void)pf_buf_print(to, NULL, "%.*s %c %d %d %d ", size, place, type, cell->kind, cell->style,
                               cell->flags);
            (void)pf_buf_put(to, text.at, text.size, NULL);
            (void)pf_buf_put(to, "\n", 1, NULL);
        }
}

/* What stands in pieces of the sheet; *good false: they do not do, and what was printed means nothing. */
static inline pf_status print_pieces(const struct pf_grid_book *book, void *cursor, struct pf_grid_block *block,
                                     struct pf_buf *to, bool *good, struct pf_error *err) {
    struct pf_grid_piece *piece = NULL;
    enum pf_grid_took took = PF_GRID_TOOK;
    pf_status status = PF_OK;
    *good = true;
    while (status == PF_OK && *good && took == PF_GRID_TOOK) {
        status = book->driver->take(cursor, &piece, &took, err);
        if (status != PF_OK || took != PF_GRID_TOOK)
            break;
        pf_grid_block_empty(block);
        status = book->driver->decode(piece, block, good, err);
        print_cells(book, block, to);
    }
    *good &= took != PF_GRID_TOOK_ODD;
    book->driver->drop(piece);
    return status;
}

/* Every cell as a line of text; the status of the pass. hold_back: tells a cursor never to read quickly; NULL: as usual.
 * pieces: the rows are taken so; it tells whether that did. NULL: they are not. */
static inline pf_status print_sheet(const struct pf_grid_book *book, int32_t sheet,
                                    void (*hold_back)(void *cursor), bool *pieces, struct pf_buf *to,
                                    struct pf_error *err) {
    struct pf_grid_block block = {0};
    void *cursor = NULL;
    bool disordered = false;
    pf_status status = book->driver->open(book->self, sheet, pieces ? PF_GRID_PIECES : 0, &cursor, err);
    if (status != PF_OK)
        return status;
    if (hold_back)
        hold_back(cursor);
    if (pieces)
        status = print_pieces(book, cursor, &block, to, pieces, err);
    while (status == PF_OK && !(pieces && !*pieces)) {
        pf_grid_block_empty(&block);
        status = book->driver->next(cursor, &block, err);
        if (status != PF_OK || !block.row_count)
            break;
        print_cells(book, &block, to);
        disordered = block.disordered;
    }
    if (disordered)
        (void)pf_buf_text(to, "in no order\n", NULL);
    book->driver->close(cursor);
    pf_grid_block_clear(&block);
    return status;
}

static inline bool same_lines(const struct pf_buf *a, const struct pf_buf *b) {
    return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

/* Do both readers say the same of the sheet? *status: what they answered. */
static inline bool agree_both_ways(const struct pf_grid_book *book, int32_t sheet,
                                   void (*hold_back)(void *cursor), struct pf_buf *quick, pf_status *status,
                                   struct pf_error *err) {
    struct pf_buf general = {0};
    struct pf_error other = PF_ERROR_INIT;
    quick->size = 0;
    *status = print_sheet(book, sheet, NULL, NULL, quick, err);
    pf_status again = print_sheet(book, sheet, hold_back, NULL, &general, &other);
    bool same = *status == again && same_lines(quick, &general), pieces;
    if (!same)
        fprintf(stderr, "quick %d (%s):\n%.*s\ngeneral %d (%s):\n%.*s\n", (int)*status, err->message,
                (int)quick->size, (const char *)quick->data, (int)again, other.message, (int)general.size,
                (const char *)general.data);
    if (same && book->driver->take) {
        general.size = 0;
        again = print_sheet(book, sheet, NULL, &pieces, &general, &other);
        same = again == PF_OK && !pieces ? true : *status == again && same_lines(quick, &general);
        if (!same)
            fprintf(stderr, "quick %d (%s), in pieces %d (%s)\n", (int)*status, err->message, (int)again,
                    other.message);
    }
    pf_buf_clear(&general);
    return same;
}
#endif
