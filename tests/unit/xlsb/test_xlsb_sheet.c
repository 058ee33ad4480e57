/* test_xlsb_sheet.c — every record of a cell; lies about sizes and places.      SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xlsb_reading.h"

static pf_status read_sheet(const struct pf_buf *sheet, struct pf_buf *said, struct pf_error *err) {
    struct pf_buf zip = {0};
    put_binary_book(&zip, sheet->data, sheet->size);
    pf_status status = read_all(&zip, 0, said, err);
    pf_buf_clear(&zip);
    return status;
}

static void begin(struct pf_buf *sheet) {
    PUT(sheet, 129, 0, 0);
    PUT(sheet, 148, 4, 0, 4, 1048575, 4, 0, 4, 16383); /* a dimension that lies */
    PUT(sheet, PF_XLSB_BEGIN_SHEET_DATA, 0, 0);
}
static void end(struct pf_buf *sheet) {
    PUT(sheet, PF_XLSB_END_SHEET_DATA, 0, 0);
    PUT(sheet, PF_XLSB_MERGE_CELL, 4, 0, 4, 1, 4, 0, 4, 2);
    PUT(sheet, PF_XLSB_END_SHEET, 0, 0);
}
static uint64_t bits_of(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static void every_record_of_a_cell_gives_its_value(void **state) {
    (void)state;
    struct pf_buf sheet = {0}, said = {0};
    struct pf_error err = PF_ERROR_INIT;
    begin(&sheet);
    PUT(&sheet, PF_XLSB_ROW_HDR, 4, 0, 4, 0);
    PUT(&sheet, PF_XLSB_CELL_BLANK, 4, 0, 4, 1);
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 1, 4, 0, 4, (uint32_t)(-7 * 4 | 2));
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 2, 4, 0, 4, (uint32_t)(-1234 * 4 | 3));
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 3, 4, 0, 4, bits_of(0.5) >> 32);
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 4, 4, 0, 4, bits_of(150) >> 32 | 1);
    PUT(&sheet, PF_XLSB_CELL_REAL, 4, 5, 4, 0, 8, bits_of(0.1));
    PUT(&sheet, PF_XLSB_CELL_REAL, 4, 6, 4, 1, 8, bits_of(1));
    PUT(&sheet, PF_XLSB_CELL_BOOL, 4, 7, 4, 0, 1, 1);
    PUT(&sheet, PF_XLSB_CELL_ERROR, 4, 8, 4, 0, 1, 0x2A);
    put_text_cell(&sheet, PF_XLSB_CELL_ST, 9, false, "five chars and more");
    PUT(&sheet, PF_XLSB_CELL_ISST, 4, 10, 4, 0, 4, 0);
    put_text_cell(&sheet, PF_XLSB_CELL_R_STRING, 11, true, "rich");
    PUT(&sheet, PF_XLSB_ROW_HDR, 4, 1, 4, 0);
    put_text_cell(&sheet, PF_XLSB_FMLA_STRING, 0, false, "said");
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 1, 4, 0, 8, bits_of(3), 2, 0);
    PUT(&sheet, PF_XLSB_FMLA_BOOL, 4, 2, 4, 0, 1, 0, 2, 0);
    PUT(&sheet, PF_XLSB_FMLA_ERROR, 4, 3, 4, 0, 1, 7, 2, 0);
    PUT(&sheet, 9999, 4, 1); /* nobody knows it */
    PUT(&sheet, PF_XLSB_SHORT_BLANK, 4, 0);
    PUT(&sheet, PF_XLSB_SHORT_RK, 4, 0, 4, 42 * 4 | 2);
    PUT(&sheet, PF_XLSB_SHORT_ERROR, 4, 0, 1, 0x17);
    PUT(&sheet, PF_XLSB_SHORT_BOOL, 4, 0, 1, 1);
    PUT(&sheet, PF_XLSB_SHORT_REAL, 4, 0, 8, bits_of(2.5));
    PUT(&sheet, PF_XLSB_SHORT_ST, 4, 0, 4, 1, 2, 'k');
    PUT(&sheet, PF_XLSB_SHORT_ISST, 4, 0, 4, 2);
    end(&sheet);
    pf_status status = read_sheet(&sheet, &said, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, PF_OK);
    (void)pf_buf_put(&said, "", 1, NULL);
    assert_string_equal((const char *)said.data,
                        "B1 n -7\nC1 n -12.34\nD1 n 0.5\nE1 n 1.5\nF1 n 0.1\nG1 d 1904-01-02\nH1 b true\n"
                        "I1 e #N/A\nJ1 s five chars and more\nK1 s z\xC3\xA9\xF0\x9F\x98\x80\nL1 s rich\n"
                        "A2 sf said\nB2 nf 3\nC2 bf false\nD2 ef #DIV/0!\n"
                        "F2 n 42\nG2 e #REF!\nH2 b true\nI2 n 2.5\nJ2 s k\nK2 s \xEF\xBF\xBDx\n");
    pf_buf_clear(&sheet);
    pf_buf_clear(&said);
}

