/* xlsx_piece.c — room read/xlsx. Whole rows cut off the inflated text, to be decoded side by side.
 * SPDX-License-Identifier: MIT
 * Knows: where rows may be cut, the number of a piece's last row, what proves that the cut was right.
 * Knows not: how rows are read.                             Format: docs/formats/xlsx.md §Pieces */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "grid/grid_footer.h"
#include "read/xlsx/xlsx_cursor.h"

struct piece {
    struct pf_grid_piece face;
    struct pf_xlsx_cursor cursor; /* over the piece alone, in its window */
    int64_t end_row;              /* the last row, with a cell or not */
};

/* The last "<row" in front of end; SIZE_MAX: none. */
static size_t row_before(const uint8_t *text, size_t end) {
    for (const uint8_t *hit; end > 3 && (hit = memrchr(text + 3, 'w', end - 3)); end = (size_t)(hit - text))
        if (memcmp(hit - 3, "<row", 4) == 0)
            return (size_t)(hit - text) - 3;
    return SIZE_MAX;
}

static bool has_cell(const uint8_t *text, size_t from, size_t to) {
    return memmem(text + from, to - from, "</c>", 4) != NULL;
}

/* Where the rows that stay begin: enough of them with a cell, or as many as stand in the second half; 0: nowhere. */
static size_t find_cut(const uint8_t *text, size_t end) {
    size_t cut = end, full = 0, blank = 0;
    while (full < PF_GRID_TAIL_ROWS) {
        size_t at = row_before(text, cut);
        if (at == SIZE_MAX || at < end / 2)
            return full && !blank ? cut : 0;
        if (has_cell(text, at, cut))
            full++;
        else
            blank++;
        cut = at;
    }
    return cut;
}

/* The number that the tag of a row says, from 0; −1: it says none. */
static int64_t row_number(const uint8_t *text, size_t size) {
    const uint8_t *end = memchr(text, '>', size);
    const uint8_t *at = end ? memmem(text, (size_t)(end - text), " r=\"", 4) : NULL;
    const uint8_t *quote = at ? memchr(at + 4, '"', (size_t)(end - at) - 4) : NULL;
    uint64_t number;
    if (!quote || !pf_parse_uint64((const char *)at + 4, (size_t)(quote - at) - 4, &number))
        return -1;
    return number > PF_GRID_ROWS ? -1 : (int64_t)number - 1;
}

/* What the rows say of themselves, from the last one on back to one that has a cell. */
static bool look_back(struct piece *piece, const uint8_t *text, size_t end) {
    piece->end_row = piece->face.last_row = -1;
    while (piece->face.last_row < 0) {
        size_t at = row_before(text, end);
        if (at == SIZE_MAX)
            break;
        int64_t row = row_number(text + at, end - at);
        if (row < 0)
            return false;
        piece->end_row = piece->end_row < 0 ? row : piece->end_row;
        if (has_cell(text, at, end))
            piece->face.last_row = row;
        end = at;
    }
    return piece->end_row >= 0;
}

static pf_status make_piece(struct pf_grid_piece **piece, struct pf_error *err) {
    if (*piece)
        return PF_OK;
    struct piece *made = pf_mem_zero(1, sizeof *made);
    if (!made)
        return pf_fail_memory(err, sizeof *made);
    *piece = &made->face;
    return PF_OK;
}

pf_status pf_xlsx_piece_cut(struct pf_xlsx_cursor *c, size_t cut, struct pf_grid_piece **piece,
                            enum pf_grid_took *took, struct pf_error *err) {
    struct pf_window *window = &c->part.window;
    PF_TRY(make_piece(piece, err));
    struct piece *p = (struct piece *)*piece;
    *took = PF_GRID_TOOK_ODD;
    if (c->never_quick || c->disordered || !look_back(p, window->data + window->start, cut))
        return PF_OK;
    *took = PF_GRID_TOOK;
    struct pf_xlsx_cursor *own = &p->cursor;
    PF_TRY(pf_window_cut(window, cut, &own->part.window, err));
    pf_xml_open(&own->part.xml, &own->part.window, true);
    own->book = c->book;
    own->sheet = c->sheet;
    own->wants = c->wants;
    own->state = PF_XLSX_ROWS;
    own->disordered = false;
    own->distrust = own->failures = 0;
    own->last_row = c->last_row;
    c->last_row = p->end_row;
    return PF_OK;
}

pf_status pf_xlsx_piece_take(void *cursor, struct pf_grid_piece **piece, enum pf_grid_took *took,
                             struct pf_error *err) {
    struct pf_xlsx_cursor *c = cursor;
    struct pf_window *window = &c->part.window;
    const uint8_t *bytes;
    size_t got;
    *took = PF_GRID_TOOK_END;
    if (c->state == PF_XLSX_BEFORE)
        PF_TRY(pf_opc_part_where(&c->part, pf_xlsx_sheet_head(c, err), err));
    if (c->state != PF_XLSX_ROWS || c->part.xml.empty)
        return PF_OK;
    pf_xml_settle(&c->part.xml);
    PF_TRY(pf_opc_part_where(&c->part, pf_window_peek(window, window->room, &bytes, &got, err), err));
    size_t cut = window->ended ? 0 : find_cut(bytes, pf_xlsx_rows_end(bytes, got));
    return cut || c->never_quick ? pf_xlsx_piece_cut(c, cut, piece, took, err) : PF_OK;
}

/* The rows must rise from the last one of the piece before to the one that was read from behind, and the piece must end
 * with its last row: else it was cut within a comment, say. Whatever is wrong, another pass says it better. */
pf_status pf_xlsx_piece_decode(struct pf_grid_piece *piece, struct pf_grid_block *block, bool *good,
                               struct pf_error *err) {
    struct piece *p = (struct piece *)piece;
    struct pf_xlsx_cursor *c = &p->cursor;
    struct pf_error trouble = PF_ERROR_INIT;
    block->unbounded = true;
    pf_status status = pf_xlsx_sheet_rows(c, block, &trouble);
    pf_xml_settle(&c->part.xml);
    *good = status == PF_OK && c->state == PF_XLSX_OVER && !c->disordered && c->last_row == p->end_row &&
            c->part.xml.depth == 0;
    if (status == PF_NO_MEMORY && err)
        *err = trouble;
    return status == PF_NO_MEMORY ? status : PF_OK;
}

void pf_xlsx_piece_drop(struct pf_grid_piece *piece) {
    if (!piece)
        return;
    struct piece *p = (struct piece *)piece;
    pf_opc_part_close(&p->cursor.part);
    pf_buf_clear(&p->cursor.text);
    pf_mem_free(p);
}
