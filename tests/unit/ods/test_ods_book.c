/* test_ods_book.c — what stands around the sheets of an OpenDocument workbook.   SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ods_twice.h"

static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 1 << 30};

/* The book of a flat document; text is lent. */
static void open_book(const char *text, struct pf_source *source, struct pf_grid_book *book) {
    struct pf_error err = PF_ERROR_INIT;
    pf_source_memory(text, strlen(text), source);
    if (pf_ods_book_open(source, &host, book, &err) != PF_OK)
        fail_msg("%s: %s", text, err.message);
}

#define URN "urn:oasis:names:tc:opendocument:xmlns:"

/* The cells of a sheet whose document binds other prefixes; both readers agree. */
static void expect_cells(const char *text, const char *want) {
    struct pf_source source;
    struct pf_grid_book book;
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    pf_status status;
    open_book(text, &source, &book);
    assert_int_equal(book.sheet_count, 1);
    assert_true(agree_on_sheet(&book, 0, &said, &status, &err));
    assert_int_equal(status, PF_OK);
    (void)pf_buf_put(&said, "", 1, NULL);
    assert_string_equal((const char *)said.data, want);
    book.driver->close_book(book.self);
    pf_buf_clear(&said);
}

static void prefixes_mean_what_the_document_binds_them_to(void **state) {
    (void)state;
    /* a: office, b: table, c: text, d: calcext, e: drawing */
    expect_cells("<a:document xmlns:a=\"" URN "office:1.0\" xmlns:b=\"" URN "table:1.0\" xmlns:c=\"" URN
                 "text:1.0\" xmlns:d=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\" "
                 "xmlns:e=\"" URN "drawing:1.0\"><a:body><a:spreadsheet><b:table "
                 "b:name=\"S\"><b:table-row><b:table-cell a:value-type=\"string\" "
                 "d:value-type=\"error\"><e:frame><c:p>shape</c:p></e:frame><c:p>#N/A</c:p></b:table-cell></"
                 "b:table-row></b:table>"
                 "</a:spreadsheet></a:body></a:document>",
                 "A1 e 4 0 0 #N/A\n");
    /* the usual prefixes stand for others: draw for text, calcext for tables */
    expect_cells("<office:document xmlns:office=\"" URN "office:1.0\" xmlns:draw=\"" URN
                 "text:1.0\" xmlns:calcext=\"" URN "table:1.0\" xmlns:table=\"" URN
                 "table:1.0\"><office:body><office:spreadsheet><table:table><table:table-row>"
                 "<table:table-cell office:value-type=\"string\" "
                 "calcext:number-columns-repeated=\"2\"><draw:p>a</draw:p>"
                 "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></"
                 "office:document>",
                 "A1 s 3 0 0 a\nB1 s 3 0 0 a\n");
    /* attributes of others than OpenDocument say nothing */
    expect_cells(
        "<office:document xmlns:x=\"urn:x\"><office:body><office:spreadsheet><table:table><table:table-row>"
        "<table:table-cell office:value-type=\"float\" office:value=\"1\" x:value=\"2\" "
        "x:value-type=\"string\"/>"
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document>",
        "A1 n 0 0 0 1\n");
}

#define BOOK(after)                                                                                            \
    "<office:document><office:body><office:spreadsheet><table:table table:name=\"Q1\"/><table:table "          \
    "table:name=\"It's. 2\"/>" after "</office:spreadsheet></office:body></office:document>"

static void expect_area(const char *element, const char *want) {
    struct pf_source source;
    struct pf_grid_book book;
    const struct pf_grid_area *areas;
    size_t count;
    char text[1000], said[200] = "";
    (void)snprintf(text, sizeof text, BOOK("%s"), element);
    open_book(text, &source, &book);
    assert_int_equal(book.driver->areas(book.self, &areas, &count, NULL), PF_OK);
    if (count)
        (void)snprintf(said, sizeof said, "%s %d %d %d: %d %d %d %d", areas->name, (int)areas->sheet,
                       areas->is_table, (int)areas->header_rows, (int)areas->range.first_row,
                       (int)areas->range.first_column, (int)areas->range.last_row,
                       (int)areas->range.last_column);
    if (strcmp(said, want) != 0)
        fail_msg("%s gives '%s', not '%s'", element, said, want);
    book.driver->close_book(book.self);
}
#define NAMED(address)  "<table:named-range table:name=\"n\" table:cell-range-address=\"" address "\"/>"
#define TABLED(address) "<table:database-range table:name=\"n\" table:target-range-address=\"" address "\"/>"

static void named_and_database_ranges_are_areas_of_their_sheets(void **state) {
    (void)state;
    expect_area(NAMED("$Q1.$A$2:.$C$5"), "n 0 0 -1: 1 0 4 2");
    expect_area(NAMED("Q1.B3"), "n 0 0 -1: 2 1 2 1");
    expect_area(NAMED("$'It''s. 2'.$A$1:$'It''s. 2'.$B$2"), "n 1 0 -1: 0 0 1 1");
    expect_area(TABLED("'It''s. 2'.A1:'It''s. 2'.B2"), "n 1 1 1: 0 0 1 1");
    expect_area("<table:database-ranges><table:database-range table:name=\"n\" table:contains-header=\"false\" "
                "table:target-range-address=\"Q1.A1:Q1.B2\"><table:filter/></table:database-range></"
                "table:database-ranges>",
                "n 0 1 0: 0 0 1 1");
    expect_area("<table:database-range table:name=\"__Anonymous_Sheet_DB__0\" "
                "table:target-range-address=\"Q1.A1:Q1.B2\"/>",
                "");
}

