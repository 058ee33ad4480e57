/* test_spreadsheetml_sheet.c — what is stored in a workbook of XML of 2003 is what comes out.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../sheet_twice.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "read/spreadsheetml/spreadsheetml_book.h"
#include "read/spreadsheetml/spreadsheetml_reader.h"

#define BEGIN                                                                                                  \
    "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>"                                        \
    "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "                                        \
    "xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">"
#define STYLES                                                                                                 \
    "<Styles><Style ss:ID=\"Default\"/><Style ss:ID=\"day\"><NumberFormat ss:Format=\"Short Date\"/></Style>"  \
    "<Style ss:ID=\"own\"><NumberFormat ss:Format=\"0.0%\"/></Style>"                                          \
    "<Style ss:ID=\"day\"><NumberFormat ss:Format=\"Fixed\"/></Style></Styles>"
#define SHEET(rows) "<Worksheet ss:Name=\"S\"><Table>" rows "</Table></Worksheet>"

struct opened {
    struct pf_source source;
    struct pf_grid_book book;
};

static pf_status open_text(struct opened *o, const char *text, size_t size, struct pf_error *err) {
    pf_source_memory(text, size, &o->source);
    return pf_spreadsheetml_book_open(&o->source, &o->book, err);
}

static pf_status read_text(const char *text, struct pf_buf *to, struct pf_error *err) {
    struct opened o;
    to->size = 0;
    pf_status status = open_text(&o, text, strlen(text), err);
    if (status != PF_OK)
        return status;
    for (int32_t i = 0; status == PF_OK && i < o.book.sheet_count; i++)
        status = print_sheet(&o.book, i, NULL, NULL, &(bool){true}, to, err);
    o.book.driver->close_book(o.book.self);
    return status;
}

/* A line per cell: place, type, kind, style, flags, value (sheet_twice.h). */
static void expect(const char *text, const char *want) {
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    if (read_text(text, &said, &err) != PF_OK)
        fail_msg("%s: %s", text, err.message);
    assert_int_equal(pf_buf_put(&said, "", 1, NULL), PF_OK);
    assert_string_equal((const char *)said.data, want);
    pf_buf_clear(&said);
}

static void a_style_is_what_is_named_or_its_parent_and_never_just_the_first(void **state) {
    (void)state;
    expect(BEGIN "<Styles><Style ss:ID='day'><NumberFormat ss:Format='Short Date'/></Style>"
                 "<Style ss:ID='red' ss:Parent='day'><Font/></Style></Styles>" SHEET(
                     "<Row><Cell><Data ss:Type='Number'>43861</Data></Cell><Cell ss:StyleID='nobody'><Data "
                     "ss:Type='Number'>43861</Data></Cell><Cell ss:StyleID='red'><Data "
                     "ss:Type='Number'>43861</Data></Cell></Row>") "</Workbook>",
           "A1 n 0 0 0 43861\nB1 n 0 0 0 43861\nC1 d 0 2 0 2020-01-31\n");
}

static void blanks_around_numbers_and_dates_are_nothing(void **state) {
    (void)state;
    expect(
        BEGIN STYLES SHEET("<Row><Cell><Data ss:Type='Number'>\n 5 </Data></Cell><Cell ss:StyleID='day'><Data "
                           "ss:Type='DateTime'> 2020-01-31\n</Data></Cell><Cell><Data ss:Type='String'> x "
                           "</Data></Cell></Row>") "</Workbook>",
        "A1 n 0 0 0 5\nB1 d 0 1 0 2020-01-31\nC1 s 3 0 0  x \n");
}

static void rows_that_a_row_spans_are_counted(void **state) {
    (void)state;
    expect(BEGIN SHEET("<Row ss:Span='2'/><Row><Cell><Data ss:Type='String'>x</Data></Cell></Row><Row "
                       "ss:Index='9'><Cell><Data ss:Type='String'>y</Data></Cell></Row>") "</Workbook>",
           "A4 s 3 0 0 x\nA9 s 3 0 0 y\n");
}

static void every_type_of_data_is_its_kind_of_cell(void **state) {
    (void)state;
    expect(BEGIN STYLES SHEET(
               "<Row><Cell><Data ss:Type='Number'>1.5</Data></Cell><Cell><Data ss:Type='String'>a &amp; "
               "b</Data></Cell><Cell><Data ss:Type='Boolean'>1</Data></Cell><Cell><Data "
               "ss:Type='Boolean'>0</Data></Cell><Cell><Data ss:Type='Error'>#N/A</Data></Cell><Cell "
               "ss:StyleID='day'><Data ss:Type='DateTime'>2020-01-01T00:00:00.000</Data></Cell><Cell><Data "
               "ss:Type='DateTime'>2020-01-01T12:00:00.500</Data></Cell><Cell ss:StyleID='own'><Data "
               "ss:Type='Number'>0.125</Data></Cell><Cell/></Row>") "</Workbook>",
           "A1 n 0 0 0 1.5\nB1 s 3 0 0 a & b\nC1 b 1 0 0 true\nD1 b 1 0 0 false\nE1 e 4 0 0 #N/A\nF1 d 0 1 0 "
           "2020-01-01\nG1 d 6 0 0 2020-01-01T12:00:00.500\nH1 n 0 2 0 0.125\n");
}

