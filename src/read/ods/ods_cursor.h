/* ods_cursor.h — one pass over a sheet.                                          SPDX-License-Identifier: MIT
 *
 * Two readers with one meaning. The quick one (ods_scan.c) takes whole rows of the grammar that LibreOffice, Excel and most
 * programs write and says when a row is not of that kind; then the general one (ods_row.c) takes that row. Both hand their
 * cells to pf_ods_row_take. */
#ifndef PF_ODS_CURSOR_H
#define PF_ODS_CURSOR_H
#include "read/ods/ods_cell.h"

#define PF_ODS_STYLES_KEPT 64 /* names of styles met lately; a power of two */

struct pf_ods_cursor {
    struct pf_ods_book *book;
    struct pf_ods_part part;
    struct pf_ods_texts texts;   /* of the general reader; text: of the quick one, too */
    struct pf_buf columns;       /* uint16_t: style of each column, as far as columns are declared */
    struct pf_buf *merges;       /* lent: where merged ranges go; NULL: nobody asks */
    struct pf_buf *hidden;       /* likewise, hidden rows and columns */
    struct pf_grid_links *links; /* likewise */
    struct pf_grid_block line;   /* the row that is being repeated */
    int64_t line_left;           /* how often still */
    int64_t copies;
    int64_t row; /* the next one */
    uint32_t wants;
    uint32_t row_style;
    bool over;
    bool failed;
    bool never_quick; /* names are not the usual ones, or formulas are wanted */
    int32_t distrust; /* elements to read by the general reader before the quick one is tried again */
    int32_t failures; /* rows in a row that the quick one did not take */
    struct {
        uint64_t name; /* at most 8 bytes, as a word; 0: none */
        uint32_t style;
    } kept[PF_ODS_STYLES_KEPT];
};

/* A row as it is read. All zero but repeated is its beginning. */
struct pf_ods_row {
    int64_t repeated; /* rows */
    int64_t column;   /* the next one */
    bool begun;       /* it is in the block */
};
/* The next cell of the row at hand. */
pf_status pf_ods_row_take(struct pf_ods_cursor *cursor, struct pf_ods_row *row, const struct pf_ods_cell *cell,
                          struct pf_grid_block *block, struct pf_error *err);
/* Behind the last one. */
pf_status pf_ods_row_end(struct pf_ods_cursor *cursor, const struct pf_ods_row *row,
                         const struct pf_grid_block *block, struct pf_error *err);
/* Is the row or the column hidden, or filtered out? */
bool pf_ods_is_hidden(const struct pf_xml *xml);
/* Copies the last row of `from` as row `number` behind `to`. */
pf_status pf_ods_row_copy(struct pf_grid_block *to, const struct pf_grid_block *from, uint32_t number,
                          struct pf_error *err);

/* Behind the OPEN event of a row: reads it to its end. */
pf_status pf_ods_row(struct pf_ods_cursor *cursor, struct pf_grid_block *block, struct pf_error *err);
/* Reads rows from [at, end) into the block until it is full or a row is to be repeated; `end` is behind the end of a row,
 * and 64 bytes behind it may be read and end every search. *used: bytes of the rows that were taken; *plain false: what
 * stands at at + *used is not of the quick kind. */
pf_status pf_ods_scan(struct pf_ods_cursor *cursor, const char *at, const char *end,
                      struct pf_grid_block *block, size_t *used, bool *plain, struct pf_error *err);

#define PF_ODS_ROW_END "</table:table-row>"
static inline bool pf_ods_is_full(const struct pf_grid_block *block) {
    return block->cell_count >= PF_GRID_BLOCK_CELLS || block->row_count >= PF_GRID_BLOCK_ROWS;
}
#endif
