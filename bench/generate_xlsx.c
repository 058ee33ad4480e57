/* generate_xlsx.c — bench. Makes workbooks of the benchmark from a seed, as libxlsxwriter writes them.
 * SPDX-License-Identifier: MIT
 * Knows: sheet XML, shared and inline strings.
 * Knows not: pyforge. Usage: generate_xlsx shared|inline|sheets|wide|corners ROWS FILE; link with -lz */
#include "archive.h"
#include "orders.h"

struct book {
    struct archive zip;
    int is_inline;
    struct shared shared;
};

static void put(struct book *b, const char *text) { archive_put(&b->zip, text); }
static void begin(struct book *b, const char *name) {
    archive_begin(&b->zip, name);
    put(b, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
}
static void end(struct book *b) { archive_end(&b->zip); }

/* ---- cells ---- */

static void place(struct book *b, int column, int64_t row, int style, const char *type) {
    char text[80];
    sprintf(text, "<c r=\"%c%lld\"", 'A' + column, (long long)row);
    put(b, text);
    if (style) {
        sprintf(text, " s=\"%d\"", style);
        put(b, text);
    }
    put(b, type);
}

static void number(struct book *b, int column, int64_t row, int style, const char *value) {
    place(b, column, row, style, "><v>");
    put(b, value);
    put(b, "</v></c>");
}

static void words_in(struct book *b, int column, int64_t row, const char *value) {
    place(b, column, row, 0, " t=\"inlineStr\"><is><t>");
    put(b, value);
    put(b, "</t></is></c>");
}

static void string(struct book *b, int column, int64_t row, int32_t text) {
    char value[64];
    if (b->is_inline) {
        order_text(text, value);
        words_in(b, column, row, value);
        return;
    }
    place(b, column, row, 0, " t=\"s\"><v>");
    sprintf(value, "%d", shared_id(&b->shared, text));
    put(b, value);
    put(b, "</v></c>");
}

static void cells(struct book *b, int first, int64_t i, int64_t row) {
    struct order order = next_order(i + 1);
    char text[64];
    sprintf(text, "%lld", (long long)order.id);
    number(b, first, row, 0, text);
    sprintf(text, "%d", order.qty);
    if (order.qty >= 0)
        number(b, first + 1, row, 0, text);
    sprintf(text, "%.16g", order.price);
    number(b, first + 2, row, 0, text);
    shortest(order.ratio, text);
    if (order.ratio >= 0)
        number(b, first + 3, row, 0, text);
    sprintf(text, "%lld", (long long)(order.day + EXCEL_EPOCH));
    number(b, first + 4, row, 1, text);
    sprintf(text, "%.16g", STAMP(order));
    number(b, first + 5, row, 2, text);
    for (int t = 0; t < 3; t++)
        string(b, first + 6 + t, row, order.texts[t]);
    place(b, first + 9, row, 0, order.flag ? " t=\"b\"><v>1</v></c>" : " t=\"b\"><v>0</v></c>");
}

static void sheet(struct book *b, int index, int64_t from, int64_t rows, int groups) {
    char text[96];
    sprintf(text, "xl/worksheets/sheet%d.xml", index + 1);
    begin(b, text);
    put(b, "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row "
           "r=\"1\">");
    for (int c = 0; c < 10 * groups; c++) {
        sprintf(text, c < 10 ? "%s" : "%s2", heads[c % 10]);
        words_in(b, c, 1, text);
    }
    put(b, "</row>");
    for (int64_t i = 0; i < rows; i++) {
        sprintf(text, "<row r=\"%lld\" spans=\"1:%d\">", (long long)i + 2, 10 * groups);
        put(b, text);
        for (int g = 0; g < groups; g++)
            cells(b, 10 * g, from + i, i + 2);
        put(b, "</row>");
    }
    put(b, "</sheetData></worksheet>");
    end(b);
}

/* A sheet of two cells: its first and its last. */
static void corners(struct book *b, int64_t rows) {
    char text[96];
    begin(b, "xl/worksheets/sheet1.xml");
    put(b, "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row "
           "r=\"1\"><c r=\"A1\"><v>1</v></c></row>");
    sprintf(text, "<row r=\"%lld\"><c r=\"XFD%lld\"><v>2</v></c></row>", (long long)rows, (long long)rows);
    put(b, text);
    put(b, "</sheetData></worksheet>");
    end(b);
}

static void strings(struct book *b) {
    char text[96];
    begin(b, "xl/sharedStrings.xml");
    sprintf(text, " count=\"%u\" uniqueCount=\"%d\">", (unsigned)b->shared.uses, b->shared.count);
    put(b, "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"");
    put(b, text);
    for (int32_t i = 0; i < b->shared.count; i++) {
        order_text(b->shared.order[i], text);
        put(b, "<si><t>");
        put(b, text);
        put(b, "</t></si>");
    }
    put(b, "</sst>");
    end(b);
}

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define TYPES  "application/vnd.openxmlformats-officedocument.spreadsheetml."

static void frame(struct book *b, int sheets) {
    char text[300];
    begin(b, "[Content_Types].xml");
    put(b,
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "
        "Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" "
        "ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPES
        "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPES
        "styles+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"" TYPES
        "sharedStrings+xml\"/>");
    for (int i = 0; i < sheets; i++) {
        sprintf(text,
                "<Override PartName=\"/xl/worksheets/sheet%d.xml\" ContentType=\"" TYPES "worksheet+xml\"/>",
                i + 1);
        put(b, text);
    }
    put(b, "</Types>"), end(b);
    begin(b, "_rels/.rels");
    put(b,
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
        "Id=\"rId1\" Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
    end(b);
    begin(b, "xl/workbook.xml");
    put(b, "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"" OFFICE
           "\"><sheets>");
    for (int i = 0; i < sheets; i++) {
        sprintf(text, "<sheet name=\"Sheet%d\" sheetId=\"%d\" r:id=\"rId%d\"/>", i + 1, i + 1, i + 1);
        put(b, text);
    }
    put(b, "</sheets></workbook>"), end(b);
    begin(b, "xl/_rels/workbook.xml.rels");
    put(b, "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for (int i = 0; i < sheets; i++) {
        sprintf(text,
                "<Relationship Id=\"rId%d\" Type=\"" OFFICE "/worksheet\" Target=\"worksheets/sheet%d.xml\"/>",
                i + 1, i + 1);
        put(b, text);
    }
    put(b, "<Relationship Id=\"rId98\" Type=\"" OFFICE
           "/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId99\" "
           "Type=\"" OFFICE "/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>");
    end(b);
    begin(b, "xl/styles.xml");
    put(b,
        "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts "
        "count=\"2\"><numFmt "
        "numFmtId=\"164\" formatCode=\"yyyy-mm-dd\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy-mm-dd "
        "hh:mm:ss\"/></numFmts><fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill><patternFill "
        "patternType=\"none\"/></fill></fills><borders "
        "count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"3\"><xf "
        "numFmtId=\"0\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/><xf numFmtId=\"165\" "
        "applyNumberFormat=\"1\"/></cellXfs></styleSheet>");
    end(b);
}

int main(int argc, char **argv) {
    static struct book book;
    if (argc != 4) {
        fputs("usage: generate_xlsx shared|inline|sheets|wide|corners ROWS FILE\n", stderr);
        return 2;
    }
    int64_t rows = strtoll(argv[2], NULL, 10);
    int sheets = strcmp(argv[1], "sheets") == 0 ? 10 : 1, groups = strcmp(argv[1], "wide") == 0 ? 2 : 1;
    book.is_inline = strcmp(argv[1], "inline") == 0;
    book.zip.file = fopen(argv[3], "wb");
    if (!book.zip.file)
        return 1;
    frame(&book, sheets);
    if (strcmp(argv[1], "corners") == 0)
        corners(&book, rows);
    else
        for (int i = 0; i < sheets; i++)
            sheet(&book, i, rows / sheets * i, rows / sheets, groups);
    strings(&book);
    archive_finish(&book.zip);
    return fclose(book.zip.file) ? 1 : 0;
}
