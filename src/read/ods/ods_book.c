/* ods_book.c — room read/ods. A workbook: its sheets, where they begin, styles.  SPDX-License-Identifier: MIT
 * Knows: the outline of the content.
 * Knows not: cells.                                         Format: docs/formats/ods.md §The content */
#include "read/ods/ods_book.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/pool.h"

#define SHEETS_MOST 100000

bool pf_ods_book_threaded(const struct pf_ods_book *book) {
    return book->host && book->host->pool && pf_pool_threads(book->host->pool) > 1;
}

static pf_status make_room(struct pf_ods_book *book, struct pf_error *err) {
    size_t room = book->sheet_room ? 2 * book->sheet_room : 8;
    if (room > SHEETS_MOST)
        return pf_fail(err, PF_LIMIT, "the workbook has more than %d sheets", SHEETS_MOST);
    struct pf_grid_sheet *sheets = pf_mem_grow(book->sheets, room * sizeof *sheets);
    if (!sheets)
        return pf_fail_memory(err, room * sizeof *sheets);
    book->sheets = sheets;
    int64_t *places = pf_mem_grow(book->places, room * sizeof *places);
    if (!places)
        return pf_fail_memory(err, room * sizeof *places);
    book->places = places;
    book->sheet_room = room;
    return PF_OK;
}

static pf_status add_sheet(struct pf_ods_book *book, const struct pf_xml *xml, struct pf_error *err) {
    struct pf_text name = pf_xml_attribute(xml, "name"), style = pf_xml_attribute(xml, "style-name");
    int64_t hidden = 0;
    if ((size_t)book->sheet_count == book->sheet_room)
        PF_TRY(make_room(book, err));
    const char *copy = pf_arena_text(&book->arena, name.at ? name.at : "", name.size);
    if (!copy)
        return pf_fail_memory(err, name.size);
    if (style.size)
        (void)pf_map_find(&book->table_styles, style.at, style.size, &hidden);
    bool shown = !hidden && !pf_text_is(pf_xml_attribute(xml, "display"), "false");
    book->places[book->sheet_count] = xml->window->offset;
    book->sheets[book->sheet_count++] =
        (struct pf_grid_sheet){.name = copy, .state = shown ? PF_SHEET_VISIBLE : PF_SHEET_HIDDEN};
    return PF_OK;
}

/* An OPEN event within the body. */
static pf_status read_body(struct pf_ods_book *book, struct pf_xml *xml, bool leaps, struct pf_error *err) {
    if (xml->depth == 3 && pf_ods_space_of(&book->names, xml->prefix) == PF_ODS_OFFICE &&
        !pf_xml_is(xml, "spreadsheet") && !pf_xml_is(xml, "forms"))
        return pf_fail(err, PF_BAD_DATA, "the document is a %.*s, no workbook", (int)(xml->name.size & 63),
                       xml->name.at);
    if (pf_xml_is(xml, "dde-links"))
        return pf_xml_skip(xml, err); /* the table of a link is what another document sent, and no sheet */
    if (!pf_xml_is(xml, "table"))
        return pf_ods_areas_take(book, xml, err);
    PF_TRY(add_sheet(book, xml, err));
    return leaps ? pf_xml_leap(xml, err) : pf_xml_skip(xml, err);
}

/* Everything but the insides of tables, to the end: only so a part that is cut short or damaged is noticed. */
static pf_status read_outline(struct pf_ods_book *book, struct pf_xml *xml, bool leaps, bool *body,
                              struct pf_error *err) {
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (xml->depth == 1 || *body)
            pf_ods_names_take(&book->names, xml);
        if (pf_xml_is(xml, "body") && xml->depth == 2)
            *body = true;
        else
            PF_TRY(*body ? read_body(book, xml, leaps, err) : pf_ods_styles_take(book, xml, err));
    }
}

static pf_status read_part(struct pf_ods_book *book, const char *name, bool leaps, bool *body,
                           struct pf_error *err) {
    struct pf_ods_part part;
    *body = false;
    PF_TRY(pf_ods_part_open(&part, &book->package, name, 0, pf_ods_book_threaded(book), err));
    pf_status status = pf_ods_part_where(&part, read_outline(book, &part.xml, leaps, body, err), err);
    pf_ods_part_close(&part);
    return status;
}

