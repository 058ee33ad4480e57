/* test_xlsx_sheet.c — two readers of rows with one meaning.                      SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../sheet_corpus.h"
#include "base/mem.h"
#include "xlsx_parts.h"
#include "xlsx_twice.h"

static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 1 << 30};

/* The sheet between <sheetData> and its end, read twice; lent until the next call. */
static const char *read_both(const char *rows, pf_status want) {
    static struct pf_buf said;
    struct pf_buf xml = {0}, zip = {0};
    struct pf_source source;
    struct pf_grid_book book;
    struct pf_error err = PF_ERROR_INIT;
    pf_status status;
    (void)pf_buf_print(&xml, NULL, "<worksheet><sheetData>%s</sheetData></worksheet>", rows);
    put_book(&zip, xml.data, xml.size);
    pf_source_memory(zip.data, zip.size, &source);
    assert_int_equal(pf_xlsx_book_open(&source, &host, &book, NULL), PF_OK);
    if (!agree_on_sheet(&book, 0, &said, &status, &err))
        fail_msg("the readers differ on %s", rows);
    if (status != want)
        fail_msg("%d (%s) for %s", (int)status, err.message, rows);
    book.driver->close_book(book.self);
    pf_buf_clear(&xml);
    pf_buf_clear(&zip);
    (void)pf_buf_put(&said, "", 1, NULL);
    return (const char *)said.data;
}

static void expect(const char *rows, const char *want) {
    const char *got = read_both(rows, PF_OK);
    if (strcmp(got, want) != 0)
        fail_msg("%s\ngives\n%sfor\n%s", rows, got, want);
}

/* place, type, kind, style, flags, value */
static void rows_of_every_spelling_mean_the_same_to_both(void **state) {
    (void)state;
    expect("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"C1\" s=\"1\" t=\"n\"><v>43831</v></c></row>",
           "A1 n 0 0 0 1\nC1 d 0 1 0 2020-01-01\n");
    expect("<row r=\"1\" spans=\"1:3\" x14ac:dyDescent=\"0.25\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>",
           "A1 s 2 0 0 one\n");
    expect("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
           "A1 n 0 0 0 1\nB1 n 0 0 0 2\nA2 n 0 0 0 3\n");
    expect("<row r='2'><c r='B2' t='b'><v>1</v></c></row>", "B2 b 1 0 0 true\n");
    expect(" <row r=\"2\">\n <c r=\"B2\" t=\"e\"><v>#N/A</v></c>\n </row>\n ", "B2 e 4 0 0 #N/A\n");
    expect("<row r=\"1\"><c r=\"A1\" t=\"str\"><f>\"a\"&amp;B1</f><v>a &amp; b</v></c></row>",
           "A1 s 3 0 1 a & b\n");
    expect("<row r=\"1\"><c r=\"A1\"><f t=\"shared\" si=\"0\"/><v>7</v></c></row>", "A1 n 0 0 1 7\n");
    expect("<row r=\"1\"><c r=\"A1\"><f>B1</f></c><c r=\"B1\"><f>C1</f><v/></c></row>",
           "A1 s 8 0 1 =B1\nB1 s 8 0 1 =C1\n");
    expect(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> x_x000A_y</t></is></c></row>",
        "A1 s 3 0 0  x\ny\n");
    expect("<row r=\"1\"><c r=\"A1\" "
           "t=\"inlineStr\"><is><r><t>a</t></r><rPh><t>no</t></rPh><r><t>b</t></r></is></c></row>",
           "A1 s 3 0 0 ab\n");
    expect("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>&#65;\r\n&#x42;</v></c></row>", "A1 s 3 0 0 A\nB\n");
    expect("<row r=\"1\"><c r=\"A1\"><v><![CDATA[5]]></v></c><!-- x --><c r=\"B1\"><v> 6 </v></c></row>",
           "A1 n 0 0 0 5\nB1 n 0 0 0 6\n");
    expect("<row r=\"1\"><c r=\"A1\" s=\"1\"/><c r=\"B1\"></c><c r=\"C1\"><v></v></c></row><row r=\"2\"/>", "");
    expect("<row r=\"1\"><c r=\"A1\" t=\"d\"><v>2020-02-03T04:05:06</v></c><c r=\"B1\" "
           "t=\"d\"><v>04:05:06</v></c></row>",
           "A1 d 6 0 0 2020-02-03T04:05:06\nB1 t 7 0 0 04:05:06\n");
    expect("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>2</v></c></row>", "A1 s 2 0 0 \n");
    expect("<row r=\"1\"><c r=\"A1\"><is><t>x</t></is></c><c r=\"B1\" t=\"s\"><is><t>y</t></is></c><c "
           "r=\"C1\"><v>1</v>"
           "<is><t>z</t></is></c></row>",
           "A1 s 3 0 0 x\nB1 s 3 0 0 y\nC1 n 0 0 0 1\n");
}

