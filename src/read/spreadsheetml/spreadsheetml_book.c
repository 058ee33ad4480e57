/* spreadsheetml_book.c — room read/spreadsheetml. Styles and sheets of a document.  SPDX-License-Identifier: MIT
 * Knows: named and own number formats, names and states of worksheets, the date system.
 * Knows not: cells. Source: "XML Spreadsheet Reference" (Microsoft, 2001). */
#include "read/spreadsheetml/spreadsheetml_book.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"

#define RECODED_BYTES ((size_t)256 << 20)
#define SHEETS_MOST   10000
#define DEFAULT_STYLE 0 /* of cells that name none or one that is not there; it may be left out */

/* Names of formats that depend on the system, and what they are in en-US. */
static pf_status format_of(struct pf_spreadsheetml_book *book, struct pf_text name,
                           struct pf_grid_format *format, struct pf_error *err) {
    static const struct {
        const char *name, *code;
    } known[] = {{"General Date", "m/d/yyyy h:mm"},
                 {"Long Date", "dddd, mmmm d, yyyy"},
                 {"Medium Date", "d-mmm-yy"},
                 {"Short Date", "m/d/yyyy"},
                 {"Long Time", "h:mm:ss AM/PM"},
                 {"Medium Time", "h:mm AM/PM"},
                 {"Short Time", "h:mm"},
                 {"Currency", "$#,##0.00"},
                 {"Euro Currency", "[$\xE2\x82\xAC-2] #,##0.00"},
                 {"Fixed", "0.00"},
                 {"Standard", "#,##0.00"},
                 {"Percent", "0.00%"},
                 {"Scientific", "0.00E+00"},
                 {"Yes/No", "\"Yes\";\"Yes\";\"No\""},
                 {"True/False", "\"True\";\"True\";\"False\""},
                 {"On/Off", "\"On\";\"On\";\"Off\""}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (pf_text_is(name, known[i].name))
            name = pf_text_of(known[i].code);
    return pf_grid_codes_parse(&book->codes, name.at ? name.at : "", name.size, format, err);
}

static pf_status add_style(struct pf_spreadsheetml_book *book, struct pf_xml *xml, struct pf_error *err) {
    struct pf_grid_format format = {0}, *formats = (struct pf_grid_format *)(void *)book->formats.data;
    struct pf_text id = pf_xml_attribute(xml, "ID"), parent = pf_xml_attribute(xml, "Parent");
    int64_t index = (int64_t)(book->formats.size / sizeof format), found;
    int32_t depth = xml->depth;
    if (parent.at && pf_map_find(&book->styles, parent.at, parent.size, &found))
        format = formats[found];
    PF_TRY(pf_map_add(&book->styles, id.at ? id.at : "", id.size, index, &found, err));
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_OPEN && pf_xml_is(xml, "NumberFormat"))
            PF_TRY(format_of(book, pf_xml_attribute(xml, "Format"), &format, err));
    }
    if (found == DEFAULT_STYLE)
        ((struct pf_grid_format *)(void *)book->formats.data)[found] = format;
    return found == index ? pf_buf_put(&book->formats, &format, sizeof format, err) : PF_OK;
}

static pf_status add_sheet(struct pf_spreadsheetml_book *book, struct pf_text name, struct pf_error *err) {
    if ((size_t)book->sheet_count == book->sheet_room) {
        size_t room = book->sheet_room ? 2 * book->sheet_room : 8;
        if (room > SHEETS_MOST)
            return pf_fail(err, PF_LIMIT, "the workbook has more than %d sheets", SHEETS_MOST);
        struct pf_grid_sheet *grown = pf_mem_grow(book->sheets, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, room * sizeof *grown);
        book->sheets = grown;
        book->sheet_room = room;
    }
    const char *copy = pf_arena_text(&book->arena, name.at ? name.at : "", name.size);
    if (!copy)
        return pf_fail_memory(err, name.size);
    book->sheets[book->sheet_count++] = (struct pf_grid_sheet){.name = copy};
    return PF_OK;
}

