/* ods_sheet.c — room read/ods. One pass over a sheet.                            SPDX-License-Identifier: MIT
 * Knows: rows and columns, what is repeated, merged ranges.
 * Knows not: values of cells.                               Format: docs/formats/ods.md §Rows */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/pool.h"
#include "read/ods/ods_cell.h"

#define COPIES_MOST INT64_C(67108864) /* cells of a sheet that are only repeats of others */

struct column_run {
    int64_t end; /* one past its last column */
    uint32_t style;
};

struct cursor {
    struct pf_ods_book *book;
    struct pf_ods_part part;
    struct pf_ods_cell cell;
    struct pf_buf columns;     /* struct column_run */
    struct pf_buf *merges;     /* lent: where merged ranges go; NULL: nobody asks */
    struct pf_grid_block line; /* the row that is being repeated */
    int64_t line_left;         /* how often still */
    int64_t copies;
    int64_t row; /* the next one */
    uint32_t wants;
    uint32_t row_style;
    bool over;
};

void pf_ods_sheet_close(void *cursor) {
    struct cursor *c = cursor;
    pf_ods_part_close(&c->part);
    pf_ods_cell_clear(&c->cell);
    pf_buf_clear(&c->columns);
    pf_grid_block_clear(&c->line);
    pf_mem_free(c);
}

pf_status pf_ods_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err) {
    struct pf_ods_book *book = self;
    struct cursor *c = pf_mem_zero(1, sizeof *c);
    if (!c)
        return pf_fail_memory(err, sizeof *c);
    c->book = book;
    c->wants = wants;
    bool threaded = book->host && book->host->pool && pf_pool_threads(book->host->pool) > 1;
    pf_status status =
        pf_ods_part_open(&c->part, &book->package, PF_ODS_CONTENT, book->places[sheet], threaded, err);
    if (status == PF_OK)
        status = pf_ods_part_where(&c->part, pf_xml_next(&c->part.xml, err), err); /* <table:table> */
    if (status != PF_OK) {
        pf_ods_sheet_close(c);
        return status;
    }
    *cursor = c;
    return PF_OK;
}

/* ---- columns ---- */

static pf_status add_columns(struct cursor *c, const struct pf_xml *xml, struct pf_error *err) {
    size_t count = c->columns.size / sizeof(struct column_run);
    struct column_run *runs = (struct column_run *)(void *)c->columns.data;
    struct column_run run = {.end = count ? runs[count - 1].end : 0,
                             .style =
                                 pf_ods_style_of(c->book, pf_xml_attribute(xml, "default-cell-style-name"))};
    if (run.end >= PF_GRID_COLUMNS)
        return PF_OK;
    run.end += pf_ods_count(pf_xml_attribute(xml, "number-columns-repeated"));
    return pf_buf_put(&c->columns, &run, sizeof run, err);
}

/* A cell's own style, else the row's, else the column's (19.615). */
static uint32_t style_at(const struct cursor *c, int64_t column) {
    const struct column_run *runs = (const struct column_run *)(const void *)c->columns.data;
    size_t count = c->columns.size / sizeof *runs;
    if (c->cell.style || c->row_style)
        return c->cell.style ? c->cell.style : c->row_style;
    for (size_t i = 0; i < count; i++)
        if (column < runs[i].end)
            return runs[i].style;
    return 0;
}

/* ---- rows ---- */

static pf_status check_copies(struct cursor *c, int64_t more, struct pf_error *err) {
    c->copies += more;
    if (c->copies <= COPIES_MOST)
        return PF_OK;
    return pf_fail(err, PF_LIMIT, "row %lld: more than %lld cells are repeats of others; the file is hostile",
                   (long long)c->row + 1, (long long)COPIES_MOST);
}

static pf_status add_merge(struct cursor *c, int64_t column, struct pf_error *err) {
    const struct pf_ods_cell *cell = &c->cell;
    if (!c->merges || (cell->spans_rows == 1 && cell->spans_columns == 1) || c->row >= PF_GRID_ROWS ||
        column >= PF_GRID_COLUMNS)
        return PF_OK;
    int64_t last_row = c->row + cell->spans_rows - 1, last_column = column + cell->spans_columns - 1;
    struct pf_grid_range range = {
        .first_row = (int32_t)c->row,
        .last_row = (int32_t)(last_row < PF_GRID_ROWS ? last_row : PF_GRID_ROWS - 1),
        .first_column = (int32_t)column,
        .last_column = (int32_t)(last_column < PF_GRID_COLUMNS ? last_column : PF_GRID_COLUMNS - 1)};
    return pf_buf_put(c->merges, &range, sizeof range, err);
}

static pf_status put_cell(struct cursor *c, int64_t column, struct pf_grid_block *block, bool *begun,
                          struct pf_error *err) {
    if (c->row >= PF_GRID_ROWS || column + c->cell.repeated > PF_GRID_COLUMNS)
        return pf_fail(err, PF_LIMIT, "row %lld, column %lld: a value beyond row %d and column %d",
                       (long long)c->row + 1, (long long)(column + c->cell.repeated), PF_GRID_ROWS,
                       PF_GRID_COLUMNS);
    if (!*begun)
        PF_TRY(pf_grid_block_row(block, (uint32_t)c->row, err));
    *begun = true;
    PF_TRY(check_copies(c, c->cell.repeated - 1, err));
    for (int64_t i = column; i < column + c->cell.repeated; i++)
        PF_TRY(pf_ods_cell_put(c->book, &c->cell, (uint32_t)i, style_at(c, i), c->wants, block, err));
    return PF_OK;
}

