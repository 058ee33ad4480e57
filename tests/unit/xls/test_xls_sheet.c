/* test_xls_sheet.c — cells of every version, right and wrong.                   SPDX-License-Identifier: MIT */
#include "xls_builder.h"

/* Builds and opens a book of one sheet. */
static void open_sheet(struct opened *opened, int biff, struct pf_buf *globals, struct pf_buf *sheet) {
    build_book(biff, globals, sheet, &opened->bytes);
    assert_int_equal(open_book(opened, NULL), PF_OK);
    pf_buf_clear(sheet);
    if (globals)
        pf_buf_clear(globals);
}

static void every_cell_record_of_biff8_is_read(void **unused) {
    struct pf_buf globals = {0}, sheet = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_SST, "%4%4%2%1one%2%1two", 2, 2, 3, 0, 3, 0);
    put(&sheet, 0x200, "%4%4%2%2%2", 0, 1, 0, 1, 0); /* DIMENSIONS lie: one cell */
    put(&sheet, PF_XLS_LABEL_SST, "%2%2%2%4", 0, 0, 1, 1);
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 0, 1, 0, 0.1);
    put(&sheet, PF_XLS_BLANK, "%2%2%2", 0, 2, 9);
    put(&sheet, PF_XLS_RK, "%2%2%2%4", 0, 3, 0, 7 << 2 | 2);
    put(&sheet, PF_XLS_MULRK, "%2%2%2%4%2%4%2", 1, 0, 3, 1 << 2 | 2, 4, 12345 << 2 | 3, 1);
    put(&sheet, PF_XLS_MULBLANK, "%2%2%2%2%2", 1, 2, 0, 0, 3);
    put(&sheet, PF_XLS_LABEL, "%2%2%2%2%1abc", 2, 0, 0, 3, 0);
    put(&sheet, PF_XLS_RSTRING, "%2%2%2%2%1%2%2%2", 2, 1, 0, 1, 1, 0x416, 0, 0);
    put(&sheet, PF_XLS_BOOLERR, "%2%2%2%1%1", 2, 2, 0, 1, 0);
    put(&sheet, PF_XLS_BOOLERR, "%2%2%2%1%1", 2, 3, 0, 0x2A, 1);
    put(&sheet, PF_XLS_BOOLERR, "%2%2%2%1%1", 2, 255, 0, 0, 0);
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 65535, 255, 0, 1.0);
    open_sheet(&opened, 8, &globals, &sheet);
    assert_cells(&opened,
                 "A1='two':1 B1=0.10000000000000001 D1=7 A2=1:3 B2=123.45:4 A3='abc' B3='\xD0\x96' C3=TRUE "
                 "D3=#N/A IV3=FALSE IV65536=1");
    close_opened(&opened);
}

/* [MS-XLS] 2.5.122: the sign stays, thirty bits are thirty bits. */
static void rk_numbers_keep_sign_size_and_hundredths(void **unused) {
    static const struct {
        uint32_t rk;
        double value;
    } known[] = {{0x00000002, 0},          {0xFFFFFFFE, -1},          {0x7FFFFFFE, 536870911},
                 {0x80000002, -536870912}, {0x80000003, -5368709.12}, {0x3FF00000, 1},
                 {0x3FF00001, 0.01},       {0xBFF80000, -1.5},        {0x40FE240C, 123456.75},
                 {0x003E7D8B, 10238.42},   {0x41D0000C, 1073754112.0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct pf_buf sheet = {0};
        struct opened opened = {0};
        char wanted[64];
        put(&sheet, PF_XLS_RK, "%2%2%2%4", 0, 0, 0, known[i].rk);
        open_sheet(&opened, 8, NULL, &sheet);
        snprintf(wanted, sizeof wanted, "A1=%.17g", known[i].value);
        assert_cells(&opened, wanted);
        close_opened(&opened);
    }
}

static void formulas_give_their_stored_result(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%8%2%4", 0, 0, 0, 2.5, 0, 0);
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%1%1%1%1%2%2%2%4", 0, 1, 0, 1, 0, 1, 0, 0, 0xFFFF, 0, 0);
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%1%1%1%1%2%2%2%4", 0, 2, 0, 2, 0, 7, 0, 0, 0xFFFF, 0, 0);
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%1%1%1%1%2%2%2%4", 0, 3, 0, 3, 0, 0, 0, 0, 0xFFFF, 0, 0); /* "" */
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%1%1%1%1%2%2%2%4", 0, 4, 0, 0, 0, 0, 0, 0, 0xFFFF, 0, 0);
    put(&sheet, PF_XLS_SHARED, "%4", 0);
    put(&sheet, PF_XLS_STRING, "%2%1ab", 4, 0);
    put(&sheet, PF_XLS_CONTINUE, "%1%2%2", 1, 0x416, 'd');
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%1%1%1%1%2%2%2%4", 0, 5, 0, 0, 0, 0, 0, 0, 0xFFFF, 0, 0); /* no STRING */
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 0, 6, 0, 9.0);
    open_sheet(&opened, 8, NULL, &sheet);
    assert_cells(&opened, "A1==2.5 B1==TRUE C1==#DIV/0! E1=='ab\xD0\x96"
                          "d' G1=9");
    close_opened(&opened);
}

