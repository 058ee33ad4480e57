/* xlsx_book.c — room read/xlsx. A workbook: its sheets and what they share.      SPDX-License-Identifier: MIT
 * Knows: the workbook part, kinds and states of sheets, the date system.
 * Knows not: cells.                                         Format: docs/formats/xlsx.md §The workbook */
#include "read/xlsx/xlsx_book.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "grid/grid_reader.h"

#define SHEETS_MOST 100000

static bool is_true(struct pf_text text) { return pf_text_is(text, "1") || pf_text_is(text, "true"); }

static uint8_t kind_of(const char *type) {
    if (strcmp(type, "chartsheet") == 0)
        return PF_SHEET_CHART;
    if (strcmp(type, "dialogsheet") == 0)
        return PF_SHEET_DIALOG;
    return strstr(type, "acrosheet") ? PF_SHEET_MACRO : PF_SHEET_GRID;
}

static pf_status make_room(struct pf_xlsx_book *book, size_t *room, struct pf_error *err) {
    size_t wider = *room ? 2 * *room : 16;
    if (wider > SHEETS_MOST)
        return pf_fail(err, PF_LIMIT, "the workbook has more than %d sheets", SHEETS_MOST);
    struct pf_grid_sheet *sheets = pf_arena_take(&book->package.arena, wider * sizeof *sheets);
    const struct pf_zip_member **parts = pf_arena_take(&book->package.arena, wider * sizeof *parts);
    if (!sheets || !parts)
        return pf_fail_memory(err, wider * sizeof *sheets);
    if (book->sheet_count) {
        memcpy(sheets, book->sheets, *room * sizeof *sheets);
        memcpy(parts, book->parts, *room * sizeof *parts);
    }
    book->sheets = sheets;
    book->parts = parts;
    *room = wider;
    return PF_OK;
}

static pf_status add_sheet(struct pf_xlsx_book *book, const struct pf_xml *xml, size_t *room,
                           struct pf_error *err) {
    struct pf_text name = pf_xml_attribute(xml, "name"), state = pf_xml_attribute(xml, "state");
    struct pf_text id = {0};
    for (size_t i = 0; i < xml->attribute_count; i++) /* r:id, whatever the prefix */
        if (pf_text_is(xml->attributes[i].name, "id") && xml->attributes[i].prefix.size)
            id = xml->attributes[i].value;
    if ((size_t)book->sheet_count == *room)
        PF_TRY(make_room(book, room, err));
    const struct pf_opc_relation *relation = id.at ? pf_opc_relation_by(&book->relations, id) : NULL;
    struct pf_grid_sheet *sheet = &book->sheets[book->sheet_count];
    const char *copy = pf_arena_text(&book->package.arena, name.at ? name.at : "", name.size);
    if (!copy)
        return pf_fail_memory(err, name.size);
    *sheet = (struct pf_grid_sheet){.name = copy,
                                    .state = pf_text_is(state, "hidden")       ? PF_SHEET_HIDDEN
                                             : pf_text_is(state, "veryHidden") ? PF_SHEET_VERY_HIDDEN
                                                                               : PF_SHEET_VISIBLE,
                                    .kind = relation ? kind_of(relation->type) : PF_SHEET_GRID};
    const struct pf_zip_member *member = relation ? relation->member : NULL;
    if (!member) { /* relations that lead nowhere: the usual place */
        char path[64];
        snprintf(path, sizeof path, "xl/worksheets/sheet%d.xml", (int)book->sheet_count + 1);
        member = pf_opc_package_find(&book->package, path);
    }
    book->parts[book->sheet_count++] = member;
    return PF_OK;
}

static pf_status read_workbook(struct pf_xlsx_book *book, struct pf_opc_part *part, struct pf_error *err) {
    struct pf_xml *xml = &part->xml;
    size_t room = 0;
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (xml->depth == 1 && !pf_xml_is(xml, "workbook"))
            return pf_fail(err, PF_BAD_DATA, "the workbook part holds <%.*s>; it is no workbook",
                           (int)(xml->name.size < 60 ? xml->name.size : 60), xml->name.at);
        if (pf_xml_is(xml, "workbookPr"))
            book->date1904 = is_true(pf_xml_attribute(xml, "date1904"));
        else if (pf_xml_is(xml, "sheet") && xml->depth == 3)
            PF_TRY(add_sheet(book, xml, &room, err));
    }
}

