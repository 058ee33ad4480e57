/* generate_xlsb.c — bench. Makes a binary workbook from a seed, as Excel writes it.                SPDX-License-Identifier: MIT
 * Knows: records of [MS-XLSB]; columns as of the benchmark's other workbooks.
 * Knows not: pyforge. Usage: generate_xlsb ROWS FILE; link with -lz. Checked by pyxlsb and python-calamine. */
#include "archive.h"
#include "orders.h"

#define REL     "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define HEAD    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

/* One record, gathered before its head is written. */
struct record {
    uint8_t bytes[512];
    size_t size;
};

static void bytes(struct record *r, const void *from, size_t count) {
    memcpy(r->bytes + r->size, from, count);
    r->size += count;
}
static void u16(struct record *r, unsigned v) { bytes(r, &(uint16_t){(uint16_t)v}, 2); }
static void u32(struct record *r, uint32_t v) { bytes(r, &v, 4); }

/* XLWideString of UTF-8 text: characters of the basic plane. */
static void wide(struct record *r, const char *text) {
    size_t at = r->size;
    u32(r, 0);
    for (const uint8_t *p = (const uint8_t *)text; *p;) {
        unsigned c = *p++;
        if (c >= 0xE0) {
            c = (c & 15) << 12 | (p[0] & 63u) << 6 | (p[1] & 63u);
            p += 2;
        } else if (c >= 0xC0)
            c = (c & 31) << 6 | (*p++ & 63u);
        u16(r, c);
    }
    memcpy(r->bytes + at, &(uint32_t){(uint32_t)(r->size - at - 4) / 2}, 4);
}

static void varying(struct archive *a, uint32_t v) {
    for (; v > 127; v >>= 7)
        archive_write(a, &(uint8_t){(uint8_t)(v | 128)}, 1);
    archive_write(a, &(uint8_t){(uint8_t)v}, 1);
}

static void put(struct archive *a, unsigned number, struct record *r) {
    varying(a, number);
    varying(a, (uint32_t)r->size);
    archive_write(a, r->bytes, r->size);
    r->size = 0;
}
static void mark(struct archive *a, unsigned number) { put(a, number, &(struct record){0}); }

/* ---- cells ---- */

static void cell(struct record *r, int column, unsigned style) {
    u32(r, (uint32_t)column);
    u32(r, style);
}

static void rk(struct archive *a, int column, unsigned style, int64_t value, unsigned hundredths) {
    struct record r = {0};
    cell(&r, column, style);
    u32(&r, (uint32_t)value << 2 | 2 | hundredths);
    put(a, 2, &r);
}

static void real(struct archive *a, int column, unsigned style, double value) {
    struct record r = {0};
    cell(&r, column, style);
    bytes(&r, &value, 8);
    put(a, 5, &r);
}

static void text_cell(struct archive *a, struct shared *shared, int column, int32_t text) {
    struct record r = {0};
    cell(&r, column, 0);
    u32(&r, (uint32_t)shared_id(shared, text));
    put(a, 7, &r);
}

static void row_head(struct archive *a, uint32_t row) {
    struct record r = {0};
    u32(&r, row), u32(&r, 0), u16(&r, 300), u16(&r, 0), bytes(&r, "", 1);
    u32(&r, 1), u32(&r, 0), u32(&r, 9); /* one span: columns 0 to 9 */
    put(a, 0, &r);
}

static void row(struct archive *a, struct shared *shared, uint32_t at) {
    struct order order = next_order(at);
    struct record r = {0};
    row_head(a, at);
    rk(a, 0, 0, order.id, 0);
    if (order.qty >= 0)
        rk(a, 1, 0, order.qty, 0);
    rk(a, 2, 0, (int64_t)(order.price * 100 + 0.5), 1);
    if (order.ratio >= 0)
        real(a, 3, 0, order.ratio);
    rk(a, 4, 1, order.day + EXCEL_EPOCH, 0);
    real(a, 5, 2, STAMP(order));
    for (int t = 0; t < 3; t++)
        text_cell(a, shared, 6 + t, order.texts[t]);
    cell(&r, 9, 0);
    bytes(&r, &(uint8_t){(uint8_t)order.flag}, 1);
    put(a, 4, &r);
}

