/* xlsx_areas.c — room read/xlsx. Excel tables and defined names.                 SPDX-License-Identifier: MIT
 * Knows: table parts, names that mean one range.
 * Knows not: cells. Source: ECMA-376 Part 1 §18.5.1.2, §18.2.5. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "read/xlsx/xlsx_book.h"

#define AREAS_MOST 100000

static pf_status add_area(struct pf_xlsx_book *book, const struct pf_grid_area *area, struct pf_text name,
                          struct pf_error *err) {
    if (book->area_count == book->area_room) {
        size_t room = book->area_room ? 2 * book->area_room : 16;
        if (room > AREAS_MOST)
            return pf_fail(err, PF_LIMIT, "the workbook has more than %d tables and names", AREAS_MOST);
        struct pf_grid_area *grown = pf_mem_grow(book->areas, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, room * sizeof *grown);
        book->areas = grown;
        book->area_room = room;
    }
    const char *copy = pf_arena_text(&book->package.arena, name.at ? name.at : "", name.size);
    if (!copy)
        return pf_fail_memory(err, name.size);
    book->areas[book->area_count] = *area;
    book->areas[book->area_count++].name = copy;
    return PF_OK;
}

static int32_t number_of(struct pf_text text, int32_t otherwise) {
    int64_t value;
    return text.at && pf_parse_int64(text.at, text.size, &value) && value >= 0 && value < PF_GRID_ROWS
               ? (int32_t)value
               : otherwise;
}

/* The sheet of "'My Sheet'!$A$1:$B$2" or "Data!…"; what follows the '!' is left in *rest. −1: none. */
static int32_t find_sheet(const struct pf_xlsx_book *book, struct pf_text formula, struct pf_text *rest) {
    for (int32_t i = 0; i < book->sheet_count; i++) {
        const char *name = book->sheets[i].name;
        size_t at = 0;
        bool quoted = formula.size && formula.at[0] == '\'';
        at += quoted;
        while (*name && at < formula.size && pf_lower(formula.at[at]) == pf_lower(*name)) {
            at += quoted && *name == '\'' && at + 1 < formula.size && formula.at[at + 1] == '\'' ? 2 : 1;
            name++;
        }
        if (*name)
            continue;
        if (quoted && at < formula.size && formula.at[at] == '\'')
            at++;
        if (at < formula.size && formula.at[at] == '!') {
            *rest = (struct pf_text){formula.at + at + 1, formula.size - at - 1};
            return i;
        }
    }
    return -1;
}

static pf_status add_name(struct pf_xlsx_book *book, struct pf_text name, struct pf_text formula, int32_t owner,
                          struct pf_error *err) {
    struct pf_grid_area area = {.header_rows = -1, .owner = owner};
    struct pf_text rest;
    if (name.size >= 6 && memcmp(name.at, "_xlnm.", 6) == 0)
        return PF_OK;
    area.sheet = find_sheet(book, formula, &rest);
    if (area.sheet < 0 || !pf_grid_range_parse(rest.at, rest.size, &area.range))
        return PF_OK; /* a constant, a formula, several ranges */
    return add_area(book, &area, name, err);
}

static pf_status read_table(struct pf_xlsx_book *book, int32_t sheet, struct pf_xml *xml,
                            struct pf_error *err) {
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN || !pf_xml_is(xml, "table"))
            continue;
        struct pf_text name = pf_xml_attribute(xml, "displayName"), ref = pf_xml_attribute(xml, "ref");
        struct pf_grid_area area = {.sheet = sheet,
                                    .is_table = true,
                                    .header_rows = number_of(pf_xml_attribute(xml, "headerRowCount"), 1),
                                    .totals_rows = number_of(pf_xml_attribute(xml, "totalsRowCount"), 0)};
        if (!name.size)
            name = pf_xml_attribute(xml, "name");
        return pf_grid_range_parse(ref.at, ref.size, &area.range) ? add_area(book, &area, name, err) : PF_OK;
    }
}

static pf_status read_tables(struct pf_xlsx_book *book, int32_t sheet, struct pf_error *err) {
    struct pf_opc_relations relations;
    PF_TRY(pf_opc_package_relations(&book->package, book->parts[sheet]->name, &relations, err));
    for (size_t i = 0; i < relations.count; i++) {
        struct pf_opc_part part;
        if (strcmp(relations.items[i].type, "table") != 0 || !relations.items[i].member)
            continue;
        PF_TRY(pf_opc_part_open(&part, &book->package, relations.items[i].member, 0, 0, err));
        pf_status status = pf_opc_part_where(&part, read_table(book, sheet, &part.xml, err), err);
        pf_opc_part_close(&part);
        PF_TRY(status);
    }
    return PF_OK;
}

static pf_status read_names(struct pf_xlsx_book *book, struct pf_xml *xml, struct pf_error *err) {
    struct pf_buf text = {0}, name = {0};
    pf_status status;
    while ((status = pf_xml_next(xml, err)) == PF_OK && xml->event != PF_XML_END) {
        if (xml->event != PF_XML_OPEN || !pf_xml_is(xml, "definedName"))
            continue;
        struct pf_text given = pf_xml_attribute(xml, "name"), hidden = pf_xml_attribute(xml, "hidden");
        int32_t owner = 1 + number_of(pf_xml_attribute(xml, "localSheetId"), -1);
        bool shown = !pf_text_is(hidden, "1") && !pf_text_is(hidden, "true");
        name.size = text.size = 0;
        status = pf_buf_put(&name, given.at, given.size, err);
        if (status == PF_OK)
            status = pf_xml_gather(xml, &text, err);
        if (status == PF_OK && shown)
            status = add_name(book, (struct pf_text){(const char *)name.data, name.size},
                              (struct pf_text){(const char *)text.data, text.size}, owner, err);
        if (status != PF_OK)
            break;
    }
    pf_buf_clear(&text);
    pf_buf_clear(&name);
    return status;
}

static pf_status read_all(struct pf_xlsx_book *book, struct pf_error *err) {
    struct pf_opc_part part;
    for (int32_t i = 0; i < book->sheet_count; i++)
        if (book->parts[i] && book->sheets[i].kind == PF_SHEET_GRID)
            PF_TRY(read_tables(book, i, err));
    PF_TRY(pf_opc_part_open(&part, &book->package, book->workbook, 0, 0, err));
    pf_status status = pf_opc_part_where(&part, read_names(book, &part.xml, err), err);
    pf_opc_part_close(&part);
    return status;
}

pf_status pf_xlsx_areas_need(struct pf_xlsx_book *book, struct pf_error *err) {
    if (book->has_areas)
        return PF_OK;
    book->area_count = 0;
    PF_TRY(read_all(book, err));
    book->has_areas = true;
    return PF_OK;
}
