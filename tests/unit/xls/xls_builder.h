/* xls_builder.h — workbook streams for tests, record by record.                 SPDX-License-Identifier: MIT */
#ifndef XLS_BUILDER_H
#define XLS_BUILDER_H
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "read/xls/xls_globals.h"
#include "read/xls/xls_sheet.h"

static inline void put_bytes(struct pf_buf *to, unsigned id, const void *bytes, size_t size) {
    uint8_t head[4] = {(uint8_t)id, (uint8_t)(id >> 8), (uint8_t)size, (uint8_t)(size >> 8)};
    assert_int_equal(pf_buf_put(to, head, 4, NULL), PF_OK);
    assert_int_equal(pf_buf_put(to, bytes, size, NULL), PF_OK);
}

/* A record whose contents are written out in the style of printf: %1 %2 %4 %8 little-endian numbers (%8: a double), %s
 * text without NUL, everything else as it stands. */
static inline void put(struct pf_buf *to, unsigned id, const char *format, ...) {
    struct pf_buf bytes = {0};
    va_list args;
    va_start(args, format);
    for (const char *c = format; *c; c++) {
        if (*c != '%') {
            pf_buf_put(&bytes, c, 1, NULL);
            continue;
        }
        c++;
        if (*c == 's') {
            pf_buf_text(&bytes, va_arg(args, const char *), NULL);
        } else if (*c == '8') {
            double number = va_arg(args, double);
            pf_buf_put(&bytes, &number, 8, NULL);
        } else {
            unsigned number = va_arg(args, unsigned);
            pf_buf_put(&bytes, &number, (size_t)(*c - '0'), NULL);
        }
    }
    va_end(args);
    put_bytes(to, id, bytes.data ? (const void *)bytes.data : "", bytes.size);
    pf_buf_clear(&bytes);
}

static inline void put_bof(struct pf_buf *to, int biff, unsigned kind) {
    switch (biff) {
    case 8: put(to, PF_XLS_BOF, "%2%2%2%2%4%4", 0x600, kind, 0, 0, 0, 0); break;
    case 5: put(to, PF_XLS_BOF, "%2%2%2%2", 0x500, kind, 0, 0); break;
    case 4: put(to, PF_XLS_BOF4, "%2%2%2", 0x400, kind, 0); break;
    case 3: put(to, PF_XLS_BOF3, "%2%2%2", 0x300, kind, 0); break;
    default: put(to, PF_XLS_BOF2, "%2%2", 0x200, kind); break;
    }
}

/* The BOUNDSHEET of the first sheet gets the offset of its BOF. */
static inline void set_offset(struct pf_buf *book, int sheet, size_t offset) {
    for (size_t at = 0; at + 4 <= book->size; at += 4 + (size_t)pf_load16(book->data + at + 2))
        if (pf_load16(book->data + at) == PF_XLS_BOUND_SHEET && sheet-- == 0)
            pf_store32(book->data + at + 4, (uint32_t)offset);
}

/* Globals with one visible sheet, then the sheet's records. */
static inline void build_book(int biff, const struct pf_buf *globals, const struct pf_buf *sheet,
                              struct pf_buf *out) {
    if (biff >= 5) {
        put_bof(out, biff, PF_XLS_GLOBALS);
        if (globals && globals->size)
            pf_buf_put(out, globals->data, globals->size, NULL);
        put(out, PF_XLS_BOUND_SHEET, biff == 8 ? "%4%1%1%1%1Cells" : "%4%1%1%1Cells", 0, 0, 0, 5, 0);
        put(out, PF_XLS_EOF, "");
        set_offset(out, 0, out->size);
    }
    put_bof(out, biff, PF_XLS_WORKSHEET);
    if (biff < 5 && globals && globals->size)
        pf_buf_put(out, globals->data, globals->size, NULL);
    if (sheet && sheet->size)
        pf_buf_put(out, sheet->data, sheet->size, NULL);
    put(out, PF_XLS_EOF, "");
}

