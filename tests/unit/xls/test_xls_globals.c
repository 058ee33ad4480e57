/* test_xls_globals.c — what a workbook's globals say.                           SPDX-License-Identifier: MIT */
#include "../codec/cfb_builder.h"
#include "xls_builder.h"

static void put_xf(struct pf_buf *to, unsigned code) {
    put(to, PF_XLS_XF5, "%2%2%4%4%4%2", 0, code, 0, 0, 0, 0);
}

static void styles_follow_from_xf_and_format(void **unused) {
    struct pf_buf globals = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_DATEMODE, "%2", 1);
    put(&globals, PF_XLS_FORMAT, "%2%2%1yyyy-mm-dd", 200, 10, 0);
    put(&globals, PF_XLS_FORMAT, "%2%2%1%2%2%2", 14, 3, 1, '0', '0', '0'); /* a built-in one may be another */
    put_xf(&globals, 0);
    put_xf(&globals, 200);
    put_xf(&globals, 14);
    put_xf(&globals, 22);
    put_xf(&globals, 999);
    build_book(8, &globals, NULL, &opened.bytes);
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    assert_int_equal(opened.book.style_count, 5);
    static const uint8_t kinds[] = {PF_FORMAT_GENERAL, PF_FORMAT_DATE, PF_FORMAT_MASK, PF_FORMAT_STAMP,
                                    PF_FORMAT_GENERAL};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(opened.book.styles[i].kind, kinds[i]);
    assert_true(opened.book.sheets[0].date1904);
    close_opened(&opened);
    pf_buf_clear(&globals);
}

static void formats_of_old_versions_are_counted(void **unused) {
    for (int biff = 3; biff <= 4; biff++) {
        struct pf_buf globals = {0};
        struct opened opened = {0};
        if (biff == 3) {
            put(&globals, PF_XLS_FORMAT2, "%1General", 7);
            put(&globals, PF_XLS_FORMAT2, "%1d/m/yy", 6);
            put(&globals, PF_XLS_XF3, "%1%1%2%2%2%4", 0, 1, 0, 0, 0, 0);
        } else {
            put(&globals, PF_XLS_FORMAT, "%2%1General", 77, 7);
            put(&globals, PF_XLS_FORMAT, "%2%1d/m/yy", 77, 6);
            put(&globals, PF_XLS_XF4, "%1%1%2%2%2%4", 0, 1, 0, 0, 0, 0);
        }
        build_book(biff, &globals, NULL, &opened.bytes);
        assert_int_equal(open_book(&opened, NULL), PF_OK);
        assert_int_equal(opened.book.biff, biff);
        assert_int_equal(opened.book.style_count, 1);
        assert_int_equal(opened.book.styles[0].kind, PF_FORMAT_DATE);
        assert_string_equal(opened.book.sheets[0].name, "Sheet1");
        close_opened(&opened);
        pf_buf_clear(&globals);
    }
}

static void sheets_have_names_states_and_kinds(void **unused) {
    struct opened opened = {0};
    put_bof(&opened.bytes, 8, PF_XLS_GLOBALS);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1open", 0, 0, 0, 4, 0);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1%2%2", 0, 1, 0, 2, 1, 0x416, 0x20AC);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1deep", 0, 2, 0, 4, 0);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1chart", 0, 0, 2, 5, 0);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1macro", 0, 0, 1, 5, 0);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1vba", 0, 0, 6, 3, 0);
    put(&opened.bytes, PF_XLS_EOF, "");
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    static const struct pf_grid_sheet wanted[] = {
        {"open", PF_SHEET_VISIBLE, PF_SHEET_GRID, false},
        {"\xD0\x96\xE2\x82\xAC", PF_SHEET_HIDDEN, PF_SHEET_GRID, false},
        {"deep", PF_SHEET_VERY_HIDDEN, PF_SHEET_GRID, false},
        {"chart", PF_SHEET_VISIBLE, PF_SHEET_CHART, false},
        {"macro", PF_SHEET_VISIBLE, PF_SHEET_MACRO, false},
        {"vba", PF_SHEET_VISIBLE, PF_SHEET_MODULE, false}};
    assert_int_equal(opened.book.sheet_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(opened.book.sheets[i].name, wanted[i].name);
        assert_int_equal(opened.book.sheets[i].state, wanted[i].state);
        assert_int_equal(opened.book.sheets[i].kind, wanted[i].kind);
    }
    close_opened(&opened);
}