static void what_is_not_of_its_type_is_text(void **state) {
    (void)state;
    expect(
        BEGIN SHEET(
            "<Row><Cell><Data ss:Type='Number'>twelve</Data></Cell><Cell><Data "
            "ss:Type='DateTime'>soon</Data></Cell><Cell><Data ss:Type='Boolean'>yes</Data></Cell><Cell><Data "
            "ss:Type='Something of a long name'>x</Data></Cell></Row>") "</Workbook>",
        "A1 s 3 0 0 twelve\nB1 s 3 0 0 soon\nC1 s 3 0 0 yes\nD1 s 3 0 0 x\n");
}

static void places_are_counted_or_named_and_merged_cells_take_theirs(void **state) {
    (void)state;
    expect(BEGIN SHEET("<Column ss:Width='9'/><Row ss:Index='2'><Cell ss:Index='2' ss:MergeAcross='2'><Data "
                       "ss:Type='Number'>1</Data></Cell><Cell><Data "
                       "ss:Type='Number'>2</Data></Cell></Row><Row/><Row><Cell><Data "
                       "ss:Type='Number'>3</Data></Cell><Other/></Row>") "</Workbook>",
           "B2 n 0 0 0 1\nE2 n 0 0 0 2\nA4 n 0 0 0 3\n");
}

static void comments_are_left_out_and_rich_text_is_joined(void **state) {
    (void)state;
    expect(BEGIN SHEET("<Row><Cell><Comment ss:Author='me'><ss:Data xmlns='h'>no</ss:Data></Comment><ss:Data "
                       "ss:Type='String' xmlns='http://www.w3.org/TR/REC-html40'><B>rich</B> "
                       "text</ss:Data><NamedCell/></Cell></Row>") "</Workbook>",
           "A1 s 3 0 0 rich text\n");
}

static void formulas_give_their_values_and_their_text_on_request(void **state) {
    (void)state;
    static const char text[] =
        BEGIN SHEET("<Row><Cell ss:Formula='=1+1'><Data ss:Type='Number'>2</Data></Cell><Cell "
                    "ss:Formula='=NOW()'/></Row>") "</Workbook>";
    struct opened o;
    struct pf_grid_block block = {0};
    void *cursor;
    expect(text, "A1 n 0 0 1 2\nB1 s 8 0 1 =NOW()\n");
    assert_int_equal(open_text(&o, text, strlen(text), NULL), PF_OK);
    for (uint32_t wants = 0; wants <= PF_GRID_FORMULAS; wants += PF_GRID_FORMULAS) {
        assert_int_equal(o.book.driver->open(o.book.self, 0, wants, &cursor, NULL), PF_OK);
        pf_grid_block_empty(&block);
        assert_int_equal(o.book.driver->next(cursor, &block, NULL), PF_OK);
        assert_int_equal(block.cell_count, 2);
        assert_int_equal(block.cells[0].kind, wants ? PF_CELL_TEXT : PF_CELL_NUMBER);
        assert_int_equal(block.cells[1].kind, wants ? PF_CELL_TEXT : PF_CELL_UNKNOWN);
        assert_memory_equal(block.text.data + block.cells[1].value.text.at, "=NOW()", 6);
        o.book.driver->close(cursor);
    }
    pf_grid_block_clear(&block);
    o.book.driver->close_book(o.book.self);
}

static void sheets_have_names_and_states_and_the_book_its_date_system(void **state) {
    (void)state;
    static const char text[] =
        BEGIN "<ExcelWorkbook><Date1904/></ExcelWorkbook><Worksheet ss:Name='One'><Table><Row><Cell "
              "ss:StyleID='x'><Data "
              "ss:Type='Number'>1</Data></Cell></Row></Table><WorksheetOptions><Visible>SheetHidden</Visible></"
              "WorksheetOptions></Worksheet><Worksheet "
              "ss:Name='T&amp;wo'><WorksheetOptions><Visible>SheetVeryHidden</Visible></WorksheetOptions></"
              "Worksheet><Worksheet ss:Name='3'><Table/></Worksheet></Workbook>";
    struct opened o;
    assert_int_equal(open_text(&o, text, strlen(text), NULL), PF_OK);
    assert_int_equal(o.book.sheet_count, 3);
    assert_string_equal(o.book.sheets[0].name, "One");
    assert_string_equal(o.book.sheets[1].name, "T&wo");
    assert_int_equal(o.book.sheets[0].state, PF_SHEET_HIDDEN);
    assert_int_equal(o.book.sheets[1].state, PF_SHEET_VERY_HIDDEN);
    assert_int_equal(o.book.sheets[2].state, PF_SHEET_VISIBLE);
    assert_true(o.book.sheets[0].date1904 && o.book.sheets[2].date1904);
    o.book.driver->close_book(o.book.self);
    expect(text, "A1 n 0 0 0 1\n"); /* the others have no cells */
}

