/* xlsx_sheet.c — room read/xlsx. One pass over a sheet.                          SPDX-License-Identifier: MIT
 * Knows: what stands before and behind the rows, which reader takes a row, rows out of order, merged ranges.
 * Knows not: rows, tables.                                  Format: docs/formats/xlsx.md §Sheets */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/pool.h"
#include "grid/grid_hidden.h"
#include "grid/grid_links.h"
#include "read/xlsx/xlsx_cursor.h"

#define THREAD_BYTES   (1 << 20) /* smaller sheets are not worth a thread */
#define DISTRUST_AFTER 16        /* rows in a row that were not of the quick kind */
#define DISTRUST_ROWS  1024

void pf_xlsx_sheet_close(void *cursor) {
    struct pf_xlsx_cursor *c = cursor;
    pf_opc_part_close(&c->part);
    pf_buf_clear(&c->text);
    pf_xlsx_shared_clear(&c->shared);
    pf_mem_free(c);
}

bool pf_xlsx_worth_thread(const struct pf_xlsx_book *book, const struct pf_zip_member *member) {
    return member->size_bytes > THREAD_BYTES && book->host->pool && pf_pool_threads(book->host->pool) > 1;
}

pf_status pf_xlsx_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err) {
    struct pf_xlsx_book *book = self;
    const struct pf_zip_member *member = book->parts[sheet];
    if (!member)
        return pf_fail(err, PF_BAD_DATA, "the part of the sheet is not in the package; the workbook is broken");
    PF_TRY(pf_xlsx_strings_need(book, err));
    struct pf_xlsx_cursor *c = pf_mem_zero(1, sizeof *c);
    if (!c)
        return pf_fail_memory(err, sizeof *c);
    bool threaded = !(wants & PF_GRID_PIECES) && pf_xlsx_worth_thread(book, member);
    c->book = book;
    c->sheet = sheet;
    c->wants = wants;
    c->last_row = -1;
    c->never_quick = wants & PF_GRID_FORMULAS;
    size_t window = member->size_bytes < (int64_t)PF_XLSX_WINDOW_BYTES ? (size_t)member->size_bytes + 1
                                                                       : PF_XLSX_WINDOW_BYTES;
    pf_status status = pf_opc_part_open(&c->part, &book->package, member, threaded, window, err);
    if (status != PF_OK) {
        pf_mem_free(c);
        return status;
    }
    *cursor = c;
    return PF_OK;
}

/* ---- around the rows ---- */

pf_status pf_xlsx_sheet_head(struct pf_xlsx_cursor *c, struct pf_error *err) {
    struct pf_xml *xml = &c->part.xml;
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END) {
            c->state = PF_XLSX_OVER;
            return PF_OK;
        }
        if (xml->event == PF_XML_OPEN && xml->depth == 2 && pf_xml_is(xml, "sheetData")) {
            c->never_quick |= xml->prefix.size > 0;
            c->state = PF_XLSX_ROWS;
            return PF_OK;
        }
    }
}

/* What stands behind the rows is read too: only so a part that is cut short or damaged is noticed. */
static pf_status read_tail(struct pf_xlsx_cursor *c, struct pf_error *err) {
    while (c->part.xml.event != PF_XML_END)
        PF_TRY(pf_xml_next(&c->part.xml, err));
    c->state = PF_XLSX_OVER;
    return PF_OK;
}

/* ---- rows ---- */

size_t pf_xlsx_rows_end(const uint8_t *text, size_t size) {
    const uint8_t *hit; /* of the "w"s, which are rare behind the rows */
    for (size_t i; size > 6 && (hit = memrchr(text + 5, 'w', size - 6)); size = i + 1) {
        i = (size_t)(hit - text);
        if ((hit[1] == ' ' || hit[1] == '>') && memcmp(hit - 3, "<row", 4) == 0)
            return i - 3;
        if (memcmp(hit - 4, "</row>", 6) == 0)
            return i + 2;
    }
    return 0;
}

/* Ends every search that runs over the end of the text. */
static void put_sentinel(struct pf_window *window) {
    uint8_t *to = window->data + window->end;
    for (int i = 0; i < PF_XLSX_SENTINEL; i++)
        to[i] = (uint8_t) "\"<>"[i % 3];
}