/* A book in memory. */
struct opened {
    struct pf_buf bytes;
    struct pf_source source;
    struct pf_xls_book book;
    struct pf_error err;
    uint32_t wants; /* of the cursor */
};

static inline pf_status open_book(struct opened *opened, const char *password) {
    opened->err = (struct pf_error)PF_ERROR_INIT;
    memset(&opened->book, 0, sizeof opened->book);
    pf_source_memory(opened->bytes.data, opened->bytes.size, &opened->source);
    return pf_xls_book_open(&opened->source, password, &opened->book, &opened->err);
}

static inline void close_opened(struct opened *opened) {
    pf_xls_book_close(&opened->book);
    pf_buf_clear(&opened->bytes);
}

static inline const char *cell_text(const struct pf_xls_book *book, const struct pf_grid_block *block,
                                    const struct pf_cell *cell, char *to, size_t room) {
    const char *at = (const char *)block->text.data + cell->value.text.at;
    size_t size = cell->value.text.size;
    if (cell->kind == PF_CELL_SHARED) {
        at = book->strings.bytes + book->offsets[cell->value.shared];
        size = book->offsets[cell->value.shared + 1] - book->offsets[cell->value.shared];
    }
    snprintf(to, room, "%.*s", (int)size, size ? at : "");
    return to;
}

/* All cells of a sheet in one line: "A1=1.5 B1='text' A2=TRUE", style after ':' when it is not 0, '=' as "==" for
 * formulas, '!' behind values in place of a formula's text. */
static inline pf_status show_cells(struct opened *opened, int32_t sheet, struct pf_buf *to) {
    pf_xls_cursor *cursor = NULL;
    struct pf_grid_block block = {0};
    char name[16], text[2000], line[2200];
    opened->err = (struct pf_error)PF_ERROR_INIT;
    to->size = 0;
    PF_TRY(pf_xls_cursor_open(&opened->book, sheet, opened->wants, &cursor, &opened->err));
    pf_status status = PF_OK;
    for (;;) {
        pf_grid_block_empty(&block);
        status = pf_xls_cursor_next(cursor, &block, &opened->err);
        if (status != PF_OK || block.cell_count == 0)
            break;
        for (size_t r = 0; r < block.row_count; r++)
            for (size_t i = block.rows[r].from; i < pf_grid_row_end(&block, r); i++) {
                const struct pf_cell *cell = &block.cells[i];
                name[pf_grid_place_print(block.rows[r].number, cell->column, name)] = 0;
                if (cell->kind == PF_CELL_NUMBER)
                    snprintf(text, sizeof text, "%.17g", cell->value.number);
                else if (cell->kind == PF_CELL_BOOL)
                    snprintf(text, sizeof text, "%s", cell->value.whole ? "TRUE" : "FALSE");
                else
                    cell_text(&opened->book, &block, cell, text, sizeof text);
                const char *quote = cell->kind == PF_CELL_TEXT || cell->kind == PF_CELL_SHARED ? "'" : "";
                char style[8] = "";
                if (cell->style)
                    snprintf(style, sizeof style, ":%u", cell->style);
                snprintf(line, sizeof line, "%s%s%s%s%s%s%s%s", to->size ? " " : "", name,
                         cell->flags & PF_CELL_FORMULA ? "==" : "=", quote, text, quote, style,
                         cell->flags & PF_CELL_UNSPELLED ? "!" : "");
                pf_buf_text(to, line, NULL);
            }
        if (block.disordered)
            pf_buf_text(to, " in no order", NULL);
    }
    pf_buf_put(to, "", 1, NULL);
    pf_xls_cursor_close(&cursor);
    pf_grid_block_clear(&block);
    return status;
}

static inline void assert_cells(struct opened *opened, const char *wanted) {
    struct pf_buf shown = {0};
    assert_int_equal(show_cells(opened, 0, &shown), PF_OK);
    assert_string_equal((const char *)shown.data, wanted);
    pf_buf_clear(&shown);
}
#endif
