/* spreadsheetml_sheet.c — room read/spreadsheetml. The rows of a worksheet.      SPDX-License-Identifier: MIT
 * Knows: places that are counted or named, types of data, dates as text.
 * Knows not: styles' meanings. Source: "XML Spreadsheet Reference" (Microsoft, 2001). */
#include <string.h>

#include "base/calendar.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "grid/grid_hidden.h"
#include "grid/grid_links.h"
#include "read/spreadsheetml/spreadsheetml_book.h"

struct cursor {
    struct pf_spreadsheetml_book *book;
    struct pf_window window;
    struct pf_xml xml;
    struct pf_buf text;
    uint32_t wants;
    int64_t row; /* the next one */
    bool in_table, over;
};

/* One cell as it is being read. */
struct reading {
    struct cursor *c;
    struct pf_grid_block *block;
    uint32_t column;
    uint32_t style;
    struct pf_buf formula;
    char type[12];
    bool has_data;
};

void pf_spreadsheetml_sheet_close(void *cursor) {
    struct cursor *c = cursor;
    pf_xml_clear(&c->xml);
    pf_window_clear(&c->window);
    pf_buf_clear(&c->text);
    pf_mem_free(c);
}

/* To the table of the index-th worksheet; over when it has none. */
static pf_status find_table(struct cursor *c, int32_t index, struct pf_error *err) {
    for (int32_t at = -1;;) {
        PF_TRY(pf_xml_next(&c->xml, err));
        bool opens = c->xml.event == PF_XML_OPEN;
        if (c->xml.event == PF_XML_END ||
            (c->xml.event == PF_XML_CLOSE && at == index && pf_xml_is(&c->xml, "Worksheet"))) {
            c->over = true;
            return PF_OK;
        }
        if (opens && pf_xml_is(&c->xml, "Worksheet"))
            at++;
        else if (opens && pf_xml_is(&c->xml, "Table")) {
            if (at == index)
                return c->in_table = true, PF_OK;
            PF_TRY(pf_xml_skip(&c->xml, err));
        }
    }
}

pf_status pf_spreadsheetml_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor,
                                      struct pf_error *err) {
    struct cursor *c = pf_mem_zero(1, sizeof *c);
    if (!c)
        return pf_fail_memory(err, sizeof *c);
    c->book = self;
    c->wants = wants;
    pf_status status = pf_window_open(&c->window, c->book->source, 0, err);
    if (status == PF_OK) {
        pf_xml_open(&c->xml, &c->window, false);
        status = find_table(c, sheet, err);
    }
    if (status != PF_OK) {
        pf_spreadsheetml_sheet_close(c);
        return status;
    }
    *cursor = c;
    return PF_OK;
}

/* ---- places ---- */

static int64_t number_of(struct pf_text text, int64_t otherwise) {
    int64_t value;
    return text.at && pf_parse_int64(text.at, text.size, &value) && value >= 0 && value <= INT32_MAX
               ? value
               : otherwise;
}

/* ---- values ---- */

static pf_status put_text(struct reading *r, enum pf_cell_kind kind, struct pf_text text,
                          struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(pf_grid_block_cell(r->block, r->column, r->style, kind, &cell, err));
    cell->flags = r->formula.size ? PF_CELL_FORMULA : 0;
    return pf_grid_block_text(r->block, cell, text.at ? text.at : "", text.size, err);
}

static pf_status put_number(struct reading *r, double value, struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(pf_grid_block_cell(r->block, r->column, r->style, PF_CELL_NUMBER, &cell, err));
    cell->flags = r->formula.size ? PF_CELL_FORMULA : 0;
    cell->value.number = value;
    return PF_OK;
}

/* A date and time as a number under a style of dates, as itself under others. */
static pf_status put_date(struct reading *r, struct pf_text text, struct pf_error *err) {
    const struct pf_grid_format *formats =
        (const struct pf_grid_format *)(const void *)r->c->book->formats.data;
    uint32_t count = (uint32_t)(r->c->book->formats.size / sizeof *formats);
    struct pf_instant instant;
    struct pf_cell *cell;
    int32_t days;
    if (pf_parse_date(text.at, text.size, PF_DATE_ISO, &days))
        instant = (struct pf_instant){.seconds = days * INT64_C(86400)};
    else if (!pf_parse_timestamp(text.at, text.size, PF_DATE_ISO, &instant))
        return put_text(r, PF_CELL_TEXT, text, err);
    if (r->style < count && formats[r->style].kind >= PF_FORMAT_DATE)
        return put_number(r, pf_grid_serial_of(&instant, r->c->book->date1904), err);
    PF_TRY(pf_grid_block_cell(r->block, r->column, r->style, PF_CELL_STAMP, &cell, err));
    cell->value.whole = instant.seconds * 1000000 + instant.nanos / 1000;
    return PF_OK;
}

