/* generate_ods.c — bench. Makes an OpenDocument workbook from a seed, as LibreOffice writes it.
 * SPDX-License-Identifier: MIT
 * Knows: content and styles of a spreadsheet; columns as of the benchmark's other workbooks.
 * Knows not: pyforge. Usage: generate_ods ROWS FILE; link with -lz. Checked by python-calamine. */
#include "archive.h"
#include "orders.h"

#define URN  "urn:oasis:names:tc:opendocument:xmlns:"
#define CELL "<table:table-cell "

static const char mimetype[] = "application/vnd.oasis.opendocument.spreadsheet";
static const char manifest[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest xmlns:manifest=\"" URN
    "manifest:1.0\" manifest:version=\"1.3\"><manifest:file-entry manifest:full-path=\"/\" "
    "manifest:version=\"1.3\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>"
    "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>"
    "</manifest:manifest>";
static const char front[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content xmlns:office=\"" URN
    "office:1.0\" xmlns:style=\"" URN "style:1.0\" xmlns:text=\"" URN "text:1.0\" xmlns:table=\"" URN
    "table:1.0\" xmlns:number=\"" URN
    "datastyle:1.0\" xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\" "
    "office:version=\"1.3\"><office:automatic-styles><number:date-style style:name=\"N84\"><number:year "
    "number:style=\"long\"/><number:text>-</number:text><number:month number:style=\"long\"/><number:text>-"
    "</number:text><number:day number:style=\"long\"/></number:date-style><number:date-style "
    "style:name=\"N85\"><number:year number:style=\"long\"/><number:text>-</number:text><number:month "
    "number:style=\"long\"/><number:text>-</number:text><number:day number:style=\"long\"/><number:text> "
    "</number:text><number:hours number:style=\"long\"/><number:text>:</number:text><number:minutes "
    "number:style=\"long\"/></number:date-style><style:style style:name=\"ce1\" style:family=\"table-cell\" "
    "style:data-style-name=\"N84\"/><style:style style:name=\"ce2\" style:family=\"table-cell\" "
    "style:data-style-name=\"N85\"/></office:automatic-styles><office:body><office:spreadsheet><table:table "
    "table:name=\"Data\"><table:table-column table:number-columns-repeated=\"10\"/>";

static void number(struct archive *a, const char *value, const char *shown) {
    char text[256];
    sprintf(text,
            CELL "office:value-type=\"float\" office:value=\"%s\" calcext:value-type=\"float\">"
                 "<text:p>%s</text:p></table:table-cell>",
            value, shown);
    archive_put(a, text);
}

static void string(struct archive *a, const char *value) {
    archive_put(a, CELL "office:value-type=\"string\" calcext:value-type=\"string\"><text:p>");
    archive_put(a, value);
    archive_put(a, "</text:p></table:table-cell>");
}

static void date(struct archive *a, const char *style, int64_t days, const char *time, const char *shown) {
    char text[320], day[32];
    int y, m, d;
    civil(days, &y, &m, &d);
    sprintf(day, "%04d-%02d-%02d", y, m, d);
    sprintf(text,
            CELL "table:style-name=\"%s\" office:value-type=\"date\" office:date-value=\"%s%s\" "
                 "calcext:value-type=\"date\"><text:p>%s%s</text:p></table:table-cell>",
            style, day, time, day, shown);
    archive_put(a, text);
}

static void row(struct archive *a, int64_t i) {
    struct order order = next_order(i + 1);
    char value[64], shown[64];
    archive_put(a, "<table:table-row table:style-name=\"ro1\">");
    sprintf(value, "%lld", (long long)order.id);
    number(a, value, value);
    sprintf(value, "%d", order.qty);
    if (order.qty >= 0)
        number(a, value, value);
    else
        archive_put(a, "<table:table-cell/>");
    sprintf(value, "%.16g", order.price);
    number(a, value, value);
    shortest(order.ratio, value);
    sprintf(shown, "%.10g", order.ratio);
    if (order.ratio >= 0)
        number(a, value, shown);
    else
        archive_put(a, "<table:table-cell/>");
    int hour = (int)(order.ts_s / 3600 % 24), minute = (int)(order.ts_s / 60 % 60);
    sprintf(value, "T%02d:%02d:%02d", hour, minute, (int)(order.ts_s % 60));
    sprintf(shown, " %02d:%02d", hour, minute);
    date(a, "ce1", order.day, "", "");
    date(a, "ce2", order.ts_s / DAY_S, value, shown);
    for (int t = 0; t < 3; t++) {
        order_text(order.texts[t], value);
        string(a, value);
    }
    archive_put(a, order.flag ? CELL "office:value-type=\"boolean\" office:boolean-value=\"true\" "
                                     "calcext:value-type=\"boolean\"><text:p>TRUE</text:p></table:table-cell>"
                              : CELL
                       "office:value-type=\"boolean\" office:boolean-value=\"false\" "
                       "calcext:value-type=\"boolean\"><text:p>FALSE</text:p></table:table-cell>");
    archive_put(a, "</table:table-row>");
}

int main(int argc, char **argv) {
    static struct archive zip;
    if (argc != 3) {
        fputs("usage: generate_ods ROWS FILE\n", stderr);
        return 2;
    }
    int64_t rows = strtoll(argv[1], NULL, 10);
    zip.file = fopen(argv[2], "wb");
    if (!zip.file)
        return 1;
    archive_store(&zip, "mimetype", mimetype);
    archive_begin(&zip, "content.xml");
    archive_put(&zip, front);
    archive_put(&zip, "<table:table-row table:style-name=\"ro1\">");
    for (int c = 0; c < 10; c++)
        string(&zip, heads[c]);
    archive_put(&zip, "</table:table-row>");
    for (int64_t i = 0; i < rows; i++)
        row(&zip, i);
    archive_put(&zip, "</table:table></office:spreadsheet></office:body></office:document-content>");
    archive_end(&zip);
    archive_begin(&zip, "META-INF/manifest.xml");
    archive_put(&zip, manifest);
    archive_end(&zip);
    archive_finish(&zip);
    return fclose(zip.file) ? 1 : 0;
}
