/* test_ods_sheet.c — what is stored in an OpenDocument sheet is what comes out.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "bytes/bytes_source.h"
#include "read/ods/ods_cell.h"

static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 1 << 30};
static const char styles[] =
    "<number:time-style style:name=\"C\"><number:hours/></number:time-style><number:date-style "
    "style:name=\"D\">"
    "<number:year/></number:date-style><style:style style:name=\"c\" style:family=\"table-cell\" "
    "style:data-style-name=\"C\"/><style:style style:name=\"d\" style:family=\"table-cell\" "
    "style:data-style-name=\"D\"/>";

struct sheet {
    struct pf_buf xml;
    struct pf_source source;
    struct pf_grid_book book;
};

/* A flat document of one table. */
static pf_status open_sheet(struct sheet *s, const char *table, struct pf_error *err) {
    *s = (struct sheet){0};
    (void)pf_buf_print(&s->xml, NULL,
                       "<office:document><office:automatic-styles>%s</office:automatic-styles><office:body>"
                       "<office:spreadsheet><table:table table:name=\"S\">%s</table:table></office:spreadsheet>"
                       "</office:body></office:document>",
                       styles, table);
    pf_source_memory(s->xml.data, s->xml.size, &s->source);
    return pf_ods_book_open(&s->source, &host, &s->book, err);
}

static void close_sheet(struct sheet *s) {
    if (s->book.driver)
        s->book.driver->close_book(s->book.self);
    pf_buf_clear(&s->xml);
}

/* "A1 kind value" a line. */
static void print_block(const struct pf_grid_block *block, struct pf_buf *to) {
    for (size_t r = 0; r < block->row_count; r++)
        for (uint32_t i = block->rows[r].from; i < pf_grid_row_end(block, r); i++) {
            const struct pf_cell *cell = &block->cells[i];
            char place[16];
            place[pf_grid_place_print(block->rows[r].number, cell->column, place)] = 0;
            if (cell->kind == PF_CELL_NUMBER)
                (void)pf_buf_print(to, NULL, "%s %d %.10g\n", place, cell->kind, cell->value.number);
            else if (cell->kind == PF_CELL_TEXT || cell->kind == PF_CELL_ERROR || cell->kind == PF_CELL_UNKNOWN)
                (void)pf_buf_print(to, NULL, "%s %d %.*s\n", place, cell->kind, (int)cell->value.text.size,
                                   (const char *)block->text.data + cell->value.text.at);
            else
                (void)pf_buf_print(to, NULL, "%s %d %lld\n", place, cell->kind, (long long)cell->value.whole);
        }
}

static pf_status read_sheet(struct sheet *s, uint32_t wants, struct pf_buf *to, struct pf_error *err) {
    struct pf_grid_block block = {0};
    void *cursor;
    pf_status status = s->book.driver->open(s->book.self, 0, wants, &cursor, err);
    if (status != PF_OK)
        return status;
    do {
        pf_grid_block_empty(&block);
        status = s->book.driver->next(cursor, &block, err);
        print_block(&block, to);
    } while (status == PF_OK && block.row_count);
    s->book.driver->close(cursor);
    pf_grid_block_clear(&block);
    return status;
}

static void expect(const char *table, uint32_t wants, const char *want) {
    struct sheet s;
    struct pf_buf got = {0};
    struct pf_error err = PF_ERROR_INIT;
    if (open_sheet(&s, table, &err) != PF_OK || read_sheet(&s, wants, &got, &err) != PF_OK)
        fail_msg("%s: %s", table, err.message);
    (void)pf_buf_put(&got, "", 1, NULL);
    if (strcmp((const char *)got.data, want) != 0)
        fail_msg("%s\ngives\n%sfor\n%s", table, (const char *)got.data, want);
    pf_buf_clear(&got);
    close_sheet(&s);
}

#define ROW(cells)         "<table:table-row>" cells "</table:table-row>"
#define CELL(attributes)   "<table:table-cell " attributes "/>"
#define TEXT(inner)        "<table:table-cell office:value-type=\"string\">" inner "</table:table-cell>"
#define DATED(value, more) CELL("office:value-type=\"date\" office:date-value=\"" value "\" " more)
#define TIMED(value, more) CELL("office:value-type=\"time\" office:time-value=\"" value "\" " more)