static void rows_and_cells_in_no_order_come_as_they_are_stored_and_that_is_said(void **state) {
    (void)state;
    struct pf_buf sheet = {0}, said = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_ROW_HDR, 4, 5, 4, 0);
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 3, 4, 0, 4, 1 * 4 | 2);
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 1, 4, 0, 4, 2 * 4 | 2);
    PUT(&sheet, PF_XLSB_ROW_HDR, 4, 2, 4, 0);
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 0, 4, 0, 4, 3 * 4 | 2);
    PUT(&sheet, PF_XLSB_ROW_HDR, 4, 5, 4, 0);
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 3, 4, 0, 4, 4 * 4 | 2);
    end(&sheet);
    assert_int_equal(read_sheet(&sheet, &said, NULL), PF_OK);
    (void)pf_buf_put(&said, "", 1, NULL);
    assert_string_equal((const char *)said.data, "D6 n 1\nB6 n 2\nA3 n 3\nD6 n 4\nin no order\n");
    pf_buf_clear(&sheet);
    pf_buf_clear(&said);
}

static void a_sheet_cut_short_anywhere_is_refused_with_part(void **state) {
    (void)state;
    struct pf_buf sheet = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_ROW_HDR, 4, 0, 4, 0);
    PUT(&sheet, PF_XLSB_CELL_REAL, 4, 0, 4, 0, 8, bits_of(1));
    put_text_cell(&sheet, PF_XLSB_CELL_ST, 1, false, "text");
    for (size_t size = 0; size < sheet.size; size++) {
        struct pf_buf said = {0}, cut = {.data = sheet.data, .size = size};
        struct pf_error err = PF_ERROR_INIT;
        if (read_sheet(&cut, &said, &err) != PF_BAD_DATA || !strstr(err.where, "xl/sheet.bin"))
            fail_msg("%zu bytes: %s, %s", size, err.where, err.message);
        pf_buf_clear(&said);
    }
    pf_buf_clear(&sheet);
}

static void expect_refusal(const char *what, const struct pf_buf *within) {
    struct pf_buf sheet = {0}, said = {0};
    struct pf_error err = PF_ERROR_INIT;
    begin(&sheet);
    (void)pf_buf_put(&sheet, within->data, within->size, NULL);
    end(&sheet);
    pf_status status = read_sheet(&sheet, &said, &err);
    if (status != PF_BAD_DATA || !strstr(err.message, what) || !strstr(err.where, "xl/sheet.bin") ||
        err.byte < 0)
        fail_msg("%d, %s, %s, byte %d for %s", (int)status, err.where, err.message, (int)err.byte, what);
    pf_buf_clear(&sheet);
    pf_buf_clear(&said);
}
/* Records behind the header of row 1 (or instead of it). */
#define REFUSE(what, has_row, id, ...)                                                                         \
    do {                                                                                                       \
        struct pf_buf within = {0};                                                                            \
        if (has_row)                                                                                           \
            PUT(&within, PF_XLSB_ROW_HDR, 4, 0);                                                               \
        PUT(&within, id, __VA_ARGS__);                                                                         \
        expect_refusal(what, &within);                                                                         \
        pf_buf_clear(&within);                                                                                 \
    } while (0)

