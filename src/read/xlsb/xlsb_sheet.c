/* xlsb_sheet.c — room read/xlsb. One pass over a sheet.                         SPDX-License-Identifier: MIT
 * Knows: all records of rows and cells, rows out of order, merged ranges.
 * Knows not: tables, what numbers mean. Source: [MS-XLSB] 2.4 (Brt…), 2.5 (Cell, RkNumber, BErr).
 *                                                           Format: docs/formats/xlsb.md §Cells */
#include "base/error.h"
#include "base/mem.h"
#include "base/pool.h"
#include "grid/grid_hidden.h"
#include "grid/grid_links.h"
#include "ptg/ptg_operand.h"
#include "read/xlsb/xlsb_book.h"
#include "read/xlsb/xlsb_formula.h"

#define THREAD_BYTES (1 << 20) /* smaller sheets are not worth a thread */

struct cursor {
    struct pf_xlsb_book *book;
    int32_t sheet;
    uint32_t wants;
    struct pf_xlsb_part part;
    bool in_rows;
    bool complete;    /* the end of the rows was met */
    bool over;        /* the part is at its end */
    bool disordered;  /* rows or cells do not rise */
    int64_t row;      /* −1: none yet */
    int64_t last_row; /* of a cell; −1: none yet */
    int64_t column;   /* of the last cell of the row, blank or not; −1: none yet */
    bool row_begun;   /* in the block */
    struct pf_buf text;
    struct pf_xlsb_formulas formulas; /* when they are wanted */
};

void pf_xlsb_sheet_close(void *cursor) {
    struct cursor *c = cursor;
    pf_xlsb_part_close(&c->part);
    pf_buf_clear(&c->text);
    pf_xlsb_formulas_clear(&c->formulas);
    pf_mem_free(c);
}

pf_status pf_xlsb_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err) {
    struct pf_xlsb_book *book = self;
    const struct pf_zip_member *member = pf_xlsb_part_of(book, sheet);
    if (!member)
        return pf_fail(err, PF_BAD_DATA, "the part of the sheet is not in the package; the workbook is broken");
    PF_TRY(pf_xlsb_strings_need(book, err));
    if (wants & PF_GRID_FORMULAS)
        PF_TRY(pf_xlsb_links_need(book, err));
    struct cursor *c = pf_mem_zero(1, sizeof *c);
    if (!c)
        return pf_fail_memory(err, sizeof *c);
    bool threaded =
        member->size_bytes > THREAD_BYTES && book->host->pool && pf_pool_threads(book->host->pool) > 1;
    c->book = book;
    c->sheet = sheet;
    c->wants = wants;
    c->row = c->last_row = c->column = -1;
    pf_status status = pf_xlsb_part_open(&c->part, &book->package, member, threaded, err);
    if (status != PF_OK) {
        pf_mem_free(c);
        return status;
    }
    *cursor = c;
    return PF_OK;
}

/* ---- values ---- */

/* 30 bits of an integer or of a double's head, and whether it is in hundredths. */
static double number_of_rk(uint32_t rk) {
    double number;
    if (rk & 2) {
        number = (double)((int32_t)rk >> 2);
    } else {
        uint64_t bits = (uint64_t)(rk & ~3u) << 32;
        memcpy(&number, &bits, sizeof number);
    }
    return rk & 1 ? number / 100 : number;
}

static const char *error_name(uint8_t code) {
    const char *name = pf_ptg_error_name(code);
    return name ? name : "#UNKNOWN!";
}