static void what_is_no_range_of_one_sheet_is_no_area(void **state) {
    (void)state;
    static const char *const bad[] = {NAMED(""),
                                      NAMED("Q1"),
                                      NAMED("Q1."),
                                      NAMED("Q.A1"),
                                      NAMED("Q1.A1:Q9.B2"),
                                      NAMED("Q1.A1:$'It''s. 2'.B2"),
                                      NAMED("Q1.A1:Q1.B2 Q1.C1:Q1.D2"),
                                      NAMED("'Q1.A1"),
                                      NAMED("Q1.#REF!"),
                                      "<table:named-range table:cell-range-address=\"Q1.A1\"/>",
                                      "<table:named-expression table:name=\"n\" table:expression=\"1\"/>"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_area(bad[i], "");
}

static void tables_within_tables_and_comments_are_no_sheets_and_no_ends(void **state) {
    (void)state;
    static const char *const inner[] = {
        "<table:table table:name=\"no\"/>", "<table:table><table:table-row/></table:table>",
        "<!-- </table:table> -->", "<![CDATA[</table:table>]]>", "<?x </table:table>?>"};
    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
        struct pf_source source;
        struct pf_grid_book book;
        char text[1000];
        (void)snprintf(
            text, sizeof text,
            "<office:document><office:body><office:spreadsheet><table:table table:name=\"a\"><table:table-row>"
            "<table:table-cell>%s</table:table-cell></table:table-row></table:table><table:table "
            "table:name=\"b\"/>"
            "</office:spreadsheet></office:body></office:document>",
            inner[i]);
        open_book(text, &source, &book);
        assert_int_equal(book.sheet_count, 2);
        assert_string_equal(book.sheets[0].name, "a");
        assert_string_equal(book.sheets[1].name, "b");
        book.driver->close_book(book.self);
    }
}

static void what_a_link_to_another_document_sent_is_no_sheet(void **state) {
    (void)state;
    struct pf_source source;
    struct pf_grid_book book;
    open_book(
        "<office:document><office:body><office:spreadsheet><table:table table:name=\"a\"/><table:dde-links>"
        "<table:dde-link><office:dde-source/><table:table><table:table-row/></table:table></table:dde-link>"
        "</table:dde-links></office:spreadsheet></office:body></office:document>",
        &source, &book);
    assert_int_equal(book.sheet_count, 1);
    assert_string_equal(book.sheets[0].name, "a");
    book.driver->close_book(book.self);
}

/* The number in A1 of a sheet; `rows`: whether the pass goes to its end. */
static double first_number(const struct pf_grid_book *book, void *cursor, bool whole) {
    struct pf_grid_block block = {0};
    assert_int_equal(book->driver->next(cursor, &block, NULL), PF_OK);
    assert_true(block.cell_count > 0);
    double number = block.cells[0].value.number;
    while (whole && block.row_count) {
        pf_grid_block_empty(&block);
        assert_int_equal(book->driver->next(cursor, &block, NULL), PF_OK);
    }
    pf_grid_block_clear(&block);
    return number;
}

static void sheets_are_themselves_in_whatever_order_they_are_read(void **state) {
    (void)state;
    static const int8_t orders[][6] = {
        {0, 1, 2, 3, 0, 1}, {3, 2, 1, 0, 3, 3}, {0, 2, 2, 3, 1, 3}, {1, 1, 0, 3, 2, 0}};
    struct pf_buf text = {0};
    struct pf_source source;
    struct pf_grid_book book;
    (void)pf_buf_print(&text, NULL, "<office:document><office:body><office:spreadsheet>");
    for (int i = 0; i < 4; i++) {
        (void)pf_buf_print(&text, NULL, "<table:table table:name=\"%d\">", i);
        for (int row = 0; row < 40000; row++) /* more than one block */
            (void)pf_buf_print(
                &text, NULL,
                "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"%d\"/>"
                "</table:table-row>",
                i);
        (void)pf_buf_print(&text, NULL, "</table:table>");
    }
    (void)pf_buf_print(&text, NULL, "</office:spreadsheet></office:body></office:document>");
    (void)pf_buf_put(&text, "", 1, NULL);
    open_book((const char *)text.data, &source, &book);
    for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++)
        for (int i = 0; i < 6; i += 2) { /* two at a time */
            void *one, *two;
            assert_int_equal(book.driver->open(book.self, orders[o][i], 0, &one, NULL), PF_OK);
            assert_int_equal(book.driver->open(book.self, orders[o][i + 1], 0, &two, NULL), PF_OK);
            assert_true(first_number(&book, one, o % 2) == orders[o][i]);
            assert_true(first_number(&book, two, i % 4) == orders[o][i + 1]);
            book.driver->close(one);
            book.driver->close(two);
        }
    book.driver->close_book(book.self);
    pf_buf_clear(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefixes_mean_what_the_document_binds_them_to),
        cmocka_unit_test(named_and_database_ranges_are_areas_of_their_sheets),
        cmocka_unit_test(what_is_no_range_of_one_sheet_is_no_area),
        cmocka_unit_test(what_a_link_to_another_document_sent_is_no_sheet),
        cmocka_unit_test(sheets_are_themselves_in_whatever_order_they_are_read),
        cmocka_unit_test(tables_within_tables_and_comments_are_no_sheets_and_no_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
