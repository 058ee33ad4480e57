/* xls_sheet.c — room read/xls. One pass over a sheet's cells.                   SPDX-License-Identifier: MIT
 * Knows: every record with cells of BIFF2–8, stored results of formulas.
 * Knows not: what a number means (the grid), what is in formulas. Sources: [MS-XLS] 2.4 (the records), 2.5.122 (RkNumber),
 * 2.5.133 (FormulaValue); for BIFF2–5 OpenOffice.org's Documentation of the Microsoft Excel File Format 5.
 * Format: docs/formats/xls.md §Cells */
#include "read/xls/xls_sheet.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "ptg/ptg_operand.h"
#include "read/xls/xls_formula.h"
#include "read/xls/xls_globals.h"
#include "read/xls/xls_links.h"

struct pf_xls_cursor {
    struct pf_xls_book *book;
    const struct pf_xls_sheet *sheet;
    int32_t index;
    struct pf_xls_stream stream;
    struct pf_xls_record record; /* waits to be decoded when waiting is true */
    bool waiting, ended;
    bool disordered; /* cells do not rise */
    uint64_t last;   /* row and column of the last cell, plus one */
    int depth;       /* 1 in the sheet, more in charts within it */
    uint16_t ixfe;   /* BIFF2: the XF of the cell that follows, when its own six bits are full */
    struct pf_buf text;
    bool wants_formulas;
    struct pf_xls_formulas formulas;
};

/* Where the cells of a record go. */
struct filling {
    pf_xls_cursor *cursor;
    struct pf_grid_block *block;
    uint32_t row, column;
};

static pf_status fail_cell(const struct filling *filling, const char *why, struct pf_error *err) {
    char place[16];
    place[pf_grid_place_print(filling->row, filling->column, place)] = 0;
    pf_fail_at(err, PF_BAD_DATA, -1, filling->cursor->record.offset, "%s; get the file again", why);
    pf_where(err, "cell %s", place);
    return PF_BAD_DATA;
}

/* A cell at row and column + step. Rows follow from the cells. */
static pf_status put(struct filling *filling, uint32_t step, uint32_t style, enum pf_cell_kind kind,
                     struct pf_cell **cell, struct pf_error *err) {
    struct pf_grid_block *block = filling->block;
    uint32_t column = filling->column + step;
    if (column >= PF_GRID_COLUMNS)
        return fail_cell(filling, "a cell lies beyond the last column", err);
    pf_xls_cursor *cursor = filling->cursor;
    uint64_t place = ((uint64_t)filling->row << 32) + column + 1;
    cursor->disordered |= place <= cursor->last;
    cursor->last = place;
    if (block->row_count == 0 || block->rows[block->row_count - 1].number != filling->row)
        PF_TRY(pf_grid_block_row(block, filling->row, err));
    return pf_grid_block_cell(block, column, style + cursor->sheet->style_base, kind, cell, err);
}

static pf_status put_number(struct filling *filling, uint32_t step, uint32_t style, double number,
                            struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(put(filling, step, style, PF_CELL_NUMBER, &cell, err));
    cell->value.number = number;
    return PF_OK;
}

static double load_double(const uint8_t *at) {
    double value;
    memcpy(&value, at, 8);
    return value;
}

/* RkNumber: thirty bits of a signed integer or of a double's upper half; perhaps hundredths. */
static double decode_rk(uint32_t rk) {
    uint64_t upper = (uint64_t)(rk & 0xFFFFFFFCu) << 32;
    double value;
    if (rk & 2)
        value = (int32_t)rk >> 2; /* arithmetic: the sign stays */
    else
        memcpy(&value, &upper, 8);
    return rk & 1 ? value / 100 : value;
}

static const char *error_name(uint8_t code) {
    const char *name = pf_ptg_error_name(code);
    return name ? name : "#UNKNOWN!";
}

static pf_status put_bool_error(struct filling *filling, uint32_t style, uint8_t value, bool is_error,
                                uint8_t flags, struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(put(filling, 0, style, is_error ? PF_CELL_ERROR : PF_CELL_BOOL, &cell, err));
    cell->flags = flags;
    if (is_error)
        return pf_grid_block_text(filling->block, cell, error_name(value), strlen(error_name(value)), err);
    cell->value.whole = value != 0;
    return PF_OK;
}

/* A text that stands at skip in the record, its length in size_bytes in front of it. */
static pf_status put_text(struct filling *filling, uint32_t style, const struct pf_xls_record *record,
                          size_t skip, int size_bytes, uint8_t flags, struct pf_error *err) {
    pf_xls_cursor *cursor = filling->cursor;
    struct pf_xls_place place = pf_xls_place_in(&cursor->stream, record, skip);
    struct pf_cell *cell;
    cursor->text.size = 0;
    PF_TRY(pf_xls_string(&place, size_bytes, cursor->book->biff, cursor->book->charset, &cursor->text, err));
    PF_TRY(put(filling, 0, style, PF_CELL_TEXT, &cell, err));
    cell->flags = flags;
    return pf_grid_block_text(filling->block, cell, (const char *)cursor->text.data, cursor->text.size, err);
}