static void cells_of_biff5_are_in_the_code_page(void **unused) {
    struct pf_buf globals = {0}, sheet = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_CODE_PAGE, "%2", 1253);
    put(&sheet, PF_XLS_LABEL, "%2%2%2%2\xC1\xE2", 0, 0, 0, 2);
    put(&sheet, PF_XLS_RSTRING, "%2%2%2%2x\xE3%1%1", 0, 1, 0, 2, 0, 0);
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%1%1%1%1%2%2%2%4", 0, 2, 0, 0, 0, 0, 0, 0, 0xFFFF, 0, 0);
    put(&sheet, PF_XLS_STRING, "%2\xE4", 1);
    open_sheet(&opened, 5, &globals, &sheet);
    assert_cells(&opened, "A1='\xCE\x91\xCE\xB2' B1='x\xCE\xB3' C1=='\xCE\xB4'");
    close_opened(&opened);
}

static void cells_of_biff2_have_their_own_shapes(void **unused) {
    struct pf_buf globals = {0}, sheet = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_FORMAT2, "%1General", 7);
    put(&globals, PF_XLS_FORMAT2, "%1d/m/yy", 6);
    put(&sheet, PF_XLS_INTEGER2, "%2%2%1%1%1%2", 0, 0, 0, 0, 0, 65535);
    put(&sheet, PF_XLS_NUMBER2, "%2%2%1%1%1%8", 0, 1, 0, 1, 0, 1.5);
    put(&sheet, PF_XLS_LABEL2, "%2%2%1%1%1%1abc", 0, 2, 0, 0, 0, 3);
    put(&sheet, PF_XLS_BOOLERR2, "%2%2%1%1%1%1%1", 0, 3, 0, 0, 0, 1, 0);
    put(&sheet, PF_XLS_FORMULA, "%2%2%1%1%1%8%1", 0, 4, 0, 0, 0, 4.5, 0);
    put(&sheet, PF_XLS_FORMULA, "%2%2%1%1%1%1%1%1%1%2%2%1", 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0xFFFF, 0);
    put(&sheet, PF_XLS_STRING2, "%1xy", 2);
    put(&sheet, PF_XLS_BLANK2, "%2%2%1%1%1", 0, 6, 0, 0, 0);
    open_sheet(&opened, 2, &globals, &sheet);
    assert_cells(&opened, "A1=65535 B1=1.5:1 C1='abc' D1=TRUE E1==4.5 F1=='xy'");
    assert_int_equal(opened.book.styles[1].kind, PF_FORMAT_DATE);
    close_opened(&opened);
}

static void biff2_with_more_than_sixty_styles_names_them_in_front(void **unused) {
    struct pf_buf globals = {0}, sheet = {0};
    struct opened opened = {0};
    for (int i = 0; i < 70; i++)
        put(&globals, PF_XLS_XF2, "%1%1%1%1", 0, 0, 0, 0);
    put(&sheet, PF_XLS_INTEGER2, "%2%2%1%1%1%2", 0, 0, 62, 9, 0, 1);
    put(&sheet, PF_XLS_IXFE, "%2", 69);
    put(&sheet, PF_XLS_INTEGER2, "%2%2%1%1%1%2", 0, 1, 63, 9, 0, 2);
    open_sheet(&opened, 2, &globals, &sheet);
    assert_cells(&opened, "A1=1:62 B1=2:69");
    close_opened(&opened);
}

static void charts_within_a_sheet_are_left_out(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 0, 0, 0, 1.0);
    put_bof(&sheet, 8, PF_XLS_CHART);
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 0, 1, 0, 99.0);
    put(&sheet, PF_XLS_EOF, "");
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 1, 0, 0, 2.0);
    open_sheet(&opened, 8, NULL, &sheet);
    assert_cells(&opened, "A1=1 A2=2");
    close_opened(&opened);
}

