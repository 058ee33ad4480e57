/* ods_areas.c — room read/ods. Named and database ranges.                        SPDX-License-Identifier: MIT
 * Knows: addresses of ranges as they stand in attributes.
 * Knows not: cells. Source: OpenDocument 1.3 Part 3, 9.4.12, 9.4.15, 9.2.6. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "read/ods/ods_book.h"

#define AREAS_MOST    100000
#define ADDRESS_BYTES 80 /* of both corners, without the sheet */

static pf_status make_room(struct pf_ods_book *book, struct pf_error *err) {
    size_t room = book->area_room ? 2 * book->area_room : 16;
    if (room > AREAS_MOST)
        return pf_fail(err, PF_LIMIT, "the workbook has more than %d named ranges; it is broken or hostile",
                       AREAS_MOST);
    struct pf_grid_area *grown = pf_mem_grow(book->areas, room * sizeof *grown);
    if (!grown)
        return pf_fail_memory(err, room * sizeof *grown);
    book->areas = grown;
    book->area_room = room;
    return PF_OK;
}

/* The name of a sheet up to its '.', with or without '$' and quotes: is it that? *rest: behind the '.'. */
static bool take_sheet(struct pf_text address, const char *name, struct pf_text *rest) {
    size_t at = address.size && address.at[0] == '$';
    bool quoted = at < address.size && address.at[at] == '\'';
    for (at += quoted; *name && at < address.size && address.at[at] == *name; name++)
        at += quoted && *name == '\'' ? 2 : 1; /* doubled */
    if (*name)
        return false;
    if (quoted && (at >= address.size || address.at[at++] != '\''))
        return false;
    if (at >= address.size || address.at[at] != '.')
        return false;
    *rest = (struct pf_text){address.at + at + 1, address.size - at - 1};
    return true;
}

static bool find_sheet(const struct pf_ods_book *book, struct pf_text address, int32_t *sheet,
                       struct pf_text *rest) {
    for (*sheet = 0; *sheet < book->sheet_count; ++*sheet)
        if (take_sheet(address, book->sheets[*sheet].name, rest))
            return true;
    return false;
}

/* "$Q1.$A$1:.$C$5", "'My Sheet'.A1:'My Sheet'.C5", "Q1.A1". false: none, several, or on no sheet of the book. */
static bool read_address(const struct pf_ods_book *book, struct pf_text address, struct pf_grid_area *area) {
    struct pf_text first, second = {0};
    char corners[ADDRESS_BYTES];
    int32_t other;
    if (!find_sheet(book, address, &area->sheet, &first))
        return false;
    const char *colon = first.size ? memchr(first.at, ':', first.size) : NULL;
    if (colon) {
        second = (struct pf_text){colon + 1, (size_t)(first.at + first.size - colon) - 1};
        first.size = (size_t)(colon - first.at);
        if (second.size && second.at[0] == '.')
            second.at++, second.size--;
        else if (find_sheet(book, second, &other, &second) && other != area->sheet)
            return false;
    }
    size_t size = first.size + (colon ? 1 + second.size : 0);
    if (size > sizeof corners || first.size == 0)
        return false;
    memcpy(corners, first.at, first.size);
    if (colon) {
        corners[first.size] = ':';
        memcpy(corners + first.size + 1, second.at, second.size);
    }
    return pf_grid_range_parse(corners, size, &area->range);
}

pf_status pf_ods_areas_take(struct pf_ods_book *book, const struct pf_xml *xml, struct pf_error *err) {
    bool is_table = pf_xml_is(xml, "database-range");
    struct pf_text name = pf_xml_attribute(xml, "name");
    struct pf_grid_area area = {.is_table = is_table, .header_rows = -1};
    if ((!is_table && !pf_xml_is(xml, "named-range")) || name.size == 0 ||
        (name.size > 12 && memcmp(name.at, "__Anonymous_", 12) == 0) /* LibreOffice's, of filters */ ||
        !read_address(book, pf_xml_attribute(xml, is_table ? "target-range-address" : "cell-range-address"),
                      &area))
        return PF_OK;
    if (is_table)
        area.header_rows = !pf_text_is(pf_xml_attribute(xml, "contains-header"), "false");
    if (book->area_count == book->area_room)
        PF_TRY(make_room(book, err));
    area.name = pf_arena_text(&book->arena, name.at, name.size);
    if (!area.name)
        return pf_fail_memory(err, name.size);
    book->areas[book->area_count++] = area;
    return PF_OK;
}

pf_status pf_ods_areas(void *self, const struct pf_grid_area **areas, size_t *count, struct pf_error *err) {
    const struct pf_ods_book *book = self;
    (void)err;
    *areas = book->areas;
    *count = book->area_count;
    return PF_OK;
}