/* ---- parts ---- */

static void sheet(struct archive *a, struct shared *shared, uint32_t rows) {
    struct record r = {0};
    archive_begin(a, "xl/worksheets/sheet1.bin");
    mark(a, 129);
    u32(&r, 0), u32(&r, rows), u32(&r, 0), u32(&r, 9);
    put(a, 148, &r);
    mark(a, 145);
    row_head(a, 0);
    for (int c = 0; c < 10; c++)
        text_cell(a, shared, c, HEADS + c);
    for (uint32_t i = 1; i <= rows; i++)
        row(a, shared, i);
    mark(a, 146);
    mark(a, 130);
    archive_end(a);
}

static void strings(struct archive *a, const struct shared *shared) {
    struct record r = {0};
    char text[64];
    archive_begin(a, "xl/sharedStrings.bin");
    u32(&r, shared->uses), u32(&r, (uint32_t)shared->count);
    put(a, 159, &r);
    for (int32_t i = 0; i < shared->count; i++) {
        order_text(shared->order[i], text);
        bytes(&r, "", 1);
        wide(&r, text);
        put(a, 19, &r);
    }
    mark(a, 160);
    archive_end(a);
}

static void styles(struct archive *a) {
    static const char *const codes[] = {"yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"};
    struct record r = {0};
    archive_begin(a, "xl/styles.bin");
    mark(a, 278);
    u32(&r, 2);
    put(a, 615, &r);
    for (unsigned i = 0; i < 2; i++) {
        u16(&r, 164 + i);
        wide(&r, codes[i]);
        put(a, 44, &r);
    }
    mark(a, 616);
    u32(&r, 3);
    put(a, 617, &r);
    for (unsigned i = 0; i < 3; i++) {
        u16(&r, 0), u16(&r, i ? 163 + i : 0), u32(&r, 0), u32(&r, 0);
        u32(&r, i ? 1u << 16 : 0); /* its number format is its own: LibreOffice asks for the bit */
        put(a, 47, &r);
    }
    mark(a, 618);
    mark(a, 279);
    archive_end(a);
}

static void workbook(struct archive *a) {
    struct record r = {0};
    archive_begin(a, "xl/workbook.bin");
    mark(a, 131);
    u32(&r, 0), u32(&r, 0), u32(&r, 0);
    put(a, 153, &r);
    mark(a, 143);
    u32(&r, 0), u32(&r, 1), wide(&r, "rId1"), wide(&r, "Data");
    put(a, 156, &r);
    mark(a, 144);
    mark(a, 132);
    archive_end(a);
}

static void frame(struct archive *a) {
    archive_store(a, "[Content_Types].xml",
                  HEAD "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"bin\" "
                       "ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/><Default "
                       "Extension=\"rels\" "
                       "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/></Types>");
    archive_store(a, "_rels/.rels",
                  HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" REL
                       "/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>");
    archive_store(a, "xl/_rels/workbook.bin.rels",
                  HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" REL
                       "/worksheet\" Target=\"worksheets/sheet1.bin\"/><Relationship Id=\"rId2\" Type=\"" REL
                       "/styles\" Target=\"styles.bin\"/><Relationship Id=\"rId3\" Type=\"" REL
                       "/sharedStrings\" Target=\"sharedStrings.bin\"/></Relationships>");
}

int main(int argc, char **argv) {
    static struct archive zip;
    static struct shared shared;
    if (argc != 3) {
        fputs("usage: generate_xlsb ROWS FILE\n", stderr);
        return 2;
    }
    zip.file = fopen(argv[2], "wb");
    if (!zip.file)
        return 1;
    frame(&zip);
    workbook(&zip);
    styles(&zip);
    sheet(&zip, &shared, (uint32_t)strtoul(argv[1], NULL, 10));
    strings(&zip, &shared);
    archive_finish(&zip);
    return fclose(zip.file) ? 1 : 0;
}
