/* ods_sheet.c — room read/ods. One pass over a sheet.                            SPDX-License-Identifier: MIT
 * Knows: what stands around rows, which reader takes a row, rows that are repeated, merged ranges.
 * Knows not: rows, cells.                                   Format: docs/formats/ods.md §Rows */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "grid/grid_hidden.h"
#include "grid/grid_links.h"
#include "read/ods/ods_cursor.h"

#define DISTRUST_AFTER 16 /* rows in a row that were not of the quick kind */
#define DISTRUST_ROWS  1024

/* ---- the content, which all sheets share ---- */

/* Whoever comes to a later sheet reads on where this pass stopped, and need not unpack all that is in front. */
static void park(struct pf_ods_cursor *c) {
    struct pf_ods_part old = {0};
    pf_mutex_lock(&c->book->mutex);
    pf_ods_part_move(&old, &c->book->parked);
    pf_ods_part_move(&c->book->parked, &c->part);
    pf_mutex_unlock(&c->book->mutex);
    pf_ods_part_close(&old);
}

static pf_status open_content(struct pf_ods_cursor *c, int64_t place, struct pf_error *err) {
    struct pf_ods_part parked = {0};
    pf_mutex_lock(&c->book->mutex);
    pf_ods_part_move(&parked, &c->book->parked);
    pf_mutex_unlock(&c->book->mutex);
    if (parked.name && pf_ods_part_place(&parked) <= place) {
        pf_ods_part_move(&c->part, &parked);
        return pf_ods_part_forward(&c->part, place, err);
    }
    pf_ods_part_close(&parked);
    return pf_ods_part_open(&c->part, &c->book->package, PF_ODS_CONTENT, place, pf_ods_book_threaded(c->book),
                            err);
}

/* ---- opening and closing ---- */

void pf_ods_sheet_close(void *cursor) {
    struct pf_ods_cursor *c = cursor;
    if (c->part.name && !c->failed)
        park(c);
    pf_ods_part_close(&c->part);
    pf_ods_texts_clear(&c->texts);
    pf_buf_clear(&c->columns);
    pf_grid_block_clear(&c->line);
    pf_mem_free(c);
}

/* Do the prefixes that the quick reader knows mean what they usually do? */
static bool is_usual(const struct pf_ods_names *names) {
    return pf_ods_space_of(names, pf_text_of("table")) == PF_ODS_TABLE &&
           pf_ods_space_of(names, pf_text_of("office")) == PF_ODS_OFFICE &&
           pf_ods_space_of(names, pf_text_of("calcext")) == PF_ODS_CALCEXT;
}

pf_status pf_ods_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err) {
    struct pf_ods_book *book = self;
    struct pf_ods_cursor *c = pf_mem_zero(1, sizeof *c);
    if (!c)
        return pf_fail_memory(err, sizeof *c);
    c->book = book;
    c->wants = wants;
    pf_status status = open_content(c, book->places[sheet], err);
    if (status == PF_OK)
        status = pf_ods_part_where(&c->part, pf_xml_next(&c->part.xml, err), err); /* <table:table> */
    if (status != PF_OK) {
        c->failed = true;
        pf_ods_sheet_close(c);
        return status;
    }
    c->never_quick =
        wants & PF_GRID_FORMULAS || !pf_text_is(c->part.xml.prefix, "table") || !is_usual(&book->names);
    *cursor = c;
    return PF_OK;
}

/* ---- around the rows ---- */