/* What a record of a cell holds. */
enum shape { NO_CELL, BLANK, RK, REAL, BOOL, ERROR, STRING, RICH, SHARED };
struct anatomy {
    uint8_t shape; /* enum shape */
    bool is_short; /* no column: it stands right of the cell before it */
    bool formula;
};
static const struct anatomy anatomies[] = {
    [PF_XLSB_CELL_BLANK] = {BLANK, false, false},   [PF_XLSB_CELL_RK] = {RK, false, false},
    [PF_XLSB_CELL_ERROR] = {ERROR, false, false},   [PF_XLSB_CELL_BOOL] = {BOOL, false, false},
    [PF_XLSB_CELL_REAL] = {REAL, false, false},     [PF_XLSB_CELL_ST] = {STRING, false, false},
    [PF_XLSB_CELL_ISST] = {SHARED, false, false},   [PF_XLSB_FMLA_STRING] = {STRING, false, true},
    [PF_XLSB_FMLA_NUM] = {REAL, false, true},       [PF_XLSB_FMLA_BOOL] = {BOOL, false, true},
    [PF_XLSB_FMLA_ERROR] = {ERROR, false, true},    [PF_XLSB_SHORT_BLANK] = {BLANK, true, false},
    [PF_XLSB_SHORT_RK] = {RK, true, false},         [PF_XLSB_SHORT_ERROR] = {ERROR, true, false},
    [PF_XLSB_SHORT_BOOL] = {BOOL, true, false},     [PF_XLSB_SHORT_REAL] = {REAL, true, false},
    [PF_XLSB_SHORT_ST] = {STRING, true, false},     [PF_XLSB_SHORT_ISST] = {SHARED, true, false},
    [PF_XLSB_CELL_R_STRING] = {RICH, false, false},
};
static const uint8_t least_bytes[] = {
    [BLANK] = 0, [RK] = 4, [REAL] = 8, [BOOL] = 1, [ERROR] = 1, [STRING] = 4, [RICH] = 5, [SHARED] = 4};
static const uint8_t kinds[] = {
    [RK] = PF_CELL_NUMBER,   [REAL] = PF_CELL_NUMBER, [BOOL] = PF_CELL_BOOL,    [ERROR] = PF_CELL_ERROR,
    [STRING] = PF_CELL_TEXT, [RICH] = PF_CELL_TEXT,   [SHARED] = PF_CELL_SHARED};

/* ---- cells ---- */

static pf_status put_text(struct cursor *c, struct pf_grid_block *block, struct pf_cell *cell,
                          const struct pf_xlsb_record *record, size_t at, struct pf_error *err) {
    c->text.size = 0;
    PF_TRY(pf_xlsb_string(record, &at, &c->text, err));
    return pf_grid_block_text(block, cell, c->text.size ? (const char *)c->text.data : "", c->text.size, err);
}

static pf_status put_shared(struct cursor *c, struct pf_cell *cell, const struct pf_xlsb_record *record,
                            uint32_t id, struct pf_error *err) {
    cell->value.shared = id;
    if (id < c->book->strings.count)
        return PF_OK;
    char place[16];
    size_t size = pf_grid_place_print((uint32_t)c->row, cell->column, place);
    return pf_fail_at(err, PF_BAD_DATA, -1, record->offset,
                      "cell %.*s names shared string %u of %u; get the file again", (int)size, place, id,
                      c->book->strings.count);
}

static pf_status put_value(struct cursor *c, struct pf_grid_block *block, struct pf_cell *cell,
                           enum shape shape, const struct pf_xlsb_record *record, size_t at,
                           struct pf_error *err) {
    const uint8_t *bytes = record->bytes + at;
    const char *name;
    switch (shape) {
    case RK: cell->value.number = number_of_rk(pf_load32(bytes)); return PF_OK;
    case REAL: memcpy(&cell->value.number, bytes, sizeof cell->value.number); return PF_OK;
    case BOOL: cell->value.whole = bytes[0] != 0; return PF_OK;
    case ERROR: name = error_name(bytes[0]); return pf_grid_block_text(block, cell, name, strlen(name), err);
    case STRING: return put_text(c, block, cell, record, at, err);
    case RICH: /* behind its flags */ return put_text(c, block, cell, record, at + 1, err);
    case SHARED: return put_shared(c, cell, record, pf_load32(bytes), err);
    case NO_CELL:
    case BLANK: break;
    }
    return PF_OK;
}

static pf_status begin_row(struct cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    c->disordered |= c->row <= c->last_row;
    c->last_row = c->row;
    c->row_begun = true;
    return pf_grid_block_row(block, (uint32_t)c->row, err);
}

/* Of a value that is there. */
static size_t value_bytes(enum shape shape, const uint8_t *value) {
    return least_bytes[shape] +
           (shape == STRING && pf_load32(value) != UINT32_MAX ? 2 * (size_t)pf_load32(value) : 0);
}