/* The number that stands for a date depends on the system; which date it is does not. */
static void dates_under_a_style_of_dates_are_numbers_of_the_books_system(void **state) {
    (void)state;
    static const char *const systems[] = {"", "<ExcelWorkbook><Date1904/></ExcelWorkbook>"};
    static const double first[] = {43831, 42369}, early[] = {59, -1402};
    for (int i = 0; i < 2; i++) {
        char text[2000];
        struct opened o;
        struct pf_grid_block block = {0};
        void *cursor;
        snprintf(text, sizeof text, "%s%s%s%s</Workbook>", BEGIN, systems[i], STYLES,
                 SHEET("<Row><Cell ss:StyleID='day'><Data "
                       "ss:Type='DateTime'>2020-01-01T00:00:00.000</Data></Cell><Cell ss:StyleID='day'><Data "
                       "ss:Type='DateTime'>1900-02-28T00:00:00.000</Data></Cell></Row>"));
        assert_int_equal(open_text(&o, text, strlen(text), NULL), PF_OK);
        assert_int_equal(o.book.driver->open(o.book.self, 0, 0, &cursor, NULL), PF_OK);
        assert_int_equal(o.book.driver->next(cursor, &block, NULL), PF_OK);
        assert_true(block.cells[0].value.number == first[i]);
        assert_true(block.cells[1].value.number == early[i]);
        o.book.driver->close(cursor);
        pf_grid_block_clear(&block);
        o.book.driver->close_book(o.book.self);
    }
}

static void merged_ranges_are_told(void **state) {
    (void)state;
    static const char text[] =
        BEGIN SHEET("<Row><Cell/><Cell ss:MergeAcross='1' ss:MergeDown='2'/><Cell ss:MergeDown='1'/></Row><Row "
                    "ss:Index='9'><Cell ss:MergeAcross='99999'/></Row>") "</Workbook>";
    struct opened o;
    const struct pf_grid_range *ranges;
    size_t count;
    assert_int_equal(open_text(&o, text, strlen(text), NULL), PF_OK);
    assert_int_equal(o.book.driver->merges(o.book.self, 0, &ranges, &count, NULL), PF_OK);
    assert_int_equal(count, 2); /* the third would lie outside */
    assert_true(ranges[0].first_row == 0 && ranges[0].last_row == 2 && ranges[0].first_column == 1 &&
                ranges[0].last_column == 2);
    assert_true(ranges[1].last_row == 1 && ranges[1].first_column == 3 && ranges[1].last_column == 3);
    o.book.driver->close_book(o.book.self);
}

static void hidden_rows_and_columns_are_told(void **state) {
    (void)state;
    static const char text[] = BEGIN SHEET(
        "<Column/><Column ss:Hidden='1' ss:Span='1'/><Column ss:Hidden='1'/><Row/><Row ss:Hidden='1'/><Row "
        "ss:Hidden='1'/><Row ss:Index='9' ss:Hidden='1'/><Row ss:Hidden='0'/>") "</Workbook>";
    struct opened o;
    const struct pf_grid_range *ranges;
    size_t count;
    assert_int_equal(open_text(&o, text, strlen(text), NULL), PF_OK);
    assert_int_equal(o.book.driver->hidden(o.book.self, 0, &ranges, &count, NULL), PF_OK);
    assert_int_equal(count, 4);
    assert_true(ranges[0].first_column == 1 && ranges[0].last_column == 2 &&
                ranges[0].last_row == PF_GRID_ROWS - 1);
    assert_true(ranges[1].first_column == 3 && ranges[1].last_column == 3);
    assert_true(ranges[2].first_row == 1 && ranges[2].last_row == 2 &&
                ranges[2].last_column == PF_GRID_COLUMNS - 1);
    assert_true(ranges[3].first_row == 8 && ranges[3].last_row == 8);
    o.book.driver->close_book(o.book.self);
}