static void lying_records_are_refused_with_part_and_byte(void **state) {
    (void)state;
    REFUSE("right of column XFD", true, PF_XLSB_CELL_RK, 4, 16384, 4, 0, 4, 2);
    REFUSE("below row 1,048,576", false, PF_XLSB_ROW_HDR, 4, 1048576);
    REFUSE("in front of the first row", false, PF_XLSB_CELL_RK, 4, 0, 4, 0, 4, 2);
    REFUSE("shared string 3 of 3", true, PF_XLSB_CELL_ISST, 4, 0, 4, 0, 4, 3);
    REFUSE("ends within a string", true, PF_XLSB_CELL_ST, 4, 0, 4, 0, 4, 5, 2, 'a');
    REFUSE("ends within a string", true, PF_XLSB_CELL_ST, 4, 0, 4, 0, 4, 0x80000001u, 2, 'a');
    REFUSE("too short for a cell", true, PF_XLSB_CELL_REAL, 4, 0, 4, 0, 4, 5);
    REFUSE("too short for a row", false, PF_XLSB_ROW_HDR, 2, 0);
    struct pf_buf within = {0};
    put_number(&within, 0xFFFFFF9D01, 5); /* a size that never ends */
    put_number(&within, 0xFF, 1);
    expect_refusal("its head is none", &within);
    within.size = 0;
    put_number(&within, 0x7FFFFF8F8F, 5); /* a record of nearly 256 MiB */
    put_number(&within, 0x7F, 1);
    expect_refusal("over the end of its part", &within);
    pf_buf_clear(&within);
}

static void the_workbook_tells_sheets_styles_merges_tables_and_names(void **state) {
    (void)state;
    struct pf_buf sheet = {0}, zip = {0};
    struct pf_source source;
    struct pf_grid_book book;
    const struct pf_grid_range *merges;
    const struct pf_grid_area *areas;
    size_t count;
    void *cursor;
    begin(&sheet);
    end(&sheet);
    put_binary_book(&zip, sheet.data, sheet.size);
    pf_source_memory(zip.data, zip.size, &source);
    assert_int_equal(pf_xlsb_book_open(&source, &host, &book, NULL), PF_OK);
    assert_int_equal(book.sheet_count, 2);
    assert_string_equal(book.sheets[0].name, "S");
    assert_true(book.sheets[0].date1904 && book.sheets[0].state == PF_SHEET_VISIBLE);
    assert_int_equal(book.sheets[1].state, PF_SHEET_VERY_HIDDEN);
    assert_int_equal(book.driver->open(book.self, 1, 0, &cursor, NULL), PF_BAD_DATA);
    assert_int_equal(book.format_count, 2);
    assert_int_equal(book.formats[0].kind, PF_FORMAT_GENERAL);
    assert_int_equal(book.formats[1].kind, PF_FORMAT_DATE);
    assert_int_equal(book.driver->merges(book.self, 0, &merges, &count, NULL), PF_OK);
    assert_int_equal(count, 1);
    assert_int_equal(merges[0].last_row, 1);
    assert_int_equal(merges[0].last_column, 2);
    assert_int_equal(book.driver->areas(book.self, &areas, &count, NULL), PF_OK);
    assert_int_equal(count, 2);
    assert_string_equal(areas[0].name, "Shown");
    assert_true(areas[0].is_table && areas[0].header_rows == 1 && areas[0].totals_rows == 1);
    assert_string_equal(areas[1].name, "Place");
    assert_true(!areas[1].is_table && areas[1].sheet == 0 && areas[1].owner == 1);
    assert_int_equal(areas[1].range.first_row, 1);
    assert_int_equal(areas[1].range.last_column, 2);
    book.driver->close_book(book.self);
    pf_buf_clear(&sheet);
    pf_buf_clear(&zip);
}

static void requests_for_memory_that_fail_leave_nothing_behind(void **state) {
    (void)state;
    struct pf_buf sheet = {0}, zip = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_ROW_HDR, 4, 0, 4, 0);
    put_text_cell(&sheet, PF_XLSB_CELL_ST, 1, false, "text");
    end(&sheet);
    put_binary_book(&zip, sheet.data, sheet.size);
    for (int64_t nth = 1;; nth++) {
        struct pf_buf said = {0};
        (void)pf_buf_reserve(&said, 4096, NULL);
        pf_mem_fail_from(nth);
        pf_status status = read_all(&zip, 0, &said, NULL);
        pf_mem_fail_from(0);
        pf_buf_clear(&said);
        if (status == PF_OK)
            break;
        assert_int_equal(status, PF_NO_MEMORY);
    }
    pf_buf_clear(&sheet);
    pf_buf_clear(&zip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_of_a_cell_gives_its_value),
        cmocka_unit_test(rows_and_cells_in_no_order_come_as_they_are_stored_and_that_is_said),
        cmocka_unit_test(a_sheet_cut_short_anywhere_is_refused_with_part),
        cmocka_unit_test(lying_records_are_refused_with_part_and_byte),
        cmocka_unit_test(the_workbook_tells_sheets_styles_merges_tables_and_names),
        cmocka_unit_test(requests_for_memory_that_fail_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
