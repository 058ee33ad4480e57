/* xlsx_cursor.h — one pass over a sheet's XML.                                   SPDX-License-Identifier: MIT
 *
 * Two readers with one meaning. The quick one (xlsx_scan.c) takes whole rows of the grammar that Excel and most programs
 * write and says when a row is not of that kind; then the general one (xlsx_row.c) takes that row. */
#ifndef PF_XLSX_CURSOR_H
#define PF_XLSX_CURSOR_H
#include "read/xlsx/xlsx_book.h"
#include "read/xlsx/xlsx_shared.h"

enum pf_xlsx_state { PF_XLSX_BEFORE, PF_XLSX_ROWS, PF_XLSX_BEHIND, PF_XLSX_OVER }; /* of the rows */

struct pf_xlsx_cursor {
    struct pf_xlsx_book *book;
    int32_t sheet;
    uint32_t wants;
    struct pf_opc_part part;
    int8_t state;                 /* enum pf_xlsx_state */
    bool never_quick;             /* rows have a prefix, or formulas are wanted */
    bool disordered;              /* rows or cells do not rise */
    int32_t distrust;             /* rows to read by the general reader before the quick one is tried again */
    int32_t failures;             /* rows in a row that the quick one did not take */
    int64_t last_row;             /* −1: none yet */
    struct pf_buf text;           /* of the general reader */
    struct pf_xlsx_shared shared; /* when formulas are wanted */
};

#define PF_XLSX_WINDOW_BYTES ((size_t)1 << 20)

/* Up to the first row, or the end. */
pf_status pf_xlsx_sheet_head(struct pf_xlsx_cursor *cursor, struct pf_error *err);
/* Rows, until the block is full or there are no more. */
pf_status pf_xlsx_sheet_rows(struct pf_xlsx_cursor *cursor, struct pf_grid_block *block, struct pf_error *err);
/* How much of the text are whole rows: up to the last "<row", or behind the last "</row>". 0: none. */
size_t pf_xlsx_rows_end(const uint8_t *text, size_t size);

/* Takes the first `cut` bytes at hand, which end behind a row, as a piece (what grid_book.h says of take). */
pf_status pf_xlsx_piece_cut(struct pf_xlsx_cursor *cursor, size_t cut, struct pf_grid_piece **piece,
                            enum pf_grid_took *took, struct pf_error *err);

/* Reads rows from [at, end) into the block until it is full; `end` is behind a "</row>", and 64 bytes behind it may be
 * read and end every search. *used: bytes of the rows that were taken; *plain false: the row at at + *used is not of the
 * quick kind. */
pf_status pf_xlsx_scan(struct pf_xlsx_cursor *cursor, const char *at, const char *end,
                       struct pf_grid_block *block, size_t *used, bool *plain, struct pf_error *err);
/* Behind the OPEN event of a row: reads it to its end. */
pf_status pf_xlsx_row(struct pf_xlsx_cursor *cursor, struct pf_grid_block *block, struct pf_error *err);

pf_status pf_xlsx_fail_shared(const struct pf_xlsx_cursor *cursor, uint32_t row, uint32_t column, uint64_t id,
                              struct pf_error *err);
#define PF_XLSX_SENTINEL 64
#endif