static void places_that_do_not_rise_or_lie_outside_are_bad_data(void **state) {
    (void)state;
    static const char *const rows[] = {"<Row ss:Index='2'/><Row ss:Index='2'/>", "<Row ss:Index='1048577'/>",
                                       "<Row><Cell ss:Index='3'/><Cell ss:Index='3'/></Row>",
                                       "<Row><Cell ss:Index='16385'/></Row>"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1000];
        struct pf_buf said = {0};
        struct pf_error err = PF_ERROR_INIT;
        snprintf(text, sizeof text, "%s<Worksheet ss:Name='S'><Table>%s</Table></Worksheet></Workbook>", BEGIN,
                 rows[i]);
        assert_int_equal(read_text(text, &said, &err), PF_BAD_DATA);
        assert_non_null(strstr(err.message, "row "));
        pf_buf_clear(&said);
    }
}

static void another_document_is_no_workbook(void **state) {
    (void)state;
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(read_text("<html><body/></html>", &said, &err), PF_BAD_DATA);
    assert_non_null(strstr(err.message, "<html>"));
    assert_int_equal(read_text(BEGIN "<Worksheet ss:Name='S'><Table><Row>", &said, &err), PF_BAD_DATA);
    pf_buf_clear(&said);
}

static void utf_16_is_read_with_and_without_a_mark(void **state) {
    (void)state;
    static const char text[] =
        "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet "
        "Name='S'><Table><Row><Cell><Data Type='String'>x</Data></Cell></Row></Table></Worksheet></Workbook>";
    for (int mark = 0; mark < 2; mark++) {
        char wide[2 * sizeof text] = "\xFF\xFE";
        size_t size = mark ? 2 : 0;
        for (size_t i = 0; text[i]; i++) {
            wide[size++] = text[i];
            wide[size++] = 0;
        }
        struct opened o;
        struct pf_buf said = {0};
        assert_int_equal(open_text(&o, wide, size, NULL), PF_OK);
        assert_int_equal(print_sheet(&o.book, 0, NULL, NULL, &(bool){true}, &said, NULL), PF_OK);
        assert_memory_equal(said.data, "A1 s 3 0 0 x\n", 13);
        o.book.driver->close_book(o.book.self);
        pf_buf_clear(&said);
        struct pf_probe probe = {.struct_size = sizeof probe, .head = (const uint8_t *)wide, .head_size = size};
        assert_int_equal(pf_spreadsheetml_reader.probe(&probe), PF_PROBE_CERTAIN);
    }
}

static void the_namespace_says_what_it_is(void **state) {
    (void)state;
    static const char *const others[] = {"", "a,b\n1,2\n", "<html/>",
                                         "x urn:schemas-microsoft-com:office:spreadsheet"};
    struct pf_probe probe = {
        .struct_size = sizeof probe, .head = (const uint8_t *)BEGIN, .head_size = sizeof BEGIN};
    assert_int_equal(pf_spreadsheetml_reader.probe(&probe), PF_PROBE_CERTAIN);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        probe.head = (const uint8_t *)others[i];
        probe.head_size = strlen(others[i]);
        assert_int_equal(pf_spreadsheetml_reader.probe(&probe), PF_PROBE_NO);
    }
}

static void requests_for_memory_that_fail_leave_nothing_behind(void **state) {
    (void)state;
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK && nth < 200; nth++) {
        pf_mem_fail_from(nth);
        status = read_text(
            BEGIN STYLES SHEET(
                "<Row><Cell ss:Formula='=A1'><Data ss:Type='String'>x</Data></Cell></Row>") "</Workbook>",
            &said, &err);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
    }
    assert_int_equal(status, PF_OK);
    pf_buf_clear(&said);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_style_is_what_is_named_or_its_parent_and_never_just_the_first),
        cmocka_unit_test(blanks_around_numbers_and_dates_are_nothing),
        cmocka_unit_test(rows_that_a_row_spans_are_counted),
        cmocka_unit_test(every_type_of_data_is_its_kind_of_cell),
        cmocka_unit_test(what_is_not_of_its_type_is_text),
        cmocka_unit_test(places_are_counted_or_named_and_merged_cells_take_theirs),
        cmocka_unit_test(comments_are_left_out_and_rich_text_is_joined),
        cmocka_unit_test(formulas_give_their_values_and_their_text_on_request),
        cmocka_unit_test(sheets_have_names_and_states_and_the_book_its_date_system),
        cmocka_unit_test(dates_under_a_style_of_dates_are_numbers_of_the_books_system),
        cmocka_unit_test(merged_ranges_are_told),
        cmocka_unit_test(hidden_rows_and_columns_are_told),
        cmocka_unit_test(places_that_do_not_rise_or_lie_outside_are_bad_data),
        cmocka_unit_test(another_document_is_no_workbook),
        cmocka_unit_test(utf_16_is_read_with_and_without_a_mark),
        cmocka_unit_test(the_namespace_says_what_it_is),
        cmocka_unit_test(requests_for_memory_that_fail_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