static pf_status read_cell(struct cursor *c, struct pf_grid_block *block, struct anatomy a,
                           const struct pf_xlsb_record *record, struct pf_error *err) {
    size_t at = a.is_short ? 4 : 8;
    if (!pf_xlsb_has(record, at, least_bytes[a.shape]))
        return pf_xlsb_refuse(record, "it is too short for a cell", err);
    if (c->row < 0)
        return pf_xlsb_refuse(record, "a cell stands in front of the first row", err);
    int64_t column = a.is_short ? c->column + 1 : pf_load32(record->bytes);
    if (column >= PF_GRID_COLUMNS)
        return pf_xlsb_refuse(record, "a cell stands right of column XFD", err);
    bool rises = column > c->column;
    c->column = column;
    c->formulas.waits = false;
    if (a.shape == BLANK)
        return PF_OK;
    c->disordered |= !rises;
    if (!c->row_begun)
        PF_TRY(begin_row(c, block, err));
    struct pf_cell *cell;
    uint32_t style = pf_load32(record->bytes + at - 4) & 0xFFFFFF;
    PF_TRY(pf_grid_block_cell(block, (uint32_t)column, style, kinds[a.shape], &cell, err));
    cell->flags = a.formula ? PF_CELL_FORMULA : 0;
    PF_TRY(put_value(c, block, cell, a.shape, record, at, err));
    if (!a.formula || !(c->wants & PF_GRID_FORMULAS))
        return PF_OK;
    return pf_xlsb_formula_read(&c->formulas, c->book, record, at + value_bytes(a.shape, record->bytes + at),
                                (uint32_t)c->row, block, err);
}

/* ---- rows ---- */

static pf_status read_row(struct cursor *c, const struct pf_xlsb_record *record, struct pf_error *err) {
    if (!pf_xlsb_has(record, 0, 4))
        return pf_xlsb_refuse(record, "it is too short for a row", err);
    c->row = pf_load32(record->bytes);
    c->column = -1;
    c->row_begun = false;
    c->formulas.waits = false;
    return c->row < PF_GRID_ROWS ? PF_OK : pf_xlsb_refuse(record, "a row stands below row 1,048,576", err);
}

/* A record within the rows. */
static pf_status read_within(struct cursor *c, struct pf_grid_block *block, const struct pf_xlsb_record *record,
                             struct pf_error *err) {
    if (record->id == PF_XLSB_ROW_HDR)
        return read_row(c, record, err);
    if ((record->id == PF_XLSB_SHR_FMLA || record->id == PF_XLSB_ARR_FMLA) && c->wants & PF_GRID_FORMULAS)
        return pf_xlsb_formula_share(&c->formulas, c->book, record, block, err);
    if (record->id == PF_XLSB_END_SHEET_DATA) {
        c->in_rows = false;
        c->complete = true;
        return PF_OK;
    }
    if (record->id >= sizeof anatomies / sizeof anatomies[0] || anatomies[record->id].shape == NO_CELL)
        return PF_OK;
    return read_cell(c, block, anatomies[record->id], record, err);
}

static pf_status read_records(struct cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    bool there = true;
    while (!c->over) {
        PF_TRY(pf_xlsb_next(&c->part, &record, &there, err));
        c->over = !there;
        if (c->over)
            break;
        if (c->in_rows)
            PF_TRY(read_within(c, block, &record, err));
        else
            c->in_rows = record.id == PF_XLSB_BEGIN_SHEET_DATA;
        c->complete |= record.id == PF_XLSB_END_SHEET;
        if (record.id == PF_XLSB_ROW_HDR &&
            (pf_grid_block_is_full(block) || (block->row_count && block->text.size >= PF_GRID_BLOCK_TEXT)))
            return PF_OK;
    }
    return c->complete ? PF_OK
                       : pf_fail(err, PF_BAD_DATA, "the part ends within the sheet; get the file again");
}

pf_status pf_xlsb_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct cursor *c = cursor;
    pf_status status = read_records(c, block, err);
    block->disordered = c->disordered;
    return pf_xlsb_part_where(&c->part, status, err);
}

/* ---- merged ranges, hidden rows and columns ---- */

#define ROW_FLAGS    11 /* byte of BrtRowHdr */
#define ROW_HIDDEN   0x10
#define COLUMN_FLAGS 16 /* of BrtColInfo */

static pf_status read_merges(struct pf_xlsb_book *book, struct pf_xlsb_part *part, struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    struct pf_grid_range range;
    bool there = false;
    for (;;) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (!there)
            return PF_OK;
        if (record.id == PF_XLSB_MERGE_CELL && pf_xlsb_range(&record, &range))
            PF_TRY(pf_buf_put(&book->merges, &range, sizeof range, err));
    }
}