static void cells_in_no_order_come_as_they_are_stored_and_that_is_said(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    for (unsigned column = 0; column < 2; column++)
        for (unsigned row = 0; row < 3; row++)
            put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", row, column, 0, row + 10.0 * column);
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 1, 1, 0, 77.0);
    open_sheet(&opened, 8, NULL, &sheet);
    assert_cells(&opened, "A1=0 A2=1 A3=2 B1=10 B2=11 B3=12 B2=77 in no order");
    close_opened(&opened);
}

static void big_sheets_come_in_blocks_of_whole_rows(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    pf_xls_cursor *cursor = NULL;
    struct pf_grid_block block = {0};
    for (unsigned row = 0; row < 2000; row++)
        for (unsigned column = 0; column < 50; column++)
            put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", row, column, 0, row * 50.0 + column);
    open_sheet(&opened, 8, NULL, &sheet);
    assert_int_equal(pf_xls_cursor_open(&opened.book, 0, 0, &cursor, &opened.err), PF_OK);
    uint32_t rows = 0, blocks = 0;
    for (;; blocks++) {
        pf_grid_block_empty(&block);
        assert_int_equal(pf_xls_cursor_next(cursor, &block, &opened.err), PF_OK);
        if (block.cell_count == 0)
            break;
        assert_int_equal(block.cell_count, block.row_count * 50);
        for (size_t r = 0; r < block.row_count; r++, rows++) {
            assert_int_equal(block.rows[r].number, rows);
            assert_true(block.cells[block.rows[r].from].value.number == rows * 50.0);
        }
    }
    assert_int_equal(rows, 2000);
    assert_true(blocks > 1);
    pf_xls_cursor_close(&cursor);
    pf_grid_block_clear(&block);
    close_opened(&opened);
}

static void merged_ranges_are_found_behind_the_cells(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 0, 0, 0, 1.0);
    put(&sheet, PF_XLS_MERGES, "%2%2%2%2%2%2%2%2%2", 2, 0, 1, 0, 2, 5, 5, 1, 3);
    put(&sheet, PF_XLS_MERGES, "%2%2%2%2%2", 9, 7, 8, 0, 0); /* the count lies */
    open_sheet(&opened, 8, NULL, &sheet);
    assert_int_equal(pf_xls_look(&opened.book, 0, NULL), PF_OK);
    assert_int_equal(opened.book.places[0].merge_count, 3);
    assert_int_equal(opened.book.places[0].merges[0].last_row, 1);
    assert_int_equal(opened.book.places[0].merges[0].last_column, 2);
    assert_int_equal(opened.book.places[0].merges[2].first_row, 7);
    close_opened(&opened);
}

static void hidden_rows_and_columns_are_found_among_the_cells(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_COL_INFO, "%2%2%2%2%2%2", 1, 2, 0, 0, 1, 0);
    put(&sheet, PF_XLS_COL_INFO, "%2%2%2%2%2%2", 3, 3, 0, 0, 6, 0);
    put(&sheet, PF_XLS_COL_INFO, "%2%2%2%2", 4, 4, 0, 0); /* cut short */
    put(&sheet, PF_XLS_ROW, "%2%2%2%2%2%2%4", 0, 0, 1, 255, 0, 0, 0x100);
    put(&sheet, PF_XLS_ROW, "%2%2%2%2%2%2%4", 1, 0, 1, 255, 0, 0, 0x120);
    put(&sheet, PF_XLS_ROW, "%2%2%2%2%2%2%4", 2, 0, 1, 255, 0, 0, 0x130);
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 0, 0, 0, 1.0);
    open_sheet(&opened, 8, NULL, &sheet);
    assert_int_equal(pf_xls_look(&opened.book, 0, NULL), PF_OK);
    const struct pf_buf *hidden = &opened.book.places[0].hidden;
    const struct pf_grid_range *ranges = (const struct pf_grid_range *)(const void *)hidden->data;
    assert_int_equal(hidden->size / sizeof *ranges, 2);
    assert_true(ranges[0].first_column == 1 && ranges[0].last_column == 2 &&
                ranges[0].last_row == PF_GRID_ROWS - 1);
    assert_true(ranges[1].first_row == 1 && ranges[1].last_row == 2 &&
                ranges[1].last_column == PF_GRID_COLUMNS - 1);
    close_opened(&opened);
}

static void assert_sheet_refused(struct pf_buf *sheet, const char *where, const char *words) {
    struct opened opened = {0};
    struct pf_buf shown = {0};
    open_sheet(&opened, 8, NULL, sheet);
    assert_int_equal(show_cells(&opened, 0, &shown), PF_BAD_DATA);
    assert_string_equal(opened.err.where, where);
    assert_non_null(strstr(opened.err.message, words));
    pf_buf_clear(&shown);
    close_opened(&opened);
}