/* Copies the last row of `from` as row `number` behind `to`. */
static pf_status copy_row(struct pf_grid_block *to, const struct pf_grid_block *from, uint32_t number,
                          struct pf_error *err) {
    size_t first = from->rows[from->row_count - 1].from;
    PF_TRY(pf_grid_block_row(to, number, err));
    for (size_t i = first; i < from->cell_count; i++) {
        const struct pf_cell *old = &from->cells[i];
        struct pf_cell *cell;
        PF_TRY(pf_grid_block_cell(to, old->column, old->style, old->kind, &cell, err));
        cell->flags = old->flags;
        cell->value = old->value;
        if (old->kind == PF_CELL_TEXT || old->kind == PF_CELL_ERROR || old->kind == PF_CELL_UNKNOWN)
            PF_TRY(pf_grid_block_text(to, cell, (const char *)from->text.data + old->value.text.at,
                                      old->value.text.size, err));
    }
    return PF_OK;
}

/* Behind the row at hand, of which the block holds the first one. */
static pf_status repeat_row(struct cursor *c, int64_t repeated, const struct pf_grid_block *block,
                            struct pf_error *err) {
    int64_t cells = (int64_t)(block->cell_count - block->rows[block->row_count - 1].from);
    if (c->row + repeated > PF_GRID_ROWS)
        return pf_fail(err, PF_LIMIT, "row %lld: a value beyond row %d", (long long)(c->row + repeated),
                       PF_GRID_ROWS);
    PF_TRY(check_copies(c, cells * (repeated - 1), err));
    pf_grid_block_empty(&c->line);
    PF_TRY(copy_row(&c->line, block, 0, err));
    c->line_left = repeated - 1;
    return PF_OK;
}

static pf_status read_row(struct cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_xml *xml = &c->part.xml;
    int32_t depth = xml->depth;
    int64_t repeated = pf_ods_count(pf_xml_attribute(xml, "number-rows-repeated")), column = 0;
    bool begun = false;
    c->row_style = pf_ods_style_of(c->book, pf_xml_attribute(xml, "default-cell-style-name"));
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_CLOSE && xml->depth < depth)
            break;
        if (xml->event == PF_XML_END)
            return pf_fail(err, PF_BAD_DATA, "the content ends within a row");
        if (xml->event != PF_XML_OPEN)
            continue;
        if (!pf_xml_is(xml, "table-cell") && !pf_xml_is(xml, "covered-table-cell")) {
            PF_TRY(pf_xml_skip(xml, err));
            continue;
        }
        PF_TRY(pf_ods_cell_read(c->book, xml, &c->cell, err));
        PF_TRY(add_merge(c, column, err));
        if (!pf_ods_cell_is_blank(&c->cell))
            PF_TRY(put_cell(c, column, block, &begun, err));
        column += c->cell.repeated;
    }
    if (begun && repeated > 1)
        PF_TRY(repeat_row(c, repeated, block, err));
    c->row += begun ? 1 : repeated;
    return PF_OK;
}

static pf_status put_repeats(struct cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    while (c->line_left && block->cell_count < PF_GRID_BLOCK_CELLS && block->row_count < PF_GRID_BLOCK_ROWS) {
        PF_TRY(copy_row(block, &c->line, (uint32_t)c->row, err));
        c->row++;
        c->line_left--;
    }
    return PF_OK;
}

/* Groups and heads of rows and columns are entered, everything else beside rows is left out. */
static bool is_group(const struct pf_xml *xml) {
    static const char *const names[] = {"table-row-group",    "table-rows",    "table-header-rows",
                                        "table-column-group", "table-columns", "table-header-columns"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (pf_xml_is(xml, names[i]))
            return true;
    return false;
}

static pf_status read_rows(struct cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_xml *xml = &c->part.xml;
    for (;;) {
        PF_TRY(put_repeats(c, block, err));
        if (c->over || block->cell_count >= PF_GRID_BLOCK_CELLS || block->row_count >= PF_GRID_BLOCK_ROWS)
            return PF_OK;
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END || (xml->event == PF_XML_CLOSE && xml->depth == 0))
            c->over = true;
        else if (xml->event != PF_XML_OPEN || is_group(xml))
            continue;
        else if (pf_xml_is(xml, "table-row"))
            PF_TRY(read_row(c, block, err));
        else if (pf_xml_is(xml, "table-column"))
            PF_TRY(add_columns(c, xml, err));
        else
            PF_TRY(pf_xml_skip(xml, err));
    }
}

pf_status pf_ods_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct cursor *c = cursor;
    return pf_ods_part_where(&c->part, read_rows(c, block, err), err);
}

/* ---- merged ranges ---- */

pf_status pf_ods_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                              struct pf_error *err) {
    struct pf_ods_book *book = self;
    struct pf_grid_block block = {0};
    void *cursor;
    book->merges.size = 0;
    PF_TRY(pf_ods_sheet_open(book, sheet, 0, &cursor, err));
    struct cursor *c = cursor;
    pf_status status = PF_OK;
    c->merges = &book->merges;
    while (status == PF_OK && !c->over) {
        pf_grid_block_empty(&block);
        c->line_left = 0;
        status = pf_ods_sheet_next(c, &block, err);
    }
    pf_grid_block_clear(&block);
    pf_ods_sheet_close(c);
    *ranges = (const struct pf_grid_range *)(const void *)book->merges.data;
    *count = book->merges.size / sizeof **ranges;
    return status;
}