static void the_style_of_an_iso_date_tells_days_from_midnights_and_times_from_dates(void **state) {
    (void)state;
    expect("<row r=\"1\"><c r=\"A1\" s=\"1\" t=\"d\"><v>2020-02-03T00:00:00Z</v></c><c r=\"B1\" s=\"1\" "
           "t=\"d\"><v>2020-02-03T00:00:01</v></c><c r=\"C1\" t=\"d\"><v>2020-02-03T00:00:00</v></c></row>",
           "A1 d 5 1 0 2020-02-03\nB1 d 6 1 0 2020-02-03T00:00:01\nC1 d 6 0 0 2020-02-03\n");
    expect("<row r=\"1\"><c r=\"A1\" s=\"2\" t=\"d\"><v>1899-12-31T06:00:00</v></c><c r=\"B1\" s=\"2\" "
           "t=\"d\"><v>1899-12-30T06:00:00.5</v></c><c r=\"C1\" s=\"2\" t=\"d\"><v>04:05:06.789</v></c></row>",
           "A1 t 0 2 0 06:00:00\nB1 t 0 2 0 06:00:00.500\nC1 t 0 2 0 04:05:06.789\n");
    expect("<row r=\"1\"><c r=\"A1\" s=\"2\" t=\"d\"><v>1900-02-28T06:00:00</v></c><c r=\"B1\" s=\"2\" "
           "t=\"d\"><v>1900-03-01T06:00:00</v></c></row>",
           "A1 d 0 2 0 1900-02-28T06:00:00\nB1 d 0 2 0 1900-03-01T06:00:00\n");
}

static void numbers_are_read_to_the_last_bit(void **state) {
    (void)state;
    static const char *const numbers[] = {"0",
                                          "-0",
                                          "1",
                                          "12345678",
                                          "123456789012345678",
                                          "0.1",
                                          "-1.5e-7",
                                          "1E+20",
                                          "1e308",
                                          "4.9e-324",
                                          "0.30000000000000004",
                                          "9007199254740993",
                                          "1.7976931348623157E+308",
                                          "2.2250738585072014E-308",
                                          "43831.999988425923",
                                          "1e999",
                                          "00012",
                                          "123456789.123456789",
                                          "abc",
                                          "1e",
                                          "--1",
                                          "1.",
                                          ".5",
                                          "0x1",
                                          "1,5",
                                          "NaN"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char rows[200];
        snprintf(rows, sizeof rows, "<row r=\"1\"><c r=\"A1\"><v>%s</v></c></row>", numbers[i]);
        (void)read_both(rows, PF_OK);
    }
    expect("<row r=\"1\"><c r=\"A1\"><v>0.1</v></c><c r=\"B1\"><v>abc</v></c></row>",
           "A1 n 0 0 0 0.1\nB1 s 3 0 0 abc\n");
}