/* The text of a formula follows in a STRING record, perhaps behind the formula shared with other cells. */
static pf_status put_formula_text(struct filling *filling, uint32_t style, struct pf_error *err) {
    pf_xls_cursor *cursor = filling->cursor;
    struct pf_xls_record record;
    uint16_t id = 0;
    bool there = true;
    for (;;) {
        PF_TRY(pf_xls_peek(&cursor->stream, &id, err));
        switch (id) {
        case PF_XLS_STRING:
        case PF_XLS_STRING2:
            PF_TRY(pf_xls_next(&cursor->stream, &record, &there, err));
            return put_text(filling, style, &record, 0, id == PF_XLS_STRING2 ? 1 : 2, PF_CELL_FORMULA, err);
        case PF_XLS_SHARED:
        case PF_XLS_ARRAY:
        case PF_XLS_ARRAY2:
        case PF_XLS_TABLE:
        case PF_XLS_TABLE2:
        case PF_XLS_TABLE2B:
        case PF_XLS_CONTINUE: PF_TRY(pf_xls_next(&cursor->stream, &record, &there, err)); break;
        default: return PF_OK; /* no text: an empty one */
        }
    }
}

/* FormulaValue: a double, or with 0xFFFF on top a kind and a value. */
static pf_status put_formula(struct filling *filling, uint32_t style, const uint8_t *value,
                             struct pf_error *err) {
    struct pf_cell *cell;
    if (pf_load16(value + 6) != 0xFFFF) {
        PF_TRY(put(filling, 0, style, PF_CELL_NUMBER, &cell, err));
        cell->value.number = load_double(value);
        cell->flags = PF_CELL_FORMULA;
        return PF_OK;
    }
    switch (value[0]) {
    case 0: return put_formula_text(filling, style, err);
    case 1: return put_bool_error(filling, style, value[2], false, PF_CELL_FORMULA, err);
    case 2: return put_bool_error(filling, style, value[2], true, PF_CELL_FORMULA, err);
    default: return PF_OK; /* 3: an empty text */
    }
}

/* The formula itself where that is asked for and can be told. value: where the result stands. */
static pf_status put_formula_or_text(struct filling *filling, uint32_t style,
                                     const struct pf_xls_record *record, const uint8_t *value,
                                     struct pf_error *err) {
    pf_xls_cursor *cursor = filling->cursor;
    struct pf_grid_block *block = filling->block;
    size_t cells = block->cell_count;
    enum pf_ptg_answer answer;
    struct pf_cell *cell;
    uint8_t result[8];
    if (!cursor->wants_formulas)
        return put_formula(filling, style, value, err);
    memcpy(result, value, sizeof result);
    PF_TRY(pf_xls_formula_read(&cursor->formulas, cursor->book, &cursor->stream, record, &answer, err));
    if (answer != PF_PTG_KNOWN || block->text.size > PF_GRID_BLOCK_SHARE) {
        PF_TRY(put_formula(filling, style, result, err));
        if (answer != PF_PTG_NO_TEXT && block->cell_count > cells)
            block->cells[cells].flags |= PF_CELL_UNSPELLED;
        return PF_OK;
    }
    PF_TRY(put(filling, 0, style, PF_CELL_TEXT, &cell, err));
    cell->flags = PF_CELL_FORMULA;
    const struct pf_buf *text = &cursor->formulas.text;
    return pf_grid_block_text(block, cell, (const char *)text->data, text->size, err);
}

static pf_status put_mulrk(struct filling *filling, const struct pf_xls_record *record, struct pf_error *err) {
    uint32_t count = (record->size - 6u) / 6;
    const uint8_t *at = record->bytes + 4;
    for (uint32_t i = 0; i < count; i++, at += 6)
        PF_TRY(put_number(filling, i, pf_load16(at), decode_rk(pf_load32(at + 2)), err));
    return PF_OK;
}

static pf_status put_shared(struct filling *filling, uint32_t style, uint32_t index, struct pf_error *err) {
    struct pf_cell *cell;
    if (index >= filling->cursor->book->strings.count)
        return fail_cell(filling, "a cell names a shared string that is not there", err);
    PF_TRY(put(filling, 0, style, PF_CELL_SHARED, &cell, err));
    cell->value.shared = index;
    return PF_OK;
}

/* ---- one record ---- */

