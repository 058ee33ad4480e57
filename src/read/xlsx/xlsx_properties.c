/* xlsx_properties.c — room read/xlsx. What a workbook says of itself: its title, its author.
 * SPDX-License-Identifier: MIT
 * Knows: the part of core properties. Source: ECMA-376 Part 2 §11.
 * Knows not: sheets. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "read/xlsx/xlsx_book.h"

typedef void (*emit_fact)(void *ctx, const char *key, const char *value);

static const char *key_of(const struct pf_xml *xml) {
    static const char *const names[][2] = {{"title", "title"},
                                           {"creator", "author"},
                                           {"subject", "subject"},
                                           {"description", "description"},
                                           {"keywords", "keywords"},
                                           {"category", "category"},
                                           {"lastModifiedBy", "last_modified_by"},
                                           {"created", "created"},
                                           {"modified", "modified"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (pf_xml_is(xml, names[i][0]))
            return names[i][1];
    return NULL;
}

static pf_status tell_part(struct pf_xml *xml, emit_fact emit, void *ctx) {
    struct pf_buf text = {0};
    pf_status status = pf_xml_next(xml, NULL);
    for (; status == PF_OK && xml->event != PF_XML_END; status = pf_xml_next(xml, NULL)) {
        const char *key = xml->event == PF_XML_OPEN && xml->depth == 2 ? key_of(xml) : NULL;
        text.size = 0;
        if (!key)
            continue;
        status = pf_xml_gather(xml, &text, NULL);
        if (status == PF_OK)
            status = pf_buf_put(&text, "", 1, NULL);
        if (status != PF_OK)
            break;
        if (text.size > 1)
            emit(ctx, key, (const char *)text.data);
    }
    pf_buf_clear(&text);
    return status;
}

void pf_xlsx_properties_tell(struct pf_xlsx_book *book, emit_fact emit, void *ctx) {
    struct pf_opc_relations root;
    struct pf_opc_part part;
    if (pf_opc_package_relations(&book->package, NULL, &root, NULL) != PF_OK)
        return;
    const struct pf_zip_member *member =
        pf_opc_package_part(&book->package, &root, "core-properties", "docProps/core.xml");
    if (!member || pf_opc_part_open(&part, &book->package, member, 0, 0, NULL) != PF_OK)
        return;
    tell_part(&part.xml, emit, ctx); /* as far as it can be read: no table depends on it */
    pf_opc_part_close(&part);
}
