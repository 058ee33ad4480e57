/* generate_ods.c — bench. Makes an OpenDocument workbook from a seed, as LibreOffice writes it.
 * SPDX-License-Identifier: MIT
 * Knows: content and styles of a spreadsheet; columns as of the benchmark's other workbooks.
 * Knows not: pyforge. Usage: generate_ods ROWS FILE; link with -lz. Checked by python-calamine. */
#include "archive.h"
#include "draw.h"

#define URN  "urn:oasis:names:tc:opendocument:xmlns:"
#define CELL "<table:table-cell "

static const char *const heads[10] = {"id", "qty",     "price",  "ratio", "day",
                                      "ts", "country", "status", "name",  "flag"};
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

static int64_t clock_s = 1420070400;

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
    uint64_t r = next(), q = next(), e = next();
    char value[64], shown[64];
    clock_s += (int64_t)(r % 150);
    archive_put(a, "<table:table-row table:style-name=\"ro1\">");
    sprintf(value, "%lld", (long long)i + 1);
    number(a, value, value);
    sprintf(value, "%llu", (unsigned long long)((r >> 8) % 1000));
    if (r % 20)
        number(a, value, value);
    else
        archive_put(a, CELL "/>");
    sprintf(value, "%.16g", (double)((q >> 11) % 10000000) / 100);
    number(a, value, value);
    double ratio = (double)(next() >> 11) * 0x1p-53 * ((e >> 9) % 4 ? 1 : 1000);
    shortest(ratio, value);
    sprintf(shown, "%.10g", ratio);
    if (e % 33)
        number(a, value, shown);
    else
        archive_put(a, CELL "/>");
    int hour = (int)(clock_s / 3600 % 24), minute = (int)(clock_s / 60 % 60);
    sprintf(value, "T%02d:%02d:%02d", hour, minute, (int)(clock_s % 60));
    sprintf(shown, " %02d:%02d", hour, minute);
    date(a, "ce1", clock_s / 86400 - (int64_t)(q % 400), "", "");
    date(a, "ce2", clock_s / 86400, value, shown);
    int country = (int)((e >> 20) % 200);
    sprintf(value, "%c%c%c", 'A' + country % 26, 'A' + 7 * country % 25, 'A' + country / 26);
    string(a, value);
    string(a, statuses[(e >> 30) % 8]);
    sprintf(value, "%s %s %d", firsts[(e >> 34) % 30], lasts[(e >> 40) % 20], (int)(q % 500));
    string(a, value);
    archive_put(a, r >> 20 & 1 ? CELL "office:value-type=\"boolean\" office:boolean-value=\"true\" "
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