static pf_status read_hidden(struct pf_xlsb_book *book, struct pf_xlsb_part *part, struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    bool there = false;
    for (;;) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (!there)
            return PF_OK;
        const uint8_t *b = record.bytes;
        if (record.id == PF_XLSB_ROW_HDR && pf_xlsb_has(&record, ROW_FLAGS, 1) && b[ROW_FLAGS] & ROW_HIDDEN)
            PF_TRY(pf_grid_hide_rows(&book->merges, pf_load32(b), pf_load32(b), err));
        if (record.id == PF_XLSB_COL_INFO && pf_xlsb_has(&record, COLUMN_FLAGS, 1) && b[COLUMN_FLAGS] & 1)
            PF_TRY(pf_grid_hide_columns(&book->merges, pf_load32(b), pf_load32(b + 4), err));
    }
}

static pf_status give_ranges(struct pf_xlsb_book *book, int32_t sheet,
                             pf_status (*take)(struct pf_xlsb_book *, struct pf_xlsb_part *, struct pf_error *),
                             const struct pf_grid_range **ranges, size_t *count, struct pf_error *err) {
    struct pf_xlsb_part part;
    *count = 0;
    if (!pf_xlsb_part_of(book, sheet))
        return PF_OK;
    book->merges.size = 0;
    PF_TRY(pf_xlsb_part_open(&part, &book->package, pf_xlsb_part_of(book, sheet), 0, err));
    pf_status status = pf_xlsb_part_where(&part, take(book, &part, err), err);
    pf_xlsb_part_close(&part);
    *ranges = (const struct pf_grid_range *)(const void *)book->merges.data;
    *count = book->merges.size / sizeof **ranges;
    return status;
}

pf_status pf_xlsb_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                               struct pf_error *err) {
    return give_ranges(self, sheet, read_merges, ranges, count, err);
}

pf_status pf_xlsb_sheet_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                               struct pf_error *err) {
    return give_ranges(self, sheet, read_hidden, ranges, count, err);
}

/* ---- links (BrtHLink: range, relation, place in its target) ---- */

struct linking {
    struct pf_opc_relations relations; /* of the sheet */
    struct pf_map by_id;
    struct pf_buf text, part;
    struct pf_grid_links *links;
};

static pf_status add_link(struct linking *l, const struct pf_xlsb_record *record, struct pf_error *err) {
    struct pf_grid_range range;
    size_t at = 16;
    int64_t item;
    l->text.size = l->part.size = 0;
    if (!pf_xlsb_range(record, &range))
        return PF_OK;
    PF_TRY(pf_xlsb_string(record, &at, &l->part, err));
    if (l->part.size && pf_map_find(&l->by_id, l->part.data, l->part.size, &item))
        PF_TRY(pf_buf_text(&l->text, l->relations.items[item].target, err));
    l->part.size = 0;
    PF_TRY(pf_xlsb_string(record, &at, &l->part, err));
    if (l->part.size) {
        PF_TRY(pf_buf_put(&l->text, "#", 1, err));
        PF_TRY(pf_buf_put(&l->text, l->part.data, l->part.size, err));
    }
    return pf_grid_links_add(l->links, &range, (struct pf_text){(const char *)l->text.data, l->text.size}, err);
}

static pf_status read_links(struct linking *l, struct pf_xlsb_part *part, struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    bool there = false;
    for (;;) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (!there)
            return PF_OK;
        if (record.id == PF_XLSB_HLINK)
            PF_TRY(add_link(l, &record, err));
    }
}

pf_status pf_xlsb_sheet_links(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err) {
    struct pf_xlsb_book *book = self;
    const struct pf_zip_member *member = pf_xlsb_part_of(book, sheet);
    struct linking l = {.links = links};
    struct pf_xlsb_part part;
    if (!member)
        return PF_OK;
    PF_TRY(pf_opc_package_relations(&book->package, member->name, &l.relations, err));
    pf_status status = pf_opc_relations_index(&l.relations, &l.by_id, err);
    if (status == PF_OK)
        status = pf_xlsb_part_open(&part, &book->package, member, 0, err);
    if (status == PF_OK) {
        status = pf_xlsb_part_where(&part, read_links(&l, &part, err), err);
        pf_xlsb_part_close(&part);
    }
    pf_map_clear(&l.by_id);
    pf_buf_clear(&l.text);
    pf_buf_clear(&l.part);
    return status;
}
