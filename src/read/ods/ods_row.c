/* ods_row.c — room read/ods. Rows: their cells put in their places, and the general reader of them.
 * SPDX-License-Identifier: MIT
 * Knows: every way to write a row that is XML, what is repeated, spans, styles of rows and columns.
 * Knows not: values of cells, speed.                        Format: docs/formats/ods.md §Rows */
#include <string.h>

#include "base/error.h"
#include "grid/grid_hidden.h"
#include "grid/grid_links.h"
#include "read/ods/ods_cursor.h"

#define COPIES_MOST INT64_C(67108864) /* cells of a sheet that are only repeats of others */

/* ---- cells in their places ---- */

/* A cell's own style, else the row's, else the column's (19.615). */
static inline uint32_t style_at(const struct pf_ods_cursor *c, const struct pf_ods_cell *cell, int64_t column) {
    const uint16_t *styles = (const uint16_t *)(const void *)c->columns.data;
    if (cell->style || c->row_style)
        return cell->style ? cell->style : c->row_style;
    return (size_t)column < c->columns.size / sizeof *styles ? styles[column] : 0;
}

static pf_status check_copies(struct pf_ods_cursor *c, int64_t more, struct pf_error *err) {
    c->copies += more;
    if (c->copies <= COPIES_MOST)
        return PF_OK;
    return pf_fail(err, PF_LIMIT, "row %lld: more than %lld cells are repeats of others; the file is hostile",
                   (long long)c->row + 1, (long long)COPIES_MOST);
}

static pf_status add_merge(struct pf_ods_cursor *c, const struct pf_ods_cell *cell, int64_t column,
                           struct pf_error *err) {
    if ((cell->spans_rows == 1 && cell->spans_columns == 1) || c->row >= PF_GRID_ROWS ||
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

static pf_status add_link(struct pf_ods_cursor *c, const struct pf_ods_cell *cell, const struct pf_ods_row *row,
                          struct pf_error *err) {
    int64_t last_row = c->row + row->repeated - 1, last_column = row->column + cell->repeated - 1;
    if (!cell->link.size || last_row >= PF_GRID_ROWS || last_column >= PF_GRID_COLUMNS)
        return PF_OK;
    struct pf_grid_range range = {(int32_t)c->row, (int32_t)last_row, (int32_t)row->column,
                                  (int32_t)last_column};
    return pf_grid_links_add(c->links, &range, cell->link, err);
}

static pf_status put_cell(struct pf_ods_cursor *c, struct pf_ods_row *row, const struct pf_ods_cell *cell,
                          struct pf_grid_block *block, struct pf_error *err) {
    int64_t end = row->column + cell->repeated;
    if (c->row >= PF_GRID_ROWS || end > PF_GRID_COLUMNS)
        return pf_fail(err, PF_LIMIT, "row %lld, column %lld: a value beyond row %d and column %d",
                       (long long)c->row + 1, (long long)end, PF_GRID_ROWS, PF_GRID_COLUMNS);
    if (!row->begun)
        PF_TRY(pf_grid_block_row(block, (uint32_t)c->row, err));
    row->begun = true;
    PF_TRY(check_copies(c, cell->repeated - 1, err));
    for (int64_t i = row->column; i < end; i++)
        PF_TRY(pf_ods_cell_put(c->book, cell, (uint32_t)i, style_at(c, cell, i), c->wants, block, err));
    return PF_OK;
}

pf_status pf_ods_row_take(struct pf_ods_cursor *c, struct pf_ods_row *row, const struct pf_ods_cell *cell,
                          struct pf_grid_block *block, struct pf_error *err) {
    if (c->merges)
        PF_TRY(add_merge(c, cell, row->column, err));
    if (c->links)
        PF_TRY(add_link(c, cell, row, err));
    if (!pf_ods_cell_is_blank(cell))
        PF_TRY(put_cell(c, row, cell, block, err));
    row->column += cell->repeated;
    return PF_OK;
}

/* ---- repeated rows ---- */

/* Behind the row at hand, of which the block holds the first one. */
static pf_status repeat_row(struct pf_ods_cursor *c, int64_t repeated, const struct pf_grid_block *block,
                            struct pf_error *err) {
    int64_t cells = (int64_t)(block->cell_count - block->rows[block->row_count - 1].from);
    if (c->row + repeated > PF_GRID_ROWS)
        return pf_fail(err, PF_LIMIT, "row %lld: a value beyond row %d", (long long)(c->row + repeated),
                       PF_GRID_ROWS);
    PF_TRY(check_copies(c, cells * (repeated - 1), err));
    pf_grid_block_empty(&c->line);
    PF_TRY(pf_ods_row_copy(&c->line, block, 0, err));
    c->line_left = repeated - 1;
    return PF_OK;
}

pf_status pf_ods_row_copy(struct pf_grid_block *to, const struct pf_grid_block *from, uint32_t number,
                          struct pf_error *err) {
    size_t first = from->rows[from->row_count - 1].from;
    PF_TRY(pf_grid_block_row(to, number, err));
    for (size_t i = first; i < from->cell_count; i++) {
        const struct pf_cell *old = &from->cells[i];
        struct pf_cell *cell;
        PF_TRY(pf_grid_block_cell(to, old->column, old->style, old->kind, &cell, err));
        cell->flags = old->flags;
        cell->value = old->value;
        if (old->kind != PF_CELL_TEXT && old->kind != PF_CELL_ERROR && old->kind != PF_CELL_UNKNOWN)
            continue;
        const char *text = old->value.text.size ? (const char *)from->text.data + old->value.text.at : "";
        PF_TRY(pf_grid_block_text(to, cell, text, old->value.text.size, err));
    }
    return PF_OK;
}

pf_status pf_ods_row_end(struct pf_ods_cursor *c, const struct pf_ods_row *row,
                         const struct pf_grid_block *block, struct pf_error *err) {
    if (row->begun && row->repeated > 1)
        PF_TRY(repeat_row(c, row->repeated, block, err));
    c->row += row->begun ? 1 : row->repeated;
    return PF_OK;
}

/* ---- the general reader ---- */

bool pf_ods_is_hidden(const struct pf_xml *xml) {
    struct pf_text visibility = pf_xml_attribute(xml, "visibility");
    return pf_text_is(visibility, "collapse") || pf_text_is(visibility, "filter");
}

pf_status pf_ods_row(struct pf_ods_cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_xml *xml = &c->part.xml;
    int32_t depth = xml->depth;
    struct pf_ods_row row = {.repeated = pf_ods_count(pf_xml_attribute(xml, "number-rows-repeated"))};
    struct pf_ods_cell cell;
    if (c->hidden && pf_ods_is_hidden(xml))
        PF_TRY(pf_grid_hide_rows(c->hidden, c->row, c->row + row.repeated - 1, err));
    c->row_style = pf_ods_style_of(c->book, pf_xml_attribute(xml, "default-cell-style-name"));
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_CLOSE && xml->depth < depth)
            return pf_ods_row_end(c, &row, block, err);
        if (xml->event == PF_XML_END)
            return pf_fail(err, PF_BAD_DATA, "the content ends within a row");
        if (xml->event != PF_XML_OPEN)
            continue;
        if (!pf_xml_is(xml, "table-cell") && !pf_xml_is(xml, "covered-table-cell")) {
            PF_TRY(pf_xml_skip(xml, err));
            continue;
        }
        PF_TRY(pf_ods_cell_read(c->book, xml, &c->texts, &cell, err));
        PF_TRY(pf_ods_row_take(c, &row, &cell, block, err));
    }
}