/* *took false: the next row is for the general reader. */
static pf_status read_quickly(struct pf_xlsx_cursor *c, struct pf_grid_block *block, bool *took,
                              struct pf_error *err) {
    struct pf_window *window = &c->part.window;
    const uint8_t *bytes;
    size_t got, used = 0;
    bool plain = false;
    *took = false;
    pf_xml_settle(&c->part.xml);
    PF_TRY(pf_window_peek(window, 1, &bytes, &got, err));
    size_t end = pf_xlsx_rows_end(bytes, got);
    if (end == 0 && got < PF_XLSX_WINDOW_BYTES) { /* the beginning of a row: look at more */
        PF_TRY(pf_window_peek(window, got + 1, &bytes, &got, err));
        end = pf_xlsx_rows_end(bytes, got);
    }
    if (end == 0)
        return PF_OK;
    put_sentinel(window);
    PF_TRY(pf_xlsx_scan(c, (const char *)bytes, (const char *)bytes + end, block, &used, &plain, err));
    pf_window_consume(window, used);
    *took = plain;
    c->failures = used ? 0 : c->failures + !plain;
    if (c->failures > DISTRUST_AFTER) {
        c->distrust = DISTRUST_ROWS;
        c->failures = 0;
    }
    return PF_OK;
}

/* One element within <sheetData>, or its end. */
static pf_status read_generally(struct pf_xlsx_cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_xml *xml = &c->part.xml;
    c->distrust -= c->distrust > 0;
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_OPEN)
            return pf_xml_is(xml, "row") ? pf_xlsx_row(c, block, err) : pf_xml_skip(xml, err);
        if (xml->event != PF_XML_TEXT) {
            c->state = xml->event == PF_XML_CLOSE ? PF_XLSX_BEHIND : PF_XLSX_OVER;
            return PF_OK;
        }
    }
}

pf_status pf_xlsx_sheet_rows(struct pf_xlsx_cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    while (c->state == PF_XLSX_ROWS && !pf_grid_block_is_full(block) &&
           (!(c->wants & PF_GRID_FORMULAS) || block->text.size < PF_GRID_BLOCK_TEXT)) {
        bool took = false;
        if (!c->never_quick && !c->distrust && !c->disordered)
            PF_TRY(read_quickly(c, block, &took, err));
        if (!took)
            PF_TRY(read_generally(c, block, err));
    }
    return PF_OK;
}

pf_status pf_xlsx_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_xlsx_cursor *c = cursor;
    pf_status status = PF_OK;
    if (c->state == PF_XLSX_BEFORE)
        status = pf_xlsx_sheet_head(c, err);
    if (status == PF_OK && c->state == PF_XLSX_ROWS)
        status = pf_xlsx_sheet_rows(c, block, err);
    if (status == PF_OK && c->state == PF_XLSX_BEHIND)
        status = read_tail(c, err);
    block->disordered = c->disordered;
    return pf_opc_part_where(&c->part, status, err);
}

/* ---- merged ranges, hidden rows and columns ---- */

static pf_status add_range(struct pf_xlsx_book *book, struct pf_text ref, struct pf_error *err) {
    struct pf_grid_range range;
    if (!pf_grid_range_parse(ref.at, ref.size, &range))
        return PF_OK;
    return pf_buf_put(&book->merges, &range, sizeof range, err);
}

static pf_status read_merges(struct pf_xlsx_book *book, struct pf_xml *xml, struct pf_error *err) {
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event == PF_XML_OPEN && pf_xml_is(xml, "mergeCell"))
            PF_TRY(add_range(book, pf_xml_attribute(xml, "ref"), err));
    }
}

static bool is_hidden(const struct pf_xml *xml) {
    struct pf_text hidden = pf_xml_attribute(xml, "hidden");
    return pf_text_is(hidden, "1") || pf_text_is(hidden, "true");
}

static int64_t number_of(const struct pf_xml *xml, const char *name, int64_t otherwise) {
    struct pf_text text = pf_xml_attribute(xml, name);
    int64_t number;
    return text.at && pf_parse_int64(text.at, text.size, &number) ? number : otherwise;
}