static void broken_cells_are_refused_with_sheet_and_cell(void **unused) {
    struct pf_buf sheet = {0};
    put(&sheet, PF_XLS_LABEL_SST, "%2%2%2%4", 6, 2, 0, 0);
    assert_sheet_refused(&sheet, "sheet 'Cells', cell C7", "shared string");
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%4", 6, 2, 0, 0);
    assert_sheet_refused(&sheet, "sheet 'Cells', cell C7", "cut short");
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 0, 16384, 0, 1.0);
    assert_sheet_refused(&sheet, "sheet 'Cells', cell XFE1", "beyond the last column");
    put(&sheet, PF_XLS_LABEL, "%2%2%2%2%1abc", 0, 0, 0, 300, 0);
    assert_sheet_refused(&sheet, "sheet 'Cells'", "ends within its contents");
    pf_buf_put(&sheet, "\3\2\xFF\xFF", 4, NULL);
    assert_sheet_refused(&sheet, "sheet 'Cells'", "cut short");
}

static void a_sheet_that_is_not_where_the_book_says_is_refused(void **unused) {
    struct pf_buf sheet = {0}, shown = {0};
    struct opened opened = {0};
    build_book(8, NULL, &sheet, &opened.bytes);
    for (int i = 0; i < 2; i++) {
        set_offset(&opened.bytes, 0, i ? 0x7FFFFFFF : 30);
        assert_int_equal(open_book(&opened, NULL), PF_OK);
        assert_int_equal(show_cells(&opened, 0, &shown), PF_BAD_DATA);
        assert_string_equal(opened.err.where, "sheet 'Cells'");
        pf_xls_book_close(&opened.book);
    }
    pf_buf_clear(&shown);
    close_opened(&opened);
}

static void a_chart_sheet_has_no_cells(void **unused) {
    struct opened opened = {0};
    put_bof(&opened.bytes, 8, PF_XLS_GLOBALS);
    put(&opened.bytes, PF_XLS_BOUND_SHEET, "%4%1%1%1%1chart", 0, 0, 2, 5, 0);
    put(&opened.bytes, PF_XLS_EOF, "");
    assert_int_equal(open_book(&opened, NULL), PF_OK);
    assert_cells(&opened, "");
    close_opened(&opened);
}

static void no_memory_is_said_and_nothing_is_kept(void **unused) {
    struct pf_buf globals = {0}, sheet = {0}, shown = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_SST, "%4%4%2%1one", 1, 1, 3, 0);
    put(&globals, PF_XLS_FORMAT, "%2%2%1yyyy-mm-dd", 200, 10, 0);
    put(&sheet, PF_XLS_LABEL_SST, "%2%2%2%4", 1, 0, 0, 0);
    put(&sheet, PF_XLS_LABEL, "%2%2%2%2%1abc", 0, 0, 0, 3, 0);
    put(&sheet, PF_XLS_MERGES, "%2%2%2%2%2", 1, 7, 8, 0, 0);
    build_book(8, &globals, &sheet, &opened.bytes);
    pf_status status = PF_NO_MEMORY;
    pf_buf_reserve(&shown, 1000, NULL);
    for (int64_t nth = 1; status != PF_OK; nth++) {
        pf_mem_fail_from(nth);
        status = open_book(&opened, NULL);
        if (status == PF_OK)
            status = show_cells(&opened, 0, &shown);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_xls_book_close(&opened.book);
    }
    pf_buf_clear(&globals);
    pf_buf_clear(&sheet);
    pf_buf_clear(&shown);
    close_opened(&opened);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_record_of_biff8_is_read),
        cmocka_unit_test(rk_numbers_keep_sign_size_and_hundredths),
        cmocka_unit_test(formulas_give_their_stored_result),
        cmocka_unit_test(cells_of_biff5_are_in_the_code_page),
        cmocka_unit_test(cells_of_biff2_have_their_own_shapes),
        cmocka_unit_test(biff2_with_more_than_sixty_styles_names_them_in_front),
        cmocka_unit_test(charts_within_a_sheet_are_left_out),
        cmocka_unit_test(cells_in_no_order_come_as_they_are_stored_and_that_is_said),
        cmocka_unit_test(big_sheets_come_in_blocks_of_whole_rows),
        cmocka_unit_test(merged_ranges_are_found_behind_the_cells),
        cmocka_unit_test(hidden_rows_and_columns_are_found_among_the_cells),
        cmocka_unit_test(broken_cells_are_refused_with_sheet_and_cell),
        cmocka_unit_test(a_sheet_that_is_not_where_the_book_says_is_refused),
        cmocka_unit_test(a_chart_sheet_has_no_cells),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