static void values_have_the_type_that_the_cell_says(void **state) {
    (void)state;
    expect(ROW(CELL("office:value-type=\"float\" office:value=\"1.5\"")), 0, "A1 0 1.5\n");
    expect(ROW(CELL("office:value-type=\"percentage\" office:value=\"0.5\"")), 0, "A1 0 0.5\n");
    expect(ROW(CELL("office:value-type=\"boolean\" office:boolean-value=\"true\"")), 0, "A1 1 1\n");
    expect(ROW(DATED("1970-01-02", "")), 0, "A1 5 1\n");
    expect(ROW(DATED("1970-01-02T00:00:01.4996", "")), 0, "A1 6 86401500000\n");
    expect(ROW(DATED("1970-01-02T00:00:00", "")), 0, "A1 6 86400000000\n");
    expect(ROW(DATED("1970-01-02T00:00:00", "table:style-name=\"d\"")), 0, "A1 5 1\n");
    expect(ROW(DATED("0000-99-99", "")), 0, "A1 3 0000-99-99\n");
    expect(ROW(TIMED("PT06H00M00S", "")), 0, "A1 7 21600000000\n");
    expect(ROW(TIMED("PT06H00M00S", "table:style-name=\"c\"")), 0, "A1 0 0.25\n");
    expect(ROW(TIMED("PT30H00M00S", "table:style-name=\"c\"")), 0, "A1 7 108000000000\n");
    expect(ROW(CELL("table:value-type=\"float\" table:value=\"2\"")), 0, "A1 0 2\n"); /* OpenOffice.org 1 */
}

static void number_cells_stay_numbers_under_a_style_of_dates(void **state) {
    (void)state;
    struct sheet s;
    struct pf_grid_block block = {0};
    void *cursor;
    assert_int_equal(
        open_sheet(&s, ROW(CELL("table:style-name=\"d\" office:value-type=\"float\" office:value=\"7\"")),
                   NULL),
        PF_OK);
    assert_int_equal(s.book.driver->open(s.book.self, 0, 0, &cursor, NULL), PF_OK);
    assert_int_equal(s.book.driver->next(cursor, &block, NULL), PF_OK);
    assert_int_equal(block.cell_count, 1);
    assert_int_equal(block.cells[0].style, 0);
    s.book.driver->close(cursor);
    pf_grid_block_clear(&block);
    close_sheet(&s);
}

static void text_is_what_is_shown_and_nothing_else(void **state) {
    (void)state;
    expect(ROW(TEXT("<text:p>a</text:p><text:p/><text:p>b</text:p>")), 0, "A1 3 a\n\nb\n");
    expect(ROW(TEXT("<text:p> a \n b<text:s text:c=\"2\"/>c<text:tab/>d<text:line-break/>e</text:p>")), 0,
           "A1 3 a b  c\td\ne\n");
    expect(ROW(TEXT("<text:p>a<text:span>b</text:span><text:a>c</text:a></text:p>")), 0, "A1 3 abc\n");
    expect(ROW(TEXT("<office:annotation><text:p>x</text:p></office:annotation><text:p>a</text:p>")), 0,
           "A1 3 a\n");
    expect(ROW(TEXT("<draw:frame><text:p>x</text:p></draw:frame><text:p>a</text:p>")), 0, "A1 3 a\n");
    expect(ROW(TEXT("<text:p><text:ruby><text:ruby-base>k</text:ruby-base><text:ruby-text>r</text:ruby-text>"
                    "</text:ruby></text:p>")),
           0, "A1 3 k\n");
    expect(ROW("<table:table-cell><text:p>untyped</text:p></table:table-cell>"), 0, "A1 3 untyped\n");
    expect(ROW(CELL("office:value-type=\"string\" office:string-value=\"v\"")), 0, "A1 3 v\n");
}

static void errors_and_formulas_are_told_apart(void **state) {
    (void)state;
    static const char error[] =
        ROW("<table:table-cell table:formula=\"of:=NA()\" office:value-type=\"string\" "
            "office:string-value=\"\" calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell>");
    static const char sum[] =
        ROW(CELL("table:formula=\"of:=[.B1]\" office:value-type=\"float\" office:value=\"1\""));
    expect(error, 0, "A1 4 #N/A\n");
    expect(error, PF_GRID_FORMULAS, "A1 3 =NA()\n");
    expect(sum, 0, "A1 0 1\n");
    expect(sum, PF_GRID_FORMULAS, "A1 3 =[.B1]\n");
    expect(ROW(CELL("table:formula=\"of:=[.B1]\"")), 0, "A1 8 =[.B1]\n");
}