static void assert_shared(const struct opened *opened, uint32_t index, const char *wanted) {
    const struct pf_grid_strings *strings = &opened->book.strings;
    assert_true(index < strings->count);
    assert_int_equal(strings->offsets[index + 1] - strings->offsets[index], strlen(wanted));
    assert_memory_equal(strings->bytes + strings->offsets[index], wanted, strlen(wanted));
}

static void shared_strings_go_on_in_continue_records(void **unused) {
    struct pf_buf globals = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_SST, "%4%4%2%1one%2%1tw", 9, 5, 3, 0, 3, 0);
    put(&globals, PF_XLS_CONTINUE, "%1%2%2%1%2", 1, 'o', 1, 1, 0x416);
    put(&globals, PF_XLS_CONTINUE, "%2%1%2%1%2abc%4", 0, 0, 3, 8, 2,
        0); /* empty; and rich: two runs, one here */
    put(&globals, PF_XLS_CONTINUE, "%4", 0);
    build_book(8, &globals, NULL, &opened.bytes);
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    assert_int_equal(opened.book.strings.count, 5);
    assert_shared(&opened, 0, "one");
    assert_shared(&opened, 1, "two");
    assert_shared(&opened, 2, "\xD0\x96");
    assert_shared(&opened, 3, "");
    assert_shared(&opened, 4, "abc");
    close_opened(&opened);
    pf_buf_clear(&globals);
}

static void a_count_of_shared_strings_beyond_the_truth_is_not_believed(void **unused) {
    struct pf_buf globals = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_SST, "%4%4%2%1one", 0xFFFFFFFF, 0xFFFFFFFF, 3, 0);
    build_book(8, &globals, NULL, &opened.bytes);
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    assert_int_equal(opened.book.strings.count, 1);
    close_opened(&opened);
    pf_buf_clear(&globals);
}

static void names_of_old_workbooks_are_in_their_code_page(void **unused) {
    struct opened opened = {0};
    put_bof(&opened.bytes, 5, PF_XLS_GLOBALS);
    put(&opened.bytes, PF_XLS_CODE_PAGE, "%2", 1251);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1\xCB\xE8\xF1\xF2", 0, 0, 0, 4);
    put(&opened.bytes, PF_XLS_EOF, "");
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    assert_string_equal(opened.book.sheets[0].name, "\xD0\x9B\xD0\xB8\xD1\x81\xD1\x82");
    close_opened(&opened);
}

static void a_biff4_workbook_lists_its_sheets_where_they_stand(void **unused) {
    struct opened opened = {0};
    struct pf_buf shown = {0};
    put_bof(&opened.bytes, 4, PF_XLS_WORKSPACE);
    for (unsigned i = 0; i < 2; i++) {
        put(&opened.bytes, PF_XLS_SHEET_HEAD, "%4%1S%1", 0, 2, '1' + i);
        put_bof(&opened.bytes, 4, PF_XLS_WORKSHEET);
        put(&opened.bytes, PF_XLS_FORMAT, "%2%1General", 0, 7);
        put(&opened.bytes, PF_XLS_XF4, "%1%1%2%2%2%4", 0, 0, 0, 0, 0, 0);
        put(&opened.bytes, PF_XLS_NUMBER, "%2%2%2%8", 0, 0, 0, 1.0 + i);
        put(&opened.bytes, PF_XLS_EOF, "");
    }
    put(&opened.bytes, PF_XLS_EOF, "");
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    assert_int_equal(opened.book.sheet_count, 2);
    assert_string_equal(opened.book.sheets[1].name, "S2");
    assert_cells(&opened, "A1=1");
    assert_int_equal(show_cells(&opened, 1, &shown), PF_OK);
    assert_string_equal((const char *)shown.data, "A1=2:1"); /* its own formats come after those of the first */
    pf_buf_clear(&shown);
    close_opened(&opened);
}