static pf_status put_cell(struct reading *r, struct pf_error *err) {
    struct pf_text text = {(const char *)r->c->text.data, r->c->text.size};
    struct pf_text formula = {(const char *)r->formula.data, r->formula.size};
    struct pf_cell *cell;
    double value;
    if (r->formula.size && r->c->wants & PF_GRID_FORMULAS)
        return put_text(r, PF_CELL_TEXT, formula, err);
    if (!r->has_data)
        return r->formula.size ? put_text(r, PF_CELL_UNKNOWN, formula, err) : PF_OK;
    struct pf_text bare = pf_text_strip(text);
    if (strcmp(r->type, "Number") == 0 && pf_parse_double(bare.at, bare.size, '.', &value))
        return put_number(r, value, err);
    if (strcmp(r->type, "DateTime") == 0)
        return put_date(r, bare, err);
    if (strcmp(r->type, "Error") == 0)
        return put_text(r, PF_CELL_ERROR, text, err);
    if (strcmp(r->type, "Boolean") == 0 && text.size == 1) {
        PF_TRY(pf_grid_block_cell(r->block, r->column, r->style, PF_CELL_BOOL, &cell, err));
        cell->value.whole = text.at[0] == '1';
        return PF_OK;
    }
    return put_text(r, PF_CELL_TEXT, text, err);
}

/* Behind <Cell …>: its data, comments left out. */
static pf_status read_data(struct reading *r, struct pf_error *err) {
    struct pf_xml *xml = &r->c->xml;
    int32_t depth = xml->depth;
    r->c->text.size = 0;
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event != PF_XML_OPEN)
            continue;
        if (!pf_xml_is(xml, "Data")) {
            PF_TRY(pf_xml_skip(xml, err));
            continue;
        }
        struct pf_text type = pf_xml_attribute(xml, "Type");
        if (type.size && type.size < sizeof r->type)
            memcpy(r->type, type.at, type.size);
        PF_TRY(pf_xml_gather(xml, &r->c->text, err));
        r->has_data = true;
    }
    return PF_OK;
}

static pf_status read_cell(struct reading *r, uint32_t *column, struct pf_error *err) {
    struct pf_xml *xml = &r->c->xml;
    struct pf_text style = pf_xml_attribute(xml, "StyleID"), formula = pf_xml_attribute(xml, "Formula");
    int64_t place = number_of(pf_xml_attribute(xml, "Index"), (int64_t)*column + 1), index = 0;
    int64_t across = number_of(pf_xml_attribute(xml, "MergeAcross"), 0);
    if (place < (int64_t)*column + 1 || place > PF_GRID_COLUMNS)
        return pf_fail(err, PF_BAD_DATA,
                       "row %lld has a cell at column %lld, which does not rise or lies outside",
                       (long long)r->c->row, (long long)place);
    r->column = (uint32_t)place - 1;
    *column = (uint32_t)(place + across < PF_GRID_COLUMNS ? place + across : PF_GRID_COLUMNS);
    if (style.at && pf_map_find(&r->c->book->styles, style.at, style.size, &index))
        r->style = (uint32_t)index;
    PF_TRY(pf_buf_put(&r->formula, formula.at ? formula.at : "", formula.size, err));
    PF_TRY(read_data(r, err));
    return put_cell(r, err);
}

static pf_status read_row(struct cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    int64_t number = number_of(pf_xml_attribute(&c->xml, "Index"), c->row + 1);
    int64_t span = number_of(pf_xml_attribute(&c->xml, "Span"), 0); /* rows like this one, not written */
    int32_t depth = c->xml.depth;
    uint32_t column = 0;
    if (number < c->row + 1 || number > PF_GRID_ROWS)
        return pf_fail(err, PF_BAD_DATA, "row %lld does not rise or lies outside", (long long)number);
    PF_TRY(pf_grid_block_row(block, (uint32_t)number - 1, err));
    c->row = number;
    while (c->xml.depth >= depth) {
        PF_TRY(pf_xml_next(&c->xml, err));
        if (c->xml.event != PF_XML_OPEN)
            continue;
        if (!pf_xml_is(&c->xml, "Cell")) {
            PF_TRY(pf_xml_skip(&c->xml, err));
            continue;
        }
        struct reading r = {.c = c, .block = block};
        pf_status status = read_cell(&r, &column, err);
        pf_buf_clear(&r.formula);
        PF_TRY(status);
    }
    c->row = number + span;
    return PF_OK;
}

pf_status pf_spreadsheetml_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct cursor *c = cursor;
    while (!c->over && !pf_grid_block_is_full(block)) {
        PF_TRY(pf_xml_next(&c->xml, err));
        if (c->xml.event == PF_XML_OPEN)
            PF_TRY(pf_xml_is(&c->xml, "Row") ? read_row(c, block, err) : pf_xml_skip(&c->xml, err));
        else if (c->xml.event != PF_XML_TEXT)
            c->over = true;
    }
    return PF_OK;
}

/* ---- merged ranges, links, hidden rows and columns ---- */

/* What one cell tells beside its value; places from 0, on the sheet. */
struct aside {
    struct pf_spreadsheetml_book *book;
    struct pf_grid_links *links;
    pf_status (*take)(const struct aside *aside, const struct pf_xml *xml, struct pf_grid_range place,
                      struct pf_error *err);
};