/* The bytes in front of a cell's value that every record of its id must have; 0: no cell. */
static size_t least_size(uint16_t id, int biff) {
    switch (id) {
    case PF_XLS_INTEGER2:
    case PF_XLS_BOOLERR2: return biff == 2 ? 9 : 0;
    case PF_XLS_NUMBER2: return biff == 2 ? 15 : 0;
    case PF_XLS_LABEL2: return biff == 2 ? 8 : 0;
    case PF_XLS_FORMULA: return biff == 2 ? 15 : 14;
    case PF_XLS_NUMBER:
    case PF_XLS_FORMULA3:
    case PF_XLS_FORMULA4: return 14;
    case PF_XLS_LABEL:
    case PF_XLS_RSTRING:
    case PF_XLS_BOOLERR: return 8;
    case PF_XLS_RK:
    case PF_XLS_LABEL_SST: return 10;
    case PF_XLS_MULRK: return 12;
    default: return 0;
    }
}

/* BIFF2: six bits of the XF, or what the record in front said; without XFs the format itself. */
static uint32_t old_style(const pf_xls_cursor *cursor, const uint8_t *attributes) {
    if (cursor->book->by_format)
        return attributes[1] & 0x3F;
    uint32_t style = attributes[0] & 0x3F;
    return style == 0x3F ? cursor->ixfe : style;
}

static pf_status put_old(struct filling *filling, const struct pf_xls_record *record, struct pf_error *err) {
    const uint8_t *bytes = record->bytes, *value = bytes + 7;
    uint32_t style = old_style(filling->cursor, bytes + 4);
    switch (record->id) {
    case PF_XLS_INTEGER2: return put_number(filling, 0, style, pf_load16(value), err);
    case PF_XLS_NUMBER2: return put_number(filling, 0, style, load_double(value), err);
    case PF_XLS_LABEL2: return put_text(filling, style, record, 7, 1, 0, err);
    case PF_XLS_BOOLERR2: return put_bool_error(filling, style, value[0], value[1] == 1, 0, err);
    default: return put_formula_or_text(filling, style, record, value, err);
    }
}

static pf_status put_record(struct filling *filling, const struct pf_xls_record *record, struct pf_error *err) {
    const uint8_t *bytes = record->bytes, *value = bytes + 6;
    int biff = filling->cursor->book->biff;
    size_t least = least_size(record->id, biff);
    if (least == 0)
        return PF_OK;
    filling->row = record->size >= 4 ? pf_load16(bytes) : 0;
    filling->column = record->size >= 4 ? pf_load16(bytes + 2) : 0;
    if (record->size < least)
        return fail_cell(filling, "a cell's record is cut short", err);
    if (record->id < 0x0008 && biff == 2)
        return put_old(filling, record, err);
    uint32_t style = pf_load16(bytes + 4);
    switch (record->id) {
    case PF_XLS_NUMBER: return put_number(filling, 0, style, load_double(value), err);
    case PF_XLS_RK: return put_number(filling, 0, style, decode_rk(pf_load32(value)), err);
    case PF_XLS_MULRK: return put_mulrk(filling, record, err);
    case PF_XLS_LABEL_SST: return put_shared(filling, style, pf_load32(value), err);
    case PF_XLS_LABEL:
    case PF_XLS_RSTRING: return put_text(filling, style, record, 6, 2, 0, err);
    case PF_XLS_BOOLERR: return put_bool_error(filling, style, value[0], value[1] == 1, 0, err);
    default: return put_formula_or_text(filling, style, record, value, err);
    }
}

/* ---- the pass ---- */

static pf_status fail_sheet(const pf_xls_cursor *cursor, pf_status status, struct pf_error *err) {
    pf_where(err, "sheet '%s'", cursor->book->sheets[cursor->index].name);
    return status;
}

/* What is not a cell. Charts within the sheet are left out. *cell: a record of the sheet itself is there. */
static void step(pf_xls_cursor *cursor, bool there, bool *cell) {
    *cell = false;
    if (!there) {
        cursor->ended = true;
    } else if (cursor->record.id == PF_XLS_EOF) {
        cursor->ended = --cursor->depth <= 0;
    } else if (pf_xls_bof(&cursor->record).biff) {
        cursor->depth++;
    } else {
        *cell = cursor->depth == 1;
        if (cursor->record.id == PF_XLS_IXFE && cursor->record.size >= 2)
            cursor->ixfe = pf_load16(cursor->record.bytes);
    }
}

