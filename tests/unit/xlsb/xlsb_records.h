/* xlsb_records.h — records, and a binary workbook in memory, for tests.         SPDX-License-Identifier: MIT */
#ifndef XLSB_RECORDS_H
#define XLSB_RECORDS_H
#include "../xlsx/xlsx_parts.h"
#include "read/xlsb/xlsb_record.h"

static inline void put_wide(struct pf_buf *to, const char *text) {
    put_number(to, strlen(text), 4);
    for (; *text; text++)
        put_number(to, (uint8_t)*text, 2);
}
static inline void put_record(struct pf_buf *to, uint32_t id, const struct pf_buf *body) {
    size_t size = body ? body->size : 0;
    put_number(to, id < 128 ? id : (id & 127) | 128 | id >> 7 << 8, id < 128 ? 1 : 2);
    for (size_t left = size;; left >>= 7) {
        put_number(to, (left & 127) | (left > 127 ? 128 : 0), 1);
        if (left <= 127)
            break;
    }
    if (size)
        (void)pf_buf_put(to, body->data, size, NULL);
}
/* A record of numbers: bytes of each, number of each … until 0 bytes. */
#define PUT(to, id, ...)                                                                                       \
    put_numbers(to, id, (const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / 8)
static inline void put_numbers(struct pf_buf *to, uint32_t id, const uint64_t *fields, size_t count) {
    struct pf_buf body = {0};
    for (size_t i = 0; i + 1 < count; i += 2)
        put_number(&body, fields[i + 1], (int)fields[i]);
    put_record(to, id, &body);
    pf_buf_clear(&body);
}
/* A cell with a string; rich: with flags in front. */
static inline void put_text_cell(struct pf_buf *to, uint32_t id, uint32_t column, bool rich, const char *text) {
    struct pf_buf body = {0};
    put_number(&body, column, 4);
    put_number(&body, 0, 4);
    put_number(&body, 0, rich ? 1 : 0);
    put_wide(&body, text);
    put_number(&body, 0, 2); /* a formula, or nothing that matters */
    put_record(to, id, &body);
    pf_buf_clear(&body);
}

static const char xlsb_rels[] = "<Relationships><Relationship Id=\"r1\" Type=\"" XLSX_REL
                                "/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>";
static const char xlsb_workbook_rels[] =
    "<Relationships><Relationship Id=\"r1\" Type=\"" XLSX_REL
    "/worksheet\" Target=\"sheet.bin\"/><Relationship Id=\"r2\" Type=\"" XLSX_REL
    "/sharedStrings\" Target=\"strings.bin\"/><Relationship Id=\"r3\" Type=\"" XLSX_REL
    "/styles\" Target=\"styles.bin\"/></Relationships>";
static const char xlsb_sheet_rels[] =
    "<Relationships><Relationship Id=\"r1\" Type=\"" XLSX_REL "/table\" Target=\"table.bin\"/></Relationships>";

static inline void put_bundle(struct pf_buf *to, uint32_t state, const char *relation, const char *name) {
    struct pf_buf body = {0};
    put_number(&body, state, 4);
    put_number(&body, 1, 4);
    put_wide(&body, relation);
    put_wide(&body, name);
    put_record(to, PF_XLSB_BUNDLE_SH, &body);
    pf_buf_clear(&body);
}
/* A name for B2:C3 of the first sheet. */
static inline void put_name(struct pf_buf *to, const char *name, uint32_t flags) {
    struct pf_buf body = {0};
    put_number(&body, flags, 4);
    put_number(&body, 0, 1);
    put_number(&body, 0, 4); /* of the first sheet */
    put_wide(&body, name);
    put_number(&body, 15, 4);
    put_number(&body, 0x3B, 1); /* PtgArea3d */
    put_number(&body, 0, 2);
    put_number(&body, 1, 4);
    put_number(&body, 2, 4);
    put_number(&body, 1, 2);
    put_number(&body, 2, 2);
    put_number(&body, 0, 4);
    put_record(to, PF_XLSB_NAME, &body);
    pf_buf_clear(&body);
}
static inline void put_workbook(struct pf_buf *to) {
    PUT(to, PF_XLSB_BEGIN_BOOK, 0, 0);
    PUT(to, PF_XLSB_WB_PROP, 4, 1, 4, 0, 4, 0);
    put_bundle(to, 0, "r1", "S");
    put_bundle(to, 2, "r9", "Gone");
    PUT(to, PF_XLSB_SUP_ADDIN, 0, 0);
    PUT(to, PF_XLSB_SUP_SELF, 0, 0);
    PUT(to, PF_XLSB_EXTERN_SHEET, 4, 1, 4, 1, 4, 0, 4, 0);
    put_name(to, "Place", 0);
    put_name(to, "Print_Area", 32);
    PUT(to, 132, 0, 0);
}
static inline void put_table(struct pf_buf *to) {
    struct pf_buf body = {0};
    static const uint32_t fields[16] = {0, 3, 0, 1, 0, 1, 1, 1};
    for (size_t i = 0; i < 16; i++)
        put_number(&body, fields[i], 4);
    put_wide(&body, "inner");
    put_wide(&body, "Shown");
    put_record(to, PF_XLSB_BEGIN_LIST, &body);
    pf_buf_clear(&body);
}
static inline void put_styles(struct pf_buf *to) {
    struct pf_buf body = {0};
    put_number(&body, 164, 2);
    put_wide(&body, "yyyy-mm-dd");
    put_record(to, PF_XLSB_FMT, &body);
    pf_buf_clear(&body);
    PUT(to, PF_XLSB_XF, 2, 0, 2, 9); /* of a cell style: does not count */
    PUT(to, PF_XLSB_BEGIN_CELL_XFS, 4, 2);
    PUT(to, PF_XLSB_XF, 2, 0, 2, 0);
    PUT(to, PF_XLSB_XF, 2, 0, 2, 164);
    PUT(to, PF_XLSB_END_CELL_XFS, 0, 0);
}
static inline void put_strings(struct pf_buf *to) {
    PUT(to, 159, 4, 77, 4, 99); /* counts that are not believed */
    PUT(to, PF_XLSB_SST_ITEM, 1, 0, 4, 4, 2, 'z', 2, 0xE9, 2, 0xD83D, 2, 0xDE00);
    PUT(to, PF_XLSB_SST_ITEM, 1, 3, 4, 1, 2, 'r', 4, 1, 2, 0, 2,
        1); /* rich and phonetic: runs behind the text */
    PUT(to, PF_XLSB_SST_ITEM, 1, 0, 4, 2, 2, 0xD83D, 2, 'x');
    PUT(to, PF_XLSB_END_SST, 0, 0);
}
/* A workbook whose sheet is that part. */
static inline void put_binary_book(struct pf_buf *to, const void *sheet, size_t size) {
    struct pf_buf workbook = {0}, styles = {0}, strings = {0}, table = {0};
    put_workbook(&workbook);
    put_styles(&styles);
    put_strings(&strings);
    put_table(&table);
    struct xlsx_part parts[] = {
        {"_rels/.rels", xlsb_rels, sizeof xlsb_rels - 1},
        {"xl/workbook.bin", workbook.data, workbook.size},
        {"xl/_rels/workbook.bin.rels", xlsb_workbook_rels, sizeof xlsb_workbook_rels - 1},
        {"xl/_rels/sheet.bin.rels", xlsb_sheet_rels, sizeof xlsb_sheet_rels - 1},
        {"xl/styles.bin", styles.data, styles.size},
        {"xl/strings.bin", strings.data, strings.size},
        {"xl/table.bin", table.data, table.size},
        {"xl/sheet.bin", sheet, size}};
    put_zip(to, parts, sizeof parts / sizeof parts[0]);
    pf_buf_clear(&workbook);
    pf_buf_clear(&styles);
    pf_buf_clear(&strings);
    pf_buf_clear(&table);
}
#endif