static void clear_outline(struct pf_ods_book *book) {
    pf_map_clear(&book->data_styles);
    pf_map_clear(&book->cell_styles);
    pf_map_clear(&book->table_styles);
    pf_buf_clear(&book->styles);
    book->names = (struct pf_ods_names){0};
    book->sheet_count = 0;
    book->area_count = 0;
}

/* Leaping over the tables is right for what programs write; where it is not, the content turns out to be broken, and
 * reading all of it tells whether it is. */
static pf_status read_content(struct pf_ods_book *book, bool *body, struct pf_error *err) {
    struct pf_error failure = PF_ERROR_INIT;
    pf_status status = read_part(book, PF_ODS_CONTENT, true, body, &failure);
    if (status == PF_BAD_DATA) {
        clear_outline(book);
        return read_part(book, PF_ODS_CONTENT, false, body, err);
    }
    if (status != PF_OK && err)
        *err = failure;
    return status;
}

static pf_status read_parts(struct pf_ods_book *book, struct pf_error *err) {
    bool body, none;
    PF_TRY(read_content(book, &body, err));
    struct pf_ods_names names = book->names; /* the other part binds its own */
    if (!body)
        return pf_fail(err, PF_BAD_DATA, "the document has no body; it is no OpenDocument workbook");
    if (pf_ods_part_is_there(&book->package, PF_ODS_STYLES))
        PF_TRY(read_part(book, PF_ODS_STYLES, false, &none, err));
    book->names = names;
    return pf_ods_styles_resolve(book, err);
}

static void close_book(void *self) {
    struct pf_ods_book *book = self;
    pf_ods_part_close(&book->parked);
    if (book->has_mutex)
        pf_mutex_clear(&book->mutex);
    pf_ods_package_close(&book->package);
    clear_outline(book);
    pf_buf_clear(&book->formats);
    pf_grid_codes_clear(&book->codes);
    pf_buf_clear(&book->merges);
    pf_arena_clear(&book->arena);
    pf_mem_free(book->sheets);
    pf_mem_free(book->places);
    pf_mem_free(book->areas);
    pf_mem_free(book);
}

static void tell_lock(void *self, void (*emit)(void *ctx, const char *key, const char *value), void *ctx) {
    const struct pf_ods_book *book = self;
    if (book->package.locks[0].locked)
        emit(ctx, "locked", "true");
}

static const struct pf_grid_driver driver = {.open = pf_ods_sheet_open,
                                             .next = pf_ods_sheet_next,
                                             .close = pf_ods_sheet_close,
                                             .merges = pf_ods_sheet_merges,
                                             .links = pf_ods_sheet_links,
                                             .hidden = pf_ods_sheet_hidden,
                                             .areas = pf_ods_areas,
                                             .facts = tell_lock,
                                             .close_book = close_book};

pf_status pf_ods_book_open(struct pf_source *source, struct pf_host *host, struct pf_grid_book *out,
                           struct pf_error *err) {
    struct pf_ods_book *book = pf_mem_zero(1, sizeof *book);
    if (!book)
        return pf_fail_memory(err, sizeof *book);
    book->host = host;
    pf_status status = pf_mutex_init(&book->mutex, err);
    book->has_mutex = status == PF_OK;
    if (status == PF_OK)
        status = pf_ods_package_open(&book->package, source, host, err);
    if (status == PF_OK)
        status = read_parts(book, err);
    if (status != PF_OK) {
        close_book(book);
        return status;
    }
    *out = (struct pf_grid_book){.driver = &driver,
                                 .self = book,
                                 .sheets = book->sheets,
                                 .sheet_count = book->sheet_count,
                                 .formats = (const struct pf_grid_format *)(const void *)book->formats.data,
                                 .format_count = (uint32_t)(book->formats.size / sizeof(struct pf_grid_format)),
                                 .codes = &book->codes};
    return PF_OK;
}
