/* xlsx_styles.c — room read/xlsx. Number formats of the cell styles.             SPDX-License-Identifier: MIT
 * Knows: numFmts, cellXfs.
 * Knows not: what codes mean (grid_format.h). Source: ECMA-376 Part 1 §18.8. */
#include "base/error.h"
#include "base/number.h"
#include "read/xlsx/xlsx_book.h"

static pf_status define(struct pf_grid_styles *s, const struct pf_xml *xml, struct pf_error *err) {
    struct pf_text id = pf_xml_attribute(xml, "numFmtId"), code = pf_xml_attribute(xml, "formatCode");
    uint64_t number;
    if (!pf_parse_uint64(id.at, id.size, &number) || number > UINT32_MAX)
        return PF_OK; /* a format that nobody can name */
    return pf_grid_styles_define(s, (uint32_t)number, code.at, code.size, err);
}

static pf_status add_style(struct pf_grid_styles *s, const struct pf_xml *xml, struct pf_error *err) {
    struct pf_text id = pf_xml_attribute(xml, "numFmtId");
    uint64_t number;
    bool named = pf_parse_uint64(id.at, id.size, &number) && number <= UINT32_MAX;
    return pf_grid_styles_add(s, named ? (uint32_t)number : 0, err);
}

static pf_status read_styles(struct pf_grid_styles *s, struct pf_xml *xml, struct pf_error *err) {
    bool in_xfs = false;
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (pf_xml_is(xml, "cellXfs") && xml->event != PF_XML_TEXT)
            in_xfs = xml->event == PF_XML_OPEN;
        else if (xml->event == PF_XML_OPEN && pf_xml_is(xml, "numFmt"))
            PF_TRY(define(s, xml, err));
        else if (xml->event == PF_XML_OPEN && in_xfs && pf_xml_is(xml, "xf"))
            PF_TRY(add_style(s, xml, err));
    }
}

pf_status pf_xlsx_styles_read(struct pf_xlsx_book *book, const struct pf_zip_member *member,
                              struct pf_error *err) {
    struct pf_opc_part part;
    PF_TRY(pf_opc_part_open(&part, &book->package, member, 0, 0, err));
    pf_status status = pf_opc_part_where(&part, read_styles(&book->styles, &part.xml, err), err);
    pf_opc_part_close(&part);
    return status;
}
