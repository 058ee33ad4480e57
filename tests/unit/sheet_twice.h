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

/* As a driver's; with pieces as small as the test wants them. */
typedef pf_status sheet_take(void *cursor, struct pf_grid_piece **piece, enum pf_grid_took *took,
                             struct pf_error *err);

/* What stands in pieces of the sheet; *good false: they do not do, and what was printed means nothing. */
static inline pf_status print_pieces(const struct pf_grid_book *book, sheet_take *take, void *cursor,
                                     struct pf_grid_block *block, struct pf_buf *to, bool *good,
                                     struct pf_error *err) {
    struct pf_grid_piece *piece = NULL;
    enum pf_grid_took took = PF_GRID_TOOK;
    pf_status status = PF_OK;
    *good = true;
    while (status == PF_OK && *good && took == PF_GRID_TOOK) {
        status = take(cursor, &piece, &took, err);
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
 * take: the rows are taken so, and *good tells whether that did; NULL: they are not. */
static inline pf_status print_sheet(const struct pf_grid_book *book, int32_t sheet,
                                    void (*hold_back)(void *cursor), sheet_take *take, bool *good,
                                    struct pf_buf *to, struct pf_error *err) {
    struct pf_grid_block block = {0};
    void *cursor = NULL;
    bool disordered = false;
    pf_status status = book->driver->open(book->self, sheet, take ? PF_GRID_PIECES : 0, &cursor, err);
    if (status != PF_OK)
        return status;
    if (hold_back)
        hold_back(cursor);
    *good = true;
    if (take)
        status = print_pieces(book, take, cursor, &block, to, good, err);
    while (status == PF_OK && *good) {
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

/* Do both readers say the same of the sheet, and its pieces, if they are good? take: NULL: the format has none. *status: what
 * they answered. */
static inline bool agree_both_ways(const struct pf_grid_book *book, int32_t sheet,
                                   void (*hold_back)(void *cursor), sheet_take *take, struct pf_buf *quick,
                                   pf_status *status, struct pf_error *err) {
    struct pf_buf other = {0};
    struct pf_error other_err = PF_ERROR_INIT;
    bool good;
    quick->size = 0;
    *status = print_sheet(book, sheet, NULL, NULL, &good, quick, err);
    pf_status again = print_sheet(book, sheet, hold_back, NULL, &good, &other, &other_err);
    bool same = *status == again && same_lines(quick, &other);
    if (same && take) {
        other.size = 0;
        again = print_sheet(book, sheet, NULL, take, &good, &other, &other_err);
        bool whole = again == PF_OK && good;
        same = *status == PF_OK && again == PF_OK ? !good || same_lines(quick, &other)
                                                  : !whole && *status != PF_OK;
    }
    if (!same)
        fprintf(stderr, "quick %d (%s):\n%.*s\nother %d (%s):\n%.*s\n", (int)*status, err->message,
                (int)quick->size, (const char *)quick->data, (int)again, other_err.message, (int)other.size,
                (const char *)other.data);
    pf_buf_clear(&other);
    return same;
}
#endif