static pf_status read_hidden(struct pf_xlsx_book *book, struct pf_xml *xml, struct pf_error *err) {
    for (int64_t row = 0;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (pf_xml_is(xml, "row")) {
            row = number_of(xml, "r", row + 1);
            if (is_hidden(xml))
                PF_TRY(pf_grid_hide_rows(&book->merges, row - 1, row - 1, err));
            PF_TRY(pf_xml_skip(xml, err));
        } else if (pf_xml_is(xml, "col") && is_hidden(xml)) {
            PF_TRY(pf_grid_hide_columns(&book->merges, number_of(xml, "min", 0) - 1,
                                        number_of(xml, "max", 0) - 1, err));
        }
    }
}

static pf_status give_ranges(struct pf_xlsx_book *book, int32_t sheet,
                             pf_status (*take)(struct pf_xlsx_book *, struct pf_xml *, struct pf_error *),
                             const struct pf_grid_range **ranges, size_t *count, struct pf_error *err) {
    struct pf_opc_part part;
    *count = 0;
    if (!book->parts[sheet])
        return PF_OK;
    book->merges.size = 0;
    PF_TRY(pf_opc_part_open(&part, &book->package, book->parts[sheet], 0, PF_XLSX_WINDOW_BYTES, err));
    pf_status status = pf_opc_part_where(&part, take(book, &part.xml, err), err);
    pf_opc_part_close(&part);
    *ranges = (const struct pf_grid_range *)(const void *)book->merges.data;
    *count = book->merges.size / sizeof **ranges;
    return status;
}

pf_status pf_xlsx_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                               struct pf_error *err) {
    return give_ranges(self, sheet, read_merges, ranges, count, err);
}

pf_status pf_xlsx_sheet_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                               struct pf_error *err) {
    return give_ranges(self, sheet, read_hidden, ranges, count, err);
}

/* ---- links (18.3.1.47) ---- */

struct linking {
    struct pf_opc_relations relations; /* of the sheet */
    struct pf_map by_id;
    struct pf_buf text;
    struct pf_grid_links *links;
};

static pf_status add_link(struct linking *l, const struct pf_xml *xml, struct pf_error *err) {
    struct pf_text ref = pf_xml_attribute(xml, "ref"), id = pf_xml_attribute(xml, "id"),
                   mark = pf_xml_attribute(xml, "location");
    struct pf_grid_range range;
    int64_t at;
    l->text.size = 0;
    if (!pf_grid_range_parse(ref.at, ref.size, &range))
        return PF_OK;
    if (id.size && pf_map_find(&l->by_id, id.at, id.size, &at))
        PF_TRY(pf_buf_text(&l->text, l->relations.items[at].target, err));
    if (mark.size) {
        PF_TRY(pf_buf_put(&l->text, "#", 1, err));
        PF_TRY(pf_buf_put(&l->text, mark.at, mark.size, err));
    }
    return pf_grid_links_add(l->links, &range, (struct pf_text){(const char *)l->text.data, l->text.size}, err);
}

static pf_status read_links(struct linking *l, struct pf_xml *xml, struct pf_error *err) {
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (pf_xml_is(xml, "hyperlink"))
            PF_TRY(add_link(l, xml, err));
        else if (pf_xml_is(xml, "sheetData"))
            PF_TRY(pf_xml_skip(xml, err));
    }
}

pf_status pf_xlsx_sheet_links(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err) {
    struct pf_xlsx_book *book = self;
    struct linking l = {.links = links};
    struct pf_opc_part part;
    if (!book->parts[sheet])
        return PF_OK;
    PF_TRY(pf_opc_package_relations(&book->package, book->parts[sheet]->name, &l.relations, err));
    pf_status status = pf_opc_relations_index(&l.relations, &l.by_id, err);
    if (status == PF_OK)
        status = pf_opc_part_open(&part, &book->package, book->parts[sheet], 0, PF_XLSX_WINDOW_BYTES, err);
    if (status == PF_OK) {
        status = pf_opc_part_where(&part, read_links(&l, &part.xml, err), err);
        pf_opc_part_close(&part);
    }
    pf_map_clear(&l.by_id);
    pf_buf_clear(&l.text);
    return status;
}