static pf_status note_visible(struct pf_spreadsheetml_book *book, struct pf_xml *xml, struct pf_error *err) {
    struct pf_buf text = {0};
    pf_status status = pf_xml_gather(xml, &text, err);
    struct pf_text word = {(const char *)text.data, text.size};
    if (status == PF_OK && book->sheet_count)
        book->sheets[book->sheet_count - 1].state = pf_text_is(word, "SheetHidden")       ? PF_SHEET_HIDDEN
                                                    : pf_text_is(word, "SheetVeryHidden") ? PF_SHEET_VERY_HIDDEN
                                                                                          : PF_SHEET_VISIBLE;
    pf_buf_clear(&text);
    return status;
}

static pf_status read_outline(struct pf_spreadsheetml_book *book, struct pf_xml *xml, struct pf_error *err) {
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (xml->depth == 1 && !pf_xml_is(xml, "Workbook"))
            return pf_fail(err, PF_BAD_DATA, "the document is <%.*s>, no workbook", (int)(xml->name.size & 63),
                           xml->name.at);
        if (pf_xml_is(xml, "Style"))
            PF_TRY(add_style(book, xml, err));
        else if (pf_xml_is(xml, "Worksheet"))
            PF_TRY(add_sheet(book, pf_xml_attribute(xml, "Name"), err));
        else if (pf_xml_is(xml, "Table"))
            PF_TRY(pf_xml_skip(xml, err));
        else if (pf_xml_is(xml, "Visible"))
            PF_TRY(note_visible(book, xml, err));
        else if (pf_xml_is(xml, "Date1904"))
            book->date1904 = true;
    }
}

/* What is not in UTF-8 is read whole. */
static pf_status recode(struct pf_spreadsheetml_book *book, struct pf_error *err) {
    const struct pf_charset *charset;
    uint8_t head[PF_XML_DECLARATION];
    uint8_t *bytes = NULL;
    size_t got, size, recoded;
    PF_TRY(book->source->read_at(book->source, 0, head, sizeof head, &got, err));
    PF_TRY(pf_xml_encoding(head, got, &charset, err));
    if (!charset)
        return PF_OK;
    PF_TRY(pf_source_slurp(book->source, RECODED_BYTES, &bytes, &size, err));
    pf_status status = pf_xml_recode(charset, bytes, size, &book->recoded, &recoded, err);
    pf_mem_free(bytes);
    PF_TRY(status);
    pf_source_memory(book->recoded, recoded, &book->own);
    book->source = &book->own;
    return PF_OK;
}

static pf_status read_book(struct pf_spreadsheetml_book *book, struct pf_error *err) {
    struct pf_window window = {0};
    struct pf_xml xml = {0};
    struct pf_grid_format general = {0};
    PF_TRY(pf_map_add(&book->styles, "Default", 7, DEFAULT_STYLE, NULL, err));
    PF_TRY(pf_buf_put(&book->formats, &general, sizeof general, err));
    PF_TRY(recode(book, err));
    PF_TRY(pf_window_open(&window, book->source, 0, err));
    pf_xml_open(&xml, &window, false);
    pf_status status = read_outline(book, &xml, err);
    pf_xml_clear(&xml);
    pf_window_clear(&window);
    for (int32_t i = 0; i < book->sheet_count; i++)
        book->sheets[i].date1904 = book->date1904;
    return status;
}

static void close_book(void *self) {
    struct pf_spreadsheetml_book *book = self;
    pf_map_clear(&book->styles);
    pf_buf_clear(&book->formats);
    pf_grid_codes_clear(&book->codes);
    pf_buf_clear(&book->merges);
    pf_arena_clear(&book->arena);
    pf_mem_free(book->sheets);
    pf_mem_free(book->recoded);
    pf_mem_free(book);
}

static const struct pf_grid_driver driver = {.open = pf_spreadsheetml_sheet_open,
                                             .next = pf_spreadsheetml_sheet_next,
                                             .close = pf_spreadsheetml_sheet_close,
                                             .merges = pf_spreadsheetml_sheet_merges,
                                             .links = pf_spreadsheetml_sheet_links,
                                             .hidden = pf_spreadsheetml_sheet_hidden,
                                             .close_book = close_book};

pf_status pf_spreadsheetml_book_open(struct pf_source *source, struct pf_grid_book *out, struct pf_error *err) {
    struct pf_spreadsheetml_book *book = pf_mem_zero(1, sizeof *book);
    if (!book)
        return pf_fail_memory(err, sizeof *book);
    book->source = source;
    pf_status status = read_book(book, err);
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
