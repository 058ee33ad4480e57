/* xlsx_parts.h — a workbook in memory out of its parts, for tests and the fuzzer.  SPDX-License-Identifier: MIT */
#ifndef XLSX_PARTS_H
#define XLSX_PARTS_H
#include <string.h>

#include "base/buf.h"
#include "codec/codec_deflate.h"

struct xlsx_part {
    const char *name;
    const void *bytes;
    size_t size;
};

static inline void put_number(struct pf_buf *to, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++) {
        uint8_t byte = (uint8_t)(value >> 8 * i);
        (void)pf_buf_put(to, &byte, 1, NULL);
    }
}

/* A local header, or one of the directory with the member's place. */
static inline void put_zip_head(struct pf_buf *to, const struct xlsx_part *part, int64_t at) {
    put_number(to, at < 0 ? 0x04034B50u : 0x02014B50u, 4);
    if (at >= 0)
        put_number(to, 20, 2);
    put_number(to, 20, 2);
    put_number(to, 0, 2);
    put_number(to, 0, 2); /* stored */
    put_number(to, 0x210000, 4);
    put_number(to, pf_crc32(0, part->bytes, part->size), 4);
    put_number(to, part->size, 4);
    put_number(to, part->size, 4);
    put_number(to, strlen(part->name), 2);
    put_number(to, 0, 2);
    if (at >= 0) {
        put_number(to, 0, 8); /* comment, disk, attributes */
        put_number(to, 0, 2);
        put_number(to, (uint64_t)at, 4);
    }
    (void)pf_buf_put(to, part->name, strlen(part->name), NULL);
}

/* All parts, stored, into *to. */
static inline void put_zip(struct pf_buf *to, const struct xlsx_part *parts, size_t count) {
    int64_t places[32];
    for (size_t i = 0; i < count; i++) {
        places[i] = (int64_t)to->size;
        put_zip_head(to, &parts[i], -1);
        (void)pf_buf_put(to, parts[i].bytes, parts[i].size, NULL);
    }
    uint64_t directory = to->size;
    for (size_t i = 0; i < count; i++)
        put_zip_head(to, &parts[i], places[i]);
    uint64_t size = to->size - directory;
    put_number(to, 0x06054B50u, 4);
    put_number(to, 0, 4);
    put_number(to, count, 2);
    put_number(to, count, 2);
    put_number(to, size, 4);
    put_number(to, directory, 4);
    put_number(to, 0, 2);
}

#define XLSX_MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define XLSX_REL  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
static const char xlsx_rels[] = "<Relationships><Relationship Id=\"r1\" Type=\"" XLSX_REL
                                "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
static const char xlsx_workbook[] =
    "<workbook xmlns=\"" XLSX_MAIN "\" xmlns:r=\"" XLSX_REL
    "\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
static const char xlsx_workbook_rels[] =
    "<Relationships><Relationship Id=\"r1\" Type=\"" XLSX_REL
    "/worksheet\" Target=\"sheet.xml\"/><Relationship Id=\"r2\" "
    "Type=\"" XLSX_REL "/sharedStrings\" Target=\"strings.xml\"/><Relationship Id=\"r3\" Type=\"" XLSX_REL
    "/styles\" Target=\"styles.xml\"/></Relationships>";
static const char xlsx_styles[] =
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\"/></numFmts><cellXfs><xf "
    "numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"21\"/></cellXfs></styleSheet>";
static const char xlsx_strings[] =
    "<sst><si><t>zero</t></si><si><r><t>o</t></r><r><t>ne</t></r></si><si><t/></si></sst>";

/* A workbook of one sheet with that XML. */
static inline void put_book(struct pf_buf *to, const void *sheet, size_t size) {
    struct xlsx_part parts[] = {
        {"_rels/.rels", xlsx_rels, sizeof xlsx_rels - 1},
        {"xl/workbook.xml", xlsx_workbook, sizeof xlsx_workbook - 1},
        {"xl/_rels/workbook.xml.rels", xlsx_workbook_rels, sizeof xlsx_workbook_rels - 1},
        {"xl/styles.xml", xlsx_styles, sizeof xlsx_styles - 1},
        {"xl/strings.xml", xlsx_strings, sizeof xlsx_strings - 1},
        {"xl/sheet.xml", sheet, size}};
    put_zip(to, parts, sizeof parts / sizeof parts[0]);
}
#endif