#define ONE   CELL("office:value-type=\"float\" office:value=\"1\"")
#define TWICE CELL("office:value-type=\"float\" office:value=\"2\" table:number-columns-repeated=\"2\"")

static void repeats_of_values_are_values_and_of_blanks_are_places(void **state) {
    (void)state;
    expect(ROW(TWICE CELL("table:number-columns-repeated=\"3\"") ONE), 0, "A1 0 2\nB1 0 2\nF1 0 1\n");
    expect("<table:table-row table:number-rows-repeated=\"3\">" ONE "</table:table-row>" ROW(ONE), 0,
           "A1 0 1\nA2 0 1\nA3 0 1\nA4 0 1\n");
    expect(
        "<table:table-row table:number-rows-repeated=\"1048575\">" CELL(
            "table:number-columns-repeated=\"16383\"") "</table:table-row>" ROW(CELL("table:number-columns-"
                                                                                     "repeated=\"16383\"") ONE),
        0, "XFD1048576 0 1\n");
    expect("<table:table-header-rows>" ROW(ONE) "</table:table-header-rows><table:table-row-group>" ROW(
               ONE) "</table:table-row-group>",
           0, "A1 0 1\nA2 0 1\n");
}

static void repeats_without_measure_are_refused(void **state) {
    (void)state;
    static const char *const tables[] = {
        "<table:table-row>" CELL("table:number-columns-repeated=\"16384\"") ONE "</table:table-row>",
        "<table:table-row table:number-rows-repeated=\"1048577\">" ONE "</table:table-row>",
        "<table:table-row table:number-rows-repeated=\"99999\"><table:table-cell office:value-type=\"float\" "
        "office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row>"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct sheet s;
        struct pf_buf got = {0};
        assert_int_equal(open_sheet(&s, tables[i], NULL), PF_OK);
        assert_int_equal(read_sheet(&s, 0, &got, NULL), PF_LIMIT);
        pf_buf_clear(&got);
        close_sheet(&s);
    }
}

static void merged_ranges_are_spans_of_cells(void **state) {
    (void)state;
    struct sheet s;
    const struct pf_grid_range *ranges;
    size_t count;
    assert_int_equal(open_sheet(&s,
                                ROW(ONE) ROW(CELL("") CELL("table:number-columns-spanned=\"2\" "
                                                           "table:number-rows-spanned=\"3\"")),
                                NULL),
                     PF_OK);
    assert_int_equal(s.book.driver->merges(s.book.self, 0, &ranges, &count, NULL), PF_OK);
    assert_int_equal(count, 1);
    assert_int_equal(ranges[0].first_row, 1);
    assert_int_equal(ranges[0].last_row, 3);
    assert_int_equal(ranges[0].first_column, 1);
    assert_int_equal(ranges[0].last_column, 2);
    close_sheet(&s);
}

static void durations_are_read_to_the_millisecond(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t micros;
    } good[] = {{"PT0S", 0},
                {"PT1H2M3S", 3723000000},
                {"PT00H00M00.0009S", 1000},
                {"-P1DT1H", -90000000000},
                {"PT100H", 360000000000},
                {"P2D", 172800000000},
                {"PT1,5S", 1500000}};
    static const char *const bad[] = {"",       "P",     "PT",   "1H",     "P1Y",
                                      "PT1M1H", "PT1D",  "P1H",  "PT1.5H", "PT99999999999999S",
                                      "PT1",    "PTT1S", "PT1S1"};
    int64_t micros;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (!pf_ods_duration(good[i].text, strlen(good[i].text), &micros))
            fail_msg("%s is refused", good[i].text);
        assert_int_equal(micros, good[i].micros);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (pf_ods_duration(bad[i], strlen(bad[i]), &micros))
            fail_msg("%s is taken", bad[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_have_the_type_that_the_cell_says),
                                       cmocka_unit_test(number_cells_stay_numbers_under_a_style_of_dates),
                                       cmocka_unit_test(text_is_what_is_shown_and_nothing_else),
                                       cmocka_unit_test(errors_and_formulas_are_told_apart),
                                       cmocka_unit_test(repeats_of_values_are_values_and_of_blanks_are_places),
                                       cmocka_unit_test(repeats_without_measure_are_refused),
                                       cmocka_unit_test(merged_ranges_are_spans_of_cells),
                                       cmocka_unit_test(durations_are_read_to_the_millisecond)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
