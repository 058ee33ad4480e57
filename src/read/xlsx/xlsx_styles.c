/* xlsx_styles.c — room read/xlsx. Number formats of the cell styles.             SPDX-License-Identifier: MIT
 * Knows: numFmts, cellXfs.
 * Knows not: what codes mean (grid_format.h). Source: ECMA-376 Part 1 §18.8. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "read/xlsx/xlsx_book.h"

#define STYLES_MOST 65536 /* a cell names one in 16 bits; Excel has at most 65,490 */

/* A format of the book's own. */
struct own_format {
    uint32_t id;
    struct pf_grid_format format;
};
struct styles {
    struct own_format *own;
    size_t own_count, own_room;
    struct pf_buf formats;
};

static pf_status add_own(struct styles *s, const struct pf_xml *xml, struct pf_error *err) {
    struct pf_text id = pf_xml_attribute(xml, "numFmtId"), code = pf_xml_attribute(xml, "formatCode");
    uint64_t number;
    if (!pf_parse_uint64(id.at, id.size, &number) || number > UINT32_MAX || s->own_count >= STYLES_MOST)
        return PF_OK; /* a format that nobody can name */
    if (s->own_count == s->own_room) {
        size_t room = s->own_room ? 2 * s->own_room : 32;
        struct own_format *grown = pf_mem_grow(s->own, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, room * sizeof *grown);
        s->own = grown;
        s->own_room = room;
    }
    s->own[s->own_count++] = (struct own_format){(uint32_t)number, pf_grid_format_parse(code.at, code.size)};
    return PF_OK;
}

static pf_status add_style(struct styles *s, const struct pf_xml *xml, struct pf_error *err) {
    struct pf_text id = pf_xml_attribute(xml, "numFmtId");
    struct pf_grid_format format = {0};
    uint64_t number;
    if (pf_parse_uint64(id.at, id.size, &number) && number <= UINT32_MAX) {
        format = pf_grid_format_builtin((uint32_t)number);
        for (size_t i = s->own_count; i-- > 0;)
            if (s->own[i].id == number) { /* its own word counts more */
                format = s->own[i].format;
                break;
            }
    }
    if (s->formats.size / sizeof format >= STYLES_MOST)
        return PF_OK;
    return pf_buf_put(&s->formats, &format, sizeof format, err);
}

static pf_status read_styles(struct styles *s, struct pf_xml *xml, struct pf_error *err) {
    bool in_xfs = false;
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (pf_xml_is(xml, "cellXfs") && xml->event != PF_XML_TEXT)
            in_xfs = xml->event == PF_XML_OPEN;
        else if (xml->event == PF_XML_OPEN && pf_xml_is(xml, "numFmt"))
            PF_TRY(add_own(s, xml, err));
        else if (xml->event == PF_XML_OPEN && in_xfs && pf_xml_is(xml, "xf"))
            PF_TRY(add_style(s, xml, err));
    }
}

pf_status pf_xlsx_styles_read(struct pf_xlsx_book *book, const struct pf_zip_member *member,
                              struct pf_error *err) {
    struct styles s = {0};
    struct pf_xlsx_part part;
    PF_TRY(pf_xlsx_part_open(&part, &book->package, member, 0, 0, err));
    pf_status status = pf_xlsx_part_where(&part, read_styles(&s, &part.xml, err), err);
    pf_xlsx_part_close(&part);
    size_t size = s.formats.size;
    if (status == PF_OK && size) {
        book->formats = pf_arena_take(&book->package.arena, size);
        if (book->formats)
            memcpy(book->formats, s.formats.data, size);
        else
            status = pf_fail_memory(err, size);
        book->format_count = (uint32_t)(size / sizeof *book->formats);
    }
    pf_mem_free(s.own);
    pf_buf_clear(&s.formats);
    return status;
}
