/* grid_cell.h — a cell, a row, a block of rows: what every sheet format delivers.
 * SPDX-License-Identifier: MIT
 *
 * A cell carries what is stored, not what it means: whether a number is a date follows from the format of its style
 * (grid_format.h), and is decided by the grid, for all formats alike. Blank cells are not delivered. */
#ifndef PF_GRID_CELL_H
#define PF_GRID_CELL_H
#include <stdbool.h>

#include "base/buf.h"

#define PF_GRID_ROWS    1048576 /* of Excel 2007 and later; ODS has as many */
#define PF_GRID_COLUMNS 16384

enum pf_cell_kind {
    PF_CELL_NUMBER, /* number */
    PF_CELL_BOOL,   /* whole: 0 or 1 */
    PF_CELL_SHARED, /* shared: a string of the book by its id */
    PF_CELL_TEXT,   /* text: place in the block's text */
    PF_CELL_ERROR,  /* text: "#N/A" */
    PF_CELL_DATE, /* whole: days since 1970-01-01. This and the next two: for formats that store dates as such */
    PF_CELL_STAMP,   /* whole: microseconds since 1970-01-01, no zone */
    PF_CELL_ELAPSED, /* whole: microseconds; may be negative or beyond a day */
    PF_CELL_UNKNOWN  /* a formula without a stored value; text: the formula, or empty */
};
#define PF_CELL_FORMULA 1 /* flag: the value is a formula's stored result */
#define PF_CELL_UNSPELLED                                                                                      \
    2 /* flag: the same, in place of the formula's text, which was wanted and cannot be told */

struct pf_cell {
    union {
        double number;
        int64_t whole;
        uint32_t shared;
        struct {
            uint32_t at, size;
        } text;
    } value;
    uint16_t column; /* from 0 */
    uint16_t style;  /* index into the book's formats; beyond them: General */
    uint8_t kind;    /* enum pf_cell_kind */
    uint8_t flags;
    uint16_t reserved;
};

struct pf_grid_row {
    uint32_t number; /* from 0 */
    uint32_t from;   /* its first cell; the last one is in front of the next row's first */
};

static inline bool pf_cell_has_text(const struct pf_cell *cell) { /* in the block */
    return cell->kind == PF_CELL_TEXT || cell->kind == PF_CELL_ERROR || cell->kind == PF_CELL_UNKNOWN;
}

/* Rows rise strictly, within a block and from block to block, and cells by column within a row, unless the block says
 * otherwise. Rows without cells need not be there. All zero is good and empty; clear ends it. */
struct pf_grid_block {
    struct pf_grid_row *rows;
    struct pf_cell *cells;
    size_t row_count, row_room;
    size_t cell_count, cell_room;
    struct pf_buf text; /* UTF-8, valid */
    bool disordered;    /* rows or cells do not rise, here or since a block before */
    bool unbounded;     /* it is never full: the rows that will come are few */
};
/* A good size of one block: it should stay in the processor's second cache. */
#define PF_GRID_BLOCK_CELLS 32768
#define PF_GRID_BLOCK_ROWS  32768
#define PF_GRID_BLOCK_SHORT 256
/* Formulas that cells share may be far longer than what is stored: a driver ends a block with that many bytes of them, and
 * within a row tells no more of them beyond the other. */
#define PF_GRID_BLOCK_TEXT  ((size_t)16 << 20)
#define PF_GRID_BLOCK_SHARE ((size_t)128 << 20)

void pf_grid_block_empty(struct pf_grid_block *block); /* keeps the memory */
void pf_grid_block_clear(struct pf_grid_block *block);
/* Room for that many more. */
pf_status pf_grid_block_reserve(struct pf_grid_block *block, size_t rows, size_t cells, struct pf_error *err);
/* Begins a row; the cells that follow are its. */
pf_status pf_grid_block_row(struct pf_grid_block *block, uint32_t number, struct pf_error *err);
/* Appends a cell to the last row; *cell is zero but for column and style, and lent until the next one. */
pf_status pf_grid_block_cell(struct pf_grid_block *block, uint32_t column, uint32_t style,
                             enum pf_cell_kind kind, struct pf_cell **cell, struct pf_error *err);
/* Copies text into the block and lets the cell stand for it. LIMIT beyond 4 GiB in one block. */
pf_status pf_grid_block_text(struct pf_grid_block *block, struct pf_cell *cell, const char *text, size_t size,
                             struct pf_error *err);
/* Appends a copy of row r of another block. */
pf_status pf_grid_block_append(struct pf_grid_block *to, const struct pf_grid_block *from, size_t r,
                               struct pf_error *err);
/* Each batch costs something for every column: a wide sheet's blocks are twice as long before they have few rows. */
static inline bool pf_grid_block_is_full(const struct pf_grid_block *block) {
    size_t most = block->row_count < PF_GRID_BLOCK_SHORT ? 2 * PF_GRID_BLOCK_CELLS : PF_GRID_BLOCK_CELLS;
    return !block->unbounded && (block->cell_count >= most || block->row_count >= PF_GRID_BLOCK_ROWS);
}
/* Brings rows and cells that came in any order into order; of several cells in one place the last one stays. */
pf_status pf_grid_block_sort(struct pf_grid_block *block, struct pf_error *err);
/* One past the last cell of row r. */
static inline uint32_t pf_grid_row_end(const struct pf_grid_block *block, size_t r) {
    return r + 1 < block->row_count ? block->rows[r + 1].from : (uint32_t)block->cell_count;
}

/* A rectangle, both ends included, counted from 0. last_row < first_row: none. */
struct pf_grid_range {
    int32_t first_row, last_row;
    int32_t first_column, last_column;
};
static inline bool pf_grid_range_is_empty(const struct pf_grid_range *r) {
    return r->last_row < r->first_row || r->last_column < r->first_column;
}
/* "B3:H900", "B3", "B:H", "3:900", with or without '$', ignoring case. false: not that. */
bool pf_grid_range_parse(const char *text, size_t size, struct pf_grid_range *range);
/* "B3"; to 16 bytes. Returns the bytes written, without NUL. */
size_t pf_grid_place_print(uint32_t row, uint32_t column, char to[16]);
/* "B"; to 8 bytes. */
size_t pf_grid_column_print(uint32_t column, char to[8]);
#endif