static pf_status take_merge(const struct aside *aside, const struct pf_xml *xml, struct pf_grid_range place,
                            struct pf_error *err) {
    int64_t down = number_of(pf_xml_attribute(xml, "MergeDown"), 0),
            across = number_of(pf_xml_attribute(xml, "MergeAcross"), 0);
    if (down + across == 0 || place.first_row + down >= PF_GRID_ROWS ||
        place.first_column + across >= PF_GRID_COLUMNS)
        return PF_OK;
    place.last_row += (int32_t)down;
    place.last_column += (int32_t)across;
    return pf_buf_put(&aside->book->merges, &place, sizeof place, err);
}

static pf_status take_link(const struct aside *aside, const struct pf_xml *xml, struct pf_grid_range place,
                           struct pf_error *err) {
    return pf_grid_links_add(aside->links, &place, pf_xml_attribute(xml, "HRef"), err);
}

static pf_status read_cells(struct cursor *c, const struct aside *aside, struct pf_error *err) {
    int64_t row = 0, column = 0;
    while (!c->over) {
        PF_TRY(pf_xml_next(&c->xml, err));
        bool opens = c->xml.event == PF_XML_OPEN;
        if (opens && pf_xml_is(&c->xml, "Row")) {
            row = number_of(pf_xml_attribute(&c->xml, "Index"), row + 1);
            column = 0;
        } else if (opens && pf_xml_is(&c->xml, "Cell")) {
            column = number_of(pf_xml_attribute(&c->xml, "Index"), column + 1);
            struct pf_grid_range place = {(int32_t)row - 1, (int32_t)row - 1, (int32_t)column - 1,
                                          (int32_t)column - 1};
            if (row > 0 && row <= PF_GRID_ROWS && column > 0 && column <= PF_GRID_COLUMNS)
                PF_TRY(aside->take(aside, &c->xml, place, err));
            column += number_of(pf_xml_attribute(&c->xml, "MergeAcross"), 0);
        }
        c->over = c->xml.event == PF_XML_END || (c->xml.event == PF_XML_CLOSE && pf_xml_is(&c->xml, "Table"));
    }
    return PF_OK;
}

static pf_status read_merges(struct cursor *c, struct pf_error *err) {
    return read_cells(c, &(struct aside){.book = c->book, .take = take_merge}, err);
}

static pf_status read_hidden(struct cursor *c, struct pf_error *err) {
    int64_t row = 0, column = 0;
    while (!c->over) {
        PF_TRY(pf_xml_next(&c->xml, err));
        bool opens = c->xml.event == PF_XML_OPEN, is_row = opens && pf_xml_is(&c->xml, "Row");
        if (is_row || (opens && pf_xml_is(&c->xml, "Column"))) {
            int64_t *place = is_row ? &row : &column,
                    first = number_of(pf_xml_attribute(&c->xml, "Index"), *place + 1);
            *place = first + number_of(pf_xml_attribute(&c->xml, "Span"), 0);
            if (pf_text_is(pf_xml_attribute(&c->xml, "Hidden"), "1"))
                PF_TRY(is_row ? pf_grid_hide_rows(&c->book->merges, first - 1, *place - 1, err)
                              : pf_grid_hide_columns(&c->book->merges, first - 1, *place - 1, err));
        }
        c->over = c->xml.event == PF_XML_END || (c->xml.event == PF_XML_CLOSE && pf_xml_is(&c->xml, "Table"));
    }
    return PF_OK;
}

static pf_status give_ranges(struct pf_spreadsheetml_book *book, int32_t sheet,
                             pf_status (*take)(struct cursor *, struct pf_error *),
                             const struct pf_grid_range **ranges, size_t *count, struct pf_error *err) {
    void *cursor;
    book->merges.size = 0;
    PF_TRY(pf_spreadsheetml_sheet_open(book, sheet, 0, &cursor, err));
    pf_status status = take(cursor, err);
    pf_spreadsheetml_sheet_close(cursor);
    *ranges = (const struct pf_grid_range *)(const void *)book->merges.data;
    *count = book->merges.size / sizeof **ranges;
    return status;
}

pf_status pf_spreadsheetml_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges,
                                        size_t *count, struct pf_error *err) {
    return give_ranges(self, sheet, read_merges, ranges, count, err);
}

pf_status pf_spreadsheetml_sheet_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges,
                                        size_t *count, struct pf_error *err) {
    return give_ranges(self, sheet, read_hidden, ranges, count, err);
}

pf_status pf_spreadsheetml_sheet_links(void *self, int32_t sheet, struct pf_grid_links *links,
                                       struct pf_error *err) {
    void *cursor;
    PF_TRY(pf_spreadsheetml_sheet_open(self, sheet, 0, &cursor, err));
    pf_status status = read_cells(cursor, &(struct aside){.links = links, .take = take_link}, err);
    pf_spreadsheetml_sheet_close(cursor);
    return status;
}