/* The cells that most sheets are made of, where they follow in the same row. false: put_record has to look. */
static inline bool put_quickly(pf_xls_cursor *cursor, struct pf_grid_block *block) {
    const struct pf_xls_record *record = &cursor->record;
    const uint8_t *bytes = record->bytes;
    if (record->size < 10 || block->row_count == 0 || block->cell_count == block->cell_room)
        return false;
    uint32_t row = pf_load16(bytes), column = pf_load16(bytes + 2);
    uint64_t place = ((uint64_t)row << 32) + column + 1;
    uint32_t style = pf_load16(bytes + 4) + cursor->sheet->style_base;
    if (place <= cursor->last || row != block->rows[block->row_count - 1].number || column >= PF_GRID_COLUMNS ||
        style > UINT16_MAX)
        return false;
    struct pf_cell *cell = &block->cells[block->cell_count];
    *cell = (struct pf_cell){.column = (uint16_t)column, .style = (uint16_t)style, .kind = PF_CELL_NUMBER};
    if (record->id == PF_XLS_NUMBER && record->size >= 14) {
        cell->value.number = load_double(bytes + 6);
    } else if (record->id == PF_XLS_RK) {
        cell->value.number = decode_rk(pf_load32(bytes + 6));
    } else if (record->id == PF_XLS_LABEL_SST && pf_load32(bytes + 6) < cursor->book->strings.count) {
        cell->kind = PF_CELL_SHARED;
        cell->value.shared = pf_load32(bytes + 6);
    } else {
        return false;
    }
    block->cell_count++;
    cursor->last = place;
    return true;
}

static pf_status fill(pf_xls_cursor *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct filling filling = {.cursor = cursor, .block = block};
    bool cell = cursor->waiting;
    cursor->waiting = false;
    while (!cursor->ended) {
        if (!cell) {
            bool there = true;
            PF_TRY(pf_xls_next(&cursor->stream, &cursor->record, &there, err));
            if (there && cursor->depth == 1 && put_quickly(cursor, block))
                continue;
            step(cursor, there, &cell);
        }
        if (!cell)
            continue;
        if ((pf_grid_block_is_full(block) || block->text.size >= PF_GRID_BLOCK_TEXT) && block->row_count &&
            cursor->record.size >= 2 && least_size(cursor->record.id, cursor->book->biff) &&
            pf_load16(cursor->record.bytes) != block->rows[block->row_count - 1].number) {
            cursor->waiting = true; /* a new row: for the next block */
            return PF_OK;
        }
        PF_TRY(put_record(&filling, &cursor->record, err));
        cell = false;
    }
    return PF_OK;
}

pf_status pf_xls_cursor_next(pf_xls_cursor *cursor, struct pf_grid_block *block, struct pf_error *err) {
    if (cursor->ended)
        return PF_OK;
    pf_status status = pf_grid_block_reserve(block, 64, PF_GRID_BLOCK_CELLS, err);
    if (status == PF_OK)
        status = fill(cursor, block, err);
    block->disordered = cursor->disordered;
    return status == PF_OK ? PF_OK : fail_sheet(cursor, status, err);
}

/* The offset of a sheet must lead to a BOF. */
static pf_status check_begin(pf_xls_cursor *cursor, struct pf_error *err) {
    uint16_t id = 0;
    PF_TRY(pf_xls_peek(&cursor->stream, &id, err));
    if (id == PF_XLS_BOF || id == PF_XLS_BOF4 || id == PF_XLS_BOF3 || id == PF_XLS_BOF2)
        return PF_OK;
    return pf_fail_at(err, PF_BAD_DATA, -1, cursor->sheet->offset,
                      "the sheet does not begin where the workbook says; get the file again");
}

static pf_status begin(pf_xls_cursor *cursor, struct pf_error *err) {
    struct pf_xls_book *book = cursor->book;
    if (cursor->wants_formulas)
        PF_TRY(pf_xls_links_need(book, err));
    PF_TRY(pf_xls_stream_open(&cursor->stream, book->source, &book->lock, cursor->sheet->offset, err));
    return check_begin(cursor, err);
}

pf_status pf_xls_cursor_open(struct pf_xls_book *book, int32_t sheet, uint32_t wants, pf_xls_cursor **out,
                             struct pf_error *err) {
    int kind = book->sheets[sheet].kind;
    pf_xls_cursor *cursor = pf_mem_zero(1, sizeof *cursor);
    if (!cursor)
        return pf_fail_memory(err, sizeof *cursor);
    cursor->book = book;
    cursor->sheet = &book->places[sheet];
    cursor->index = sheet;
    cursor->wants_formulas = wants & PF_GRID_FORMULAS;
    cursor->ended = kind != PF_SHEET_GRID && kind != PF_SHEET_MACRO;
    pf_status status = cursor->ended ? PF_OK : begin(cursor, err);
    if (status != PF_OK) {
        fail_sheet(cursor, status, err);
        pf_xls_cursor_close(&cursor);
        return status;
    }
    *out = cursor;
    return PF_OK;
}

void pf_xls_cursor_close(pf_xls_cursor **cursor) {
    if (!*cursor)
        return;
    pf_xls_stream_clear(&(*cursor)->stream);
    pf_buf_clear(&(*cursor)->text);
    pf_xls_formulas_clear(&(*cursor)->formulas);
    pf_mem_free(*cursor);
    *cursor = NULL;
}
