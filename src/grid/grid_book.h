/* grid_book.h — what a sheet format is for the grid: sheets, formats, strings, and rows on demand.
 * SPDX-License-Identifier: MIT
 *
 * A format fills in one struct pf_grid_book and hands it to pf_grid_reader_open (grid_reader.h); everything else
 * (options, which sheets, where the table is, types, batches, the cells view, notices) is the grid's. */
#ifndef PF_GRID_BOOK_H
#define PF_GRID_BOOK_H
#include "grid/grid_cell.h"
#include "grid/grid_codes.h"

#define PF_SHEET_VISIBLE     0
#define PF_SHEET_HIDDEN      1
#define PF_SHEET_VERY_HIDDEN 2

#define PF_SHEET_GRID   0
#define PF_SHEET_CHART  1 /* this and the others have no cells and are only listed */
#define PF_SHEET_DIALOG 2
#define PF_SHEET_MACRO  3
#define PF_SHEET_MODULE 4

struct pf_grid_sheet {
    const char *name; /* UTF-8 */
    uint8_t state;    /* PF_SHEET_VISIBLE … */
    uint8_t kind;     /* PF_SHEET_GRID … */
    bool date1904;    /* usually the book's */
};

/* Shared strings: string i is bytes[offsets[i] .. offsets[i + 1]). */
struct pf_grid_strings {
    const char *bytes;
    const uint64_t *offsets; /* count + 1; NULL when count is 0 */
    uint32_t count;
};

/* A named place: an Excel table or a defined name that means one range. */
struct pf_grid_area {
    const char *name;
    int32_t sheet;
    int32_t owner; /* the sheet that the name belongs to, from 1; 0: it is the book's */
    bool is_table;
    int32_t header_rows; /* of tables: 0 or 1; −1 unknown */
    int32_t totals_rows;
    struct pf_grid_range range;
};

struct pf_grid_links; /* grid_links.h */

#define PF_GRID_FORMULAS                                                                                       \
    1u /* cells with a formula as PF_CELL_TEXT of the formula, "=A1+B1", where it is known */
#define PF_GRID_STORED                                                                                         \
    2u /* cells as they are stored, also where that stands for something else: the 0 that is to show an error */

#define PF_GRID_PIECES 4u /* the rows will be taken in pieces, if the format can give them so */

/* Whole rows in the order of the sheet, as they are stored; first member of the driver's own struct. */
struct pf_grid_piece {
    int64_t last_row; /* the last one with a cell; −1: none has one */
};
enum pf_grid_took {
    PF_GRID_TOOK,     /* rows that rise, it seems: decode knows */
    PF_GRID_TOOK_END, /* there are no more rows; next reads what is behind them */
    PF_GRID_TOOK_ODD  /* rows that cannot be told apart without being decoded; another pass must */
};

/* self: the book's, cursor: one pass over one sheet. Cursors are independent of each other and may be used on several
 * threads at the same time, each by one at a time. */
struct pf_grid_driver {
    /* Gives *cursor, before the first row. wants: PF_GRID_FORMULAS, PF_GRID_STORED. The book's strings must
     * be there when it returns. */
    pf_status (*open)(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err);
    /* Fills the (empty) block with the next rows, about PF_GRID_BLOCK_CELLS cells; left empty: the end. Errors name
     * part and cell. Rows that are stored in no order come so, and the block says it (disordered). */
    pf_status (*next)(void *cursor, struct pf_grid_block *block, struct pf_error *err);
    void (*close)(void *cursor);
    /* The same in two steps, of which the second may be done side by side. NULL, all three: the format has no such steps.
     * take: the next rows into *piece (NULL at first; used again). So many as may be a footer, and are needed to tell, stay
     * behind: the last rows of a sheet are next's. */
    pf_status (*take)(void *cursor, struct pf_grid_piece **piece, enum pf_grid_took *took,
                      struct pf_error *err);
    /* Any thread. Fills the (empty) block; *good false: it is not what take said, and another pass must tell what it is. */
    pf_status (*decode)(struct pf_grid_piece *piece, struct pf_grid_block *block, bool *good,
                        struct pf_error *err);
    void (*drop)(struct pf_grid_piece *piece); /* NULL is fine */
    /* Merged ranges of a sheet, lent until the next call or close. NULL: the format has none. */
    pf_status (*merges)(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                        struct pf_error *err);
    /* Hidden rows and columns, lent likewise: ranges over the whole width or height (grid_hidden.h). NULL: the format does
     * not say. */
    pf_status (*hidden)(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                        struct pf_error *err);
    /* Adds the links of a sheet but those of formulas. Not on several threads at the same time. NULL: the format has none. */
    pf_status (*links)(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err);
    /* Tables and defined names, lent until close_book. NULL: none. */
    pf_status (*areas)(void *self, const struct pf_grid_area **areas, size_t *count, struct pf_error *err);
    /* Further facts for `info`: "creator", "biff" … NULL: none. */
    void (*facts)(void *self, void (*emit)(void *ctx, const char *key, const char *value), void *ctx);
    void (*close_book)(void *self); /* frees all */
    bool side_by_side;              /* open may be called on several threads at the same time */
};

/* All is the format's, lent until close_book. */
struct pf_grid_book {
    const struct pf_grid_driver *driver;
    void *self;
    const struct pf_grid_sheet *sheets; /* in the order of the book, chart sheets included */
    int32_t sheet_count;
    const struct pf_grid_format *formats; /* by style of a cell */
    uint32_t format_count;
    const struct pf_grid_codes *codes;     /* of the formats; NULL: the format has none */
    const struct pf_grid_strings *strings; /* NULL: no shared strings */
};
#endif