static void in_a_compound_file_the_newer_stream_is_read(void **unused) {
    struct pf_buf old = {0}, new = {0}, sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 0, 0, 0, 5.0);
    build_book(5, NULL, &sheet, &old);
    build_book(8, NULL, &sheet, &new);
    const struct cfb_item both[] = {{"Book", old.data, old.size, -1, false},
                                    {"WORKBOOK", new.data, new.size, -1, false}};
    for (size_t count = 1; count <= 2; count++) {
        cfb_build(both, count, 3, &opened.bytes);
        assert_int_equal(open_book(&opened, NULL), PF_OK);
        assert_int_equal(opened.book.biff, count == 1 ? 5 : 8);
        assert_cells(&opened, "A1=5");
        close_opened(&opened);
    }
    pf_buf_clear(&old);
    pf_buf_clear(&new);
    pf_buf_clear(&sheet);
}

static void names_of_one_range_are_areas(void **unused) {
    struct opened opened = {0};
    put_bof(&opened.bytes, 8, PF_XLS_GLOBALS);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1one", 0, 0, 0, 3, 0);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1two", 0, 0, 0, 3, 0);
    put(&opened.bytes, PF_XLS_SUPBOOK, "%2%2%1x", 1, 1, 0); /* another file */
    put(&opened.bytes, PF_XLS_SUPBOOK, "%2%2", 2, 0x0401);
    put(&opened.bytes, PF_XLS_EXTERN_SHEET, "%2%2%2%2%2%2%2%2%2%2", 3, 0, 0, 0, 1, 1, 1, 1, 0, 1);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4%1data%1%2%2%2%2%2", 0, 0, 4, 11, 0, 0, 0, 0, 0x3B, 1, 2,
        900, 1, 7);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4%1%2%1%2%2%2", 0, 0, 1, 7, 0, 2, 0, 1, 0x416, 0x5A, 1, 4,
        0xC003);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4%1else%1%2%2%2%2%2", 0, 0, 4, 11, 0, 0, 0, 0, 0x3B, 0, 2, 9,
        1, 7);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4%1span%1%2%2%2%2%2", 0, 0, 4, 11, 0, 0, 0, 0, 0x3B, 2, 2, 9,
        1, 7);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4%1hide%1%2%2%2%2%2", 1, 0, 4, 11, 0, 0, 0, 0, 0x3B, 1, 2, 9,
        1, 7);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4%1sum%1%1%1", 0, 0, 3, 3, 0, 0, 0, 0, 0x19, 0x10, 0);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4%1over%1%2%2%2%2%2", 0, 0, 4, 11, 0, 0, 0, 0, 0x3B, 99, 2, 9,
        1, 7);
    put(&opened.bytes, PF_XLS_EOF, "");
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    assert_int_equal(opened.book.area_count, 2);
    const struct pf_grid_area *data = &opened.book.areas[0], *cell = &opened.book.areas[1];
    assert_string_equal(data->name, "data");
    assert_int_equal(data->sheet, 1);
    assert_int_equal(data->range.first_row, 2);
    assert_int_equal(data->range.last_row, 900);
    assert_int_equal(data->range.first_column, 1);
    assert_int_equal(data->range.last_column, 7);
    assert_string_equal(cell->name, "\xD0\x96");
    assert_int_equal(data->owner, 0);
    assert_int_equal(cell->owner, 2);
    assert_int_equal(cell->range.last_row, 4);
    assert_int_equal(cell->range.first_column, 3);
    close_opened(&opened);
}