static pf_status find_workbook(struct pf_xlsx_book *book, const struct pf_zip_member **member,
                               struct pf_error *err) {
    struct pf_opc_relations root;
    PF_TRY(pf_opc_package_relations(&book->package, NULL, &root, err));
    *member = pf_opc_package_part(&book->package, &root, "officeDocument", "xl/workbook.xml");
    if (*member)
        return PF_OK;
    return pf_fail(err, PF_BAD_DATA,
                   "there is no workbook in the package; it is cut short or another kind of document");
}

static pf_status open_parts(struct pf_xlsx_book *book, struct pf_error *err) {
    const struct pf_zip_member *member;
    struct pf_opc_part part;
    PF_TRY(find_workbook(book, &member, err));
    if (pf_opc_is_binary(member))
        return pf_fail(err, PF_NOT_MINE, "the workbook is a binary one");
    book->workbook = member;
    PF_TRY(pf_opc_package_relations(&book->package, member->name, &book->relations, err));
    PF_TRY(pf_opc_part_open(&part, &book->package, member, 0, 0, err));
    pf_status status = pf_opc_part_where(&part, read_workbook(book, &part, err), err);
    pf_opc_part_close(&part);
    PF_TRY(status);
    for (int32_t i = 0; i < book->sheet_count; i++)
        book->sheets[i].date1904 = book->date1904;
    member = pf_opc_package_part(&book->package, &book->relations, "styles", "xl/styles.xml");
    return member ? pf_xlsx_styles_read(book, member, err) : PF_OK;
}

static void close_book(void *self) {
    struct pf_xlsx_book *book = self;
    pf_opc_package_close(&book->package);
    pf_buf_clear(&book->merges);
    pf_grid_styles_clear(&book->styles);
    pf_buf_clear(&book->string_bytes);
    pf_buf_clear(&book->string_offsets);
    pf_mem_free(book->areas);
    if (book->has_mutex)
        pf_mutex_clear(&book->mutex);
    pf_mem_free(book);
}

static pf_status give_areas(void *self, const struct pf_grid_area **areas, size_t *count,
                            struct pf_error *err) {
    struct pf_xlsx_book *book = self;
    PF_TRY(pf_xlsx_areas_need(book, err));
    *areas = book->areas;
    *count = book->area_count;
    return PF_OK;
}

static void tell_facts(void *self, void (*emit)(void *ctx, const char *key, const char *value), void *ctx) {
    struct pf_xlsx_book *book = self;
    if (book->package.lock)
        emit(ctx, "locked", "true");
    pf_xlsx_properties_tell(book, emit, ctx);
}

static const struct pf_grid_driver driver = {.open = pf_xlsx_sheet_open,
                                             .next = pf_xlsx_sheet_next,
                                             .close = pf_xlsx_sheet_close,
                                             .take = pf_xlsx_piece_take,
                                             .decode = pf_xlsx_piece_decode,
                                             .drop = pf_xlsx_piece_drop,
                                             .merges = pf_xlsx_sheet_merges,
                                             .links = pf_xlsx_sheet_links,
                                             .hidden = pf_xlsx_sheet_hidden,
                                             .areas = give_areas,
                                             .facts = tell_facts,
                                             .close_book = close_book,
                                             .side_by_side = true};

pf_status pf_xlsx_book_open(struct pf_source *source, struct pf_host *host, struct pf_grid_book *out,
                            struct pf_error *err) {
    struct pf_xlsx_book *book = pf_mem_zero(1, sizeof *book);
    if (!book)
        return pf_fail_memory(err, sizeof *book);
    book->host = host;
    pf_status status = pf_mutex_init(&book->mutex, err);
    book->has_mutex = status == PF_OK;
    if (status == PF_OK)
        status = pf_opc_package_unlock(&book->package, source, host, pf_grid_password, err);
    if (status == PF_OK) {
        pf_zip_bound(book->package.zip, pf_grid_max_expansion(host));
        status = open_parts(book, err);
    }
    if (status != PF_OK) {
        close_book(book);
        return status;
    }
    *out = (struct pf_grid_book){.driver = &driver,
                                 .self = book,
                                 .sheets = book->sheets,
                                 .sheet_count = book->sheet_count,
                                 .strings = &book->strings};
    out->codes = &book->styles.codes;
    out->formats = pf_grid_styles_formats(&book->styles, &out->format_count);
    return PF_OK;
}