static void places_that_do_not_rise_come_as_they_are_stored_and_that_is_said(void **state) {
    (void)state;
    expect("<row r=\"2\"><c r=\"B2\"><v>4</v></c><c r=\"A2\"><v>3</v></c></row><row r=\"1\"><c "
           "r=\"A1\"><v>1</v></c></row>",
           "B2 n 0 0 0 4\nA2 n 0 0 0 3\nA1 n 0 0 0 1\nin no order\n");
    expect("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>",
           "A1 n 0 0 0 1\nA1 n 0 0 0 2\nin no order\n");
    expect("<row r=\"1\"><c r=\"A5\"><v>1</v></c><c r=\"B5\"><v>2</v></c></row>",
           "A5 n 0 0 0 1\nB5 n 0 0 0 2\n");
}

static void what_lies_outside_is_an_error_with_its_cell(void **state) {
    (void)state;
    (void)read_both("<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"1048577\"><c><v>1</v></c></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"0\"><c><v>1</v></c></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>3</v></c></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>-1</v></c></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"1\"><c r=\"A1\"><v>1</w></c></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"1\"><c r=\"A1><v>1</v></c></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"1\"><c r=\"A1\"><v>&bomb;</v></c></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"1\"><c r=\"A1\"><v>1</v></row>", PF_BAD_DATA);
    (void)read_both("<row r=\"1\">", PF_BAD_DATA);
}

/* Every cut and every changed byte of a row, by both. */
static void damage_is_the_same_damage_to_both(void **state) {
    (void)state;
    static const char row[] = "<row r=\"12\" a=\"b\"><c r=\"AB12\" s=\"2\" "
                              "t=\"str\"><f>A1</f><v>a&amp;b</v></c><c r=\"AC12\"><v>-1.25</v></c></row>";
    static const char bytes[] = "<>\"'&/ =0Az\xC3";
    char rows[256];
    int devnull = 0;
    for (size_t i = 0; i < sizeof row - 1; i++)
        for (size_t k = 0; k < sizeof bytes - 1; k++) {
            struct pf_buf said = {0}, xml = {0}, zip = {0};
            struct pf_source source;
            struct pf_grid_book book;
            struct pf_error err = PF_ERROR_INIT;
            pf_status status;
            memcpy(rows, row, sizeof row);
            rows[i] = bytes[k];
            (void)pf_buf_print(
                &xml, NULL, "<worksheet><sheetData>%s<row><c><v>9</v></c></row></sheetData></worksheet>", rows);
            put_book(&zip, xml.data, xml.size);
            pf_source_memory(zip.data, zip.size, &source);
            assert_int_equal(pf_xlsx_book_open(&source, &host, &book, NULL), PF_OK);
            if (!agree_on_sheet(&book, 0, &said, &status, &err))
                fail_msg("the readers differ on %s", rows);
            devnull += status == PF_OK;
            book.driver->close_book(book.self);
            pf_buf_clear(&said);
            pf_buf_clear(&xml);
            pf_buf_clear(&zip);
        }
    assert_true(devnull > 0);
}

static void the_corpus_means_the_same_to_both(void **state) {
    (void)state;
    const struct sheet_corpus corpus = {.pattern = CORPUS "/xls[xm]/*/*.xls[xm]",
                                        .leave_out = "poc-", /* bombs of XML, which take long */
                                        .host = &host,
                                        .open = pf_xlsx_book_open,
                                        .hold_back = never_read_quickly,
                                        .take = take_little};
    int sheets = agree_on_corpus(&corpus);
    if (sheets == 0) {
        print_message("the corpus is not beside the project: NOTHING WAS CHECKED against real files\n");
        skip();
    }
    assert_true(sheets > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_every_spelling_mean_the_same_to_both),
        cmocka_unit_test(the_style_of_an_iso_date_tells_days_from_midnights_and_times_from_dates),
        cmocka_unit_test(numbers_are_read_to_the_last_bit),
        cmocka_unit_test(places_that_do_not_rise_come_as_they_are_stored_and_that_is_said),
        cmocka_unit_test(what_lies_outside_is_an_error_with_its_cell),
        cmocka_unit_test(damage_is_the_same_damage_to_both),
        cmocka_unit_test(the_corpus_means_the_same_to_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