static void names_of_biff5_are_areas_too(void **unused) {
    struct opened opened = {0};
    put_bof(&opened.bytes, 5, PF_XLS_GLOBALS);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1one", 0, 0, 0, 3);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4area%1%2%4%4%2%2%2%2%1%1", 0, 0, 4, 21, 0, 0, 0, 0x3B,
        0xFFFF, 0, 0, 0, 0, 1, 9, 2, 3);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4cell%1%2%4%4%2%2%2%1", 0, 0, 4, 18, 0, 0, 0, 0x3A, 0xFFFF, 0,
        0, 0, 0, 0xC005, 2);
    put(&opened.bytes, PF_XLS_NAME, "%2%1%1%2%2%2%4else%1%2%4%4%2%2%2%1", 0, 0, 4, 18, 0, 0, 0, 0x3A, 1, 0, 0,
        0, 0, 5, 2);
    put(&opened.bytes, PF_XLS_EOF, "");
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    assert_int_equal(opened.book.area_count, 2);
    assert_string_equal(opened.book.areas[0].name, "area");
    assert_int_equal(opened.book.areas[0].range.last_row, 9);
    assert_int_equal(opened.book.areas[0].range.last_column, 3);
    assert_int_equal(opened.book.areas[1].range.first_row, 5);
    assert_int_equal(opened.book.areas[1].range.first_column, 2);
    close_opened(&opened);
}

static void what_is_no_workbook_is_refused_by_its_true_name(void **unused) {
    static const char *const cases[][2] = {{"WordDocument", "Word document"},
                                           {"PowerPoint Document", "PowerPoint"},
                                           {"EncryptedPackage", "locked"},
                                           {"Something", "without a workbook"}};
    for (size_t i = 0; i < 4; i++) {
        const struct cfb_item item = {cases[i][0], "x", 1, -1, false};
        struct opened opened = {0};
        cfb_build(&item, 1, 3, &opened.bytes);
        assert_int_equal(open_book(&opened, NULL), PF_UNSUPPORTED);
        assert_non_null(strstr(opened.err.message, cases[i][1]));
        close_opened(&opened);
    }
    struct opened opened = {0};
    pf_buf_text(&opened.bytes, "plain text", NULL);
    assert_int_equal(open_book(&opened, NULL), PF_BAD_DATA);
    close_opened(&opened);
    put(&opened.bytes, PF_XLS_BOF, "%2%2%2%2", 0x500, PF_XLS_GLOBALS, 0, 0);
    opened.bytes.data[2] = 2;
    assert_int_equal(open_book(&opened, NULL), PF_BAD_DATA);
    close_opened(&opened);
}

static void globals_cut_anywhere_never_crash(void **unused) {
    struct pf_buf globals = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_FORMAT, "%2%2%1yyyy-mm-dd", 200, 10, 0);
    put_xf(&globals, 200);
    put(&globals, PF_XLS_SST, "%4%4%2%1one%2%1two", 9, 2, 3, 0, 3, 0);
    build_book(8, &globals, NULL, &opened.bytes);
    for (size_t size = opened.bytes.size; size-- > 0;) {
        opened.bytes.size = size;
        pf_status status = open_book(&opened, NULL);
        assert_true(status == PF_OK || status == PF_BAD_DATA);
        pf_xls_book_close(&opened.book);
    }
    close_opened(&opened);
    pf_buf_clear(&globals);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(styles_follow_from_xf_and_format),
        cmocka_unit_test(formats_of_old_versions_are_counted),
        cmocka_unit_test(sheets_have_names_states_and_kinds),
        cmocka_unit_test(shared_strings_go_on_in_continue_records),
        cmocka_unit_test(a_count_of_shared_strings_beyond_the_truth_is_not_believed),
        cmocka_unit_test(names_of_old_workbooks_are_in_their_code_page),
        cmocka_unit_test(a_biff4_workbook_lists_its_sheets_where_they_stand),
        cmocka_unit_test(in_a_compound_file_the_newer_stream_is_read),
        cmocka_unit_test(names_of_one_range_are_areas),
        cmocka_unit_test(names_of_biff5_are_areas_too),
        cmocka_unit_test(what_is_no_workbook_is_refused_by_its_true_name),
        cmocka_unit_test(globals_cut_anywhere_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