static pf_status add_columns(struct pf_ods_cursor *c, const struct pf_xml *xml, struct pf_error *err) {
    uint16_t style = (uint16_t)pf_ods_style_of(c->book, pf_xml_attribute(xml, "default-cell-style-name"));
    int64_t count = pf_ods_count(pf_xml_attribute(xml, "number-columns-repeated")),
            room = PF_GRID_COLUMNS - (int64_t)(c->columns.size / sizeof style);
    count = count < room ? count : room;
    if (c->hidden && pf_ods_is_hidden(xml))
        PF_TRY(
            pf_grid_hide_columns(c->hidden, PF_GRID_COLUMNS - room, PF_GRID_COLUMNS - room + count - 1, err));
    PF_TRY(pf_buf_reserve(&c->columns, (size_t)count * sizeof style, err));
    for (; count > 0; count--)
        PF_TRY(pf_buf_put(&c->columns, &style, sizeof style, err));
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

/* ---- rows ---- */

/* How much of the text are whole rows: behind the last end of one. 0: none. */
static size_t rows_end(const uint8_t *text, size_t size) {
    static const char mark[] = PF_ODS_ROW_END;
    const size_t length = sizeof mark - 1;
    for (size_t i = size; i >= length; i--)
        if (text[i - 1] == '>' && text[i - 2] == 'w' && memcmp(text + i - length, mark, length) == 0)
            return i;
    return 0;
}

/* Ends every search that runs over the end of the text. */
static void put_sentinel(struct pf_window *window) {
    uint8_t *to = window->data + window->end;
    for (int i = 0; i < PF_WINDOW_SLACK; i++)
        to[i] = (uint8_t) "\"<>"[i % 3];
}

/* *took false: what comes next is for the general reader. */
static pf_status read_quickly(struct pf_ods_cursor *c, struct pf_grid_block *block, bool *took,
                              struct pf_error *err) {
    struct pf_window *window = &c->part.window;
    const uint8_t *bytes;
    size_t got, used = 0;
    *took = false;
    pf_xml_settle(&c->part.xml);
    PF_TRY(pf_window_peek(window, 1, &bytes, &got, err));
    size_t end = rows_end(bytes, got);
    if (end == 0 && got < PF_ODS_WINDOW) { /* the beginning of a row: look at more */
        PF_TRY(pf_window_peek(window, got + 1, &bytes, &got, err));
        end = rows_end(bytes, got);
    }
    if (end == 0)
        return PF_OK;
    put_sentinel(window);
    PF_TRY(pf_ods_scan(c, (const char *)bytes, (const char *)bytes + end, block, &used, took, err));
    pf_window_consume(window, used);
    c->failures = used ? 0 : c->failures + !*took;
    if (c->failures > DISTRUST_AFTER) {
        c->distrust = DISTRUST_ROWS;
        c->failures = 0;
    }
    return PF_OK;
}

/* One event within the table, or its end. */
static pf_status read_generally(struct pf_ods_cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_xml *xml = &c->part.xml;
    c->distrust -= c->distrust > 0;
    PF_TRY(pf_xml_next(xml, err));
    if (xml->event == PF_XML_END || (xml->event == PF_XML_CLOSE && xml->depth == 0)) {
        c->over = true;
        return PF_OK;
    }
    if (xml->event != PF_XML_OPEN || is_group(xml))
        return PF_OK;
    if (pf_xml_is(xml, "table-row"))
        return pf_ods_row(c, block, err);
    return pf_xml_is(xml, "table-column") ? add_columns(c, xml, err) : pf_xml_skip(xml, err);
}

static pf_status put_repeats(struct pf_ods_cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    while (c->line_left && !pf_ods_is_full(block)) {
        PF_TRY(pf_ods_row_copy(block, &c->line, (uint32_t)c->row, err));
        c->row++;
        c->line_left--;
    }
    return PF_OK;
}

static pf_status read_rows(struct pf_ods_cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    for (;;) {
        bool took = false;
        PF_TRY(put_repeats(c, block, err));
        if (c->over || pf_ods_is_full(block))
            return PF_OK;
        if (!c->never_quick && !c->distrust && !c->part.xml.empty)
            PF_TRY(read_quickly(c, block, &took, err));
        if (!took)
            PF_TRY(read_generally(c, block, err));
    }
}

pf_status pf_ods_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_ods_cursor *c = cursor;
    pf_status status = read_rows(c, block, err);
    c->failed |= status != PF_OK;
    return pf_ods_part_where(&c->part, status, err);
}

/* ---- merged ranges, hidden rows and columns, links ---- */

/* All rows, for what else they tell. Takes the cursor. */
static pf_status look_through(struct pf_ods_cursor *c, struct pf_error *err) {
    struct pf_grid_block block = {0};
    pf_status status = PF_OK;
    while (status == PF_OK && !c->over) {
        pf_grid_block_empty(&block);
        c->row += c->line_left;
        c->line_left = 0;
        status = pf_ods_sheet_next(c, &block, err);
    }
    pf_grid_block_clear(&block);
    pf_ods_sheet_close(c);
    return status;
}

static pf_status give_ranges(struct pf_ods_book *book, int32_t sheet, bool hidden,
                             const struct pf_grid_range **ranges, size_t *count, struct pf_error *err) {
    void *cursor;
    book->merges.size = 0;
    PF_TRY(pf_ods_sheet_open(book, sheet, 0, &cursor, err));
    struct pf_ods_cursor *c = cursor;
    *(hidden ? &c->hidden : &c->merges) = &book->merges;
    c->never_quick |= hidden;
    pf_status status = look_through(c, err);
    *ranges = (const struct pf_grid_range *)(const void *)book->merges.data;
    *count = book->merges.size / sizeof **ranges;
    return status;
}

pf_status pf_ods_sheet_links(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err) {
    void *cursor;
    PF_TRY(pf_ods_sheet_open(self, sheet, 0, &cursor, err));
    struct pf_ods_cursor *c = cursor;
    c->links = links;
    c->never_quick = c->texts.wants_link = true;
    return look_through(c, err);
}

pf_status pf_ods_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                              struct pf_error *err) {
    return give_ranges(self, sheet, false, ranges, count, err);
}

pf_status pf_ods_sheet_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                              struct pf_error *err) {
    return give_ranges(self, sheet, true, ranges, count, err);
}
