/* columns_cells.h — a block of text cut into cells: what the splitter gives and the parsers take.
 * SPDX-License-Identifier: MIT
 *
 * Row r, column c of a block with `columns` columns is text[pos[k] + 1 .. pos[k + 1]) with k = r × columns + c:
 * pos holds the places of the separators, the one before the first cell included (it may be −1, stored as
 * UINT32_MAX; the sum wraps to 0). Cells may still be quoted in the standard way: then they start with the
 * quote character, end with it, and quotes inside are doubled. The last cell of a row may end in one CR that
 * belongs to the line end (strip_cr). Text is valid UTF-8, at least 64 readable bytes follow its end, and 8
 * precede its start. */
#ifndef PF_COLUMNS_CELLS_H
#define PF_COLUMNS_CELLS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One column of a block. */
struct pf_cells {
    const char *text;
    const uint32_t *pos; /* at this column: cell r is text[pos[r × stride] + 1 .. pos[r × stride + 1]) */
    size_t stride;       /* columns of the block */
    size_t rows;
    char quote;    /* 0: cells are never quoted */
    bool strip_cr; /* this is the last column and line ends may be CR LF */
};
/* The raw cell, CR stripped, quotes still on. */
static inline const char *pf_cell_raw(const struct pf_cells *c, size_t row, size_t *size) {
    uint32_t from = c->pos[row * c->stride] + 1, to = c->pos[row * c->stride + 1];
    if (c->strip_cr && to > from && c->text[to - 1] == '\r')
        to--;
    *size = to - from;
    return c->text + from;
}
/* The plain value of a raw cell: quotes off, doubled quotes single. scratch (size bytes) is used only when
 * there are doubled quotes. *quoted says whether it was quoted. */
const char *pf_cell_plain(const char *raw, size_t size, char quote, char *scratch, size_t *plain_size,
                          bool *quoted);
#endif
