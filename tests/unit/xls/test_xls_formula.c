/* test_xls_formula.c — formulas of cells as text, where they are asked for.     SPDX-License-Identifier: MIT */
#include "xls_builder.h"

#define HEAD  "%2%2%2%8%2%4%2" /* row, column, style, result, flags, unused, size of the tokens */
#define CELL  "%1%2%2"
#define TIMES 0x05

static void open_texts(struct opened *opened, int biff, struct pf_buf *globals, struct pf_buf *sheet) {
    build_book(biff, globals, sheet, &opened->bytes);
    pf_buf_clear(sheet);
    if (globals)
        pf_buf_clear(globals);
    opened->wants = PF_GRID_FORMULAS;
    assert_int_equal(open_book(opened, NULL), PF_OK);
}

static void formulas_are_texts_where_they_are_asked_for(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_FORMULA, HEAD CELL CELL "%1", 0, 2, 0, 6.0, 0, 0, 11, 0x44, 0, 0xC000, 0x44, 0, 0xC001,
        TIMES);
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%1%1%1%1%2%2%2%4%2%1%1%1hi", 1, 0, 0, 0, 0, 0, 0, 0, 0xFFFF, 0, 0, 5,
        0x17, 2, 0);
    put(&sheet, PF_XLS_STRING, "%2%1hi", 2, 0);
    put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", 1, 1, 0, 9.0);
    open_texts(&opened, 8, NULL, &sheet);
    assert_cells(&opened, "C1=='=A1*B1' A2=='=\"hi\"' B2=9");
    opened.wants = 0;
    assert_cells(&opened, "C1==6 A2=='hi' B2=9");
    close_opened(&opened);
}

static void cells_that_share_a_formula_have_their_own_text(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_FORMULA, HEAD CELL, 0, 1, 0, 2.0, 0, 0, 5, 1, 0, 1);
    put(&sheet, PF_XLS_SHARED, "%2%2%1%1%1%1%2" CELL, 0, 2, 1, 1, 0, 3, 5, 0x4C, 0, 0xC0FF);
    put(&sheet, PF_XLS_FORMULA, HEAD CELL, 1, 1, 0, 3.0, 0, 0, 5, 1, 0, 1);
    put(&sheet, PF_XLS_FORMULA, HEAD CELL, 3, 1, 0, 4.0, 0, 0, 5, 1, 0, 1); /* not of the range */
    open_texts(&opened, 8, NULL, &sheet);
    assert_cells(&opened, "B1=='=A1' B2=='=A2' B4==4!");
    close_opened(&opened);
}

static void an_array_formula_is_told_once_and_goes_on_behind_its_record(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_FORMULA, HEAD CELL, 0, 0, 0, 2.0, 0, 0, 5, 1, 0, 0);
    put(&sheet, PF_XLS_ARRAY, "%2%2%1%1%2%4%2%1%4%2%1%1%2%1", 0, 1, 0, 0, 0, 0, 8, 0x60, 0, 0, 0, 1, 0, 1);
    put(&sheet, PF_XLS_CONTINUE, "%8%1%8", 1.0, 1, 2.0);
    put(&sheet, PF_XLS_FORMULA, HEAD CELL, 1, 0, 0, 3.0, 0, 0, 5, 1, 0, 0);
    put(&sheet, PF_XLS_FORMULA, HEAD CELL, 2, 0, 0, 3.0, 0, 0, 5, 2, 0, 0); /* a table of what-if */
    open_texts(&opened, 8, NULL, &sheet);
    assert_cells(&opened, "A1=='={1,2}' A2==3 A3==3");
    close_opened(&opened);
}

static void what_cannot_be_told_is_a_value_that_says_so(void **unused) {
    struct pf_buf sheet = {0};
    struct opened opened = {0};
    put(&sheet, PF_XLS_FORMULA, HEAD "%1", 0, 0, 0, 2.0, 0, 0, 1, TIMES);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1", 0, 1, 0, 2.5, 0, 0, 99, TIMES);    /* longer than it is */
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%8", 0, 2, 0, 3.0);                    /* no tokens */
    put(&sheet, PF_XLS_FORMULA, HEAD CELL, 0, 3, 0, 4.0, 0, 0, 5, 1, 7, 7);   /* nothing is shared there */
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%4", 0, 4, 0, 4.0, 0, 0, 5, 0x43, 1); /* no such name */
    put(&sheet, PF_XLS_FORMULA, "%2%2%2%1%1%1%1%2%2%2%4%2%1", 0, 5, 0, 0, 0, 0, 0, 0, 0xFFFF, 0, 0, 1, TIMES);
    put(&sheet, PF_XLS_STRING, "%2%1hi", 2, 0);
    open_texts(&opened, 8, NULL, &sheet);
    assert_cells(&opened, "A1==2! B1==2.5! C1==3! D1==4! E1==4! F1=='hi'!");
    close_opened(&opened);
}

static void sheets_and_names_go_by_the_records_of_the_globals(void **unused) {
    struct pf_buf globals = {0}, sheet = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_SUPBOOK, "%2%2%1%1b.xls%2%1Far%2%1off", 2, 6, 0, 1, 3, 0, 3, 0);
    put(&globals, PF_XLS_EXTERN_NAME, "%2%2%2%1%1Rate%2", 0, 0, 0, 4, 0, 0);
    put(&globals, PF_XLS_EXTERN_NAME, "%2%2%2%1%1Lnk%2", 0x10, 0, 0, 3, 0, 0);
    put(&globals, PF_XLS_SUPBOOK, "%2%2", 1, 0x401);
    put(&globals, PF_XLS_SUPBOOK, "%2%2", 1, 0x3A01);
    put(&globals, PF_XLS_EXTERN_NAME, "%2%2%2%1%1EDATE%2", 0, 0, 0, 5, 0, 0);
    put(&globals, PF_XLS_EXTERN_SHEET, "%2%2%2%2%2%2%2%2%2%2%2%2%2", 4, 1, 0, 0, 0, 1, 1, 2, 0xFFFE, 0xFFFE, 0,
        0xFFFE, 0xFFFE);
    put(&globals, PF_XLS_NAME, "%2%1%1%2%2%2%1%1%1%1%1Total", 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0);
    put(&globals, PF_XLS_NAME, "%2%1%1%2%2%2%1%1%1%1%1%1", 0x20, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 6);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%2%2", 0, 0, 0, 1.0, 0, 0, 7, 0x5A, 0, 0, 0xC000);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%2%2", 0, 1, 0, 1.0, 0, 0, 7, 0x5A, 1, 0, 0xC000);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%4", 0, 2, 0, 1.0, 0, 0, 5, 0x43, 1);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%4", 0, 3, 0, 1.0, 0, 0, 5, 0x43, 2);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%4%1%2%1%1%2", 0, 4, 0, 1.0, 0, 0, 14, 0x39, 2, 1, 0x1E, 3, 0x42, 2,
        0xFF);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%4", 0, 5, 0, 1.0, 0, 0, 7, 0x59, 3, 1);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%4", 0, 6, 0, 1.0, 0, 0, 7, 0x59, 3, 2);
    open_texts(&opened, 8, &globals, &sheet);
    assert_cells(&opened,
                 "A1=='=Cells!A1' B1=='=[1]off!A1' C1=='=Total' D1=='=_xlnm.Print_Area' E1=='=EDATE(3)' "
                 "F1=='=[1]!Rate' G1==1!");
    close_opened(&opened);
}

static void broken_records_of_the_globals_leave_the_others(void **unused) {
    struct pf_buf globals = {0}, sheet = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_SUPBOOK, "%2", 1);
    put(&globals, PF_XLS_SUPBOOK, "%2%2%1b", 9, 9, 0);
    put(&globals, PF_XLS_EXTERN_NAME, "%2", 0);
    put(&globals, PF_XLS_EXTERN_SHEET, "%2%2%2%2", 1, 9, 0, 0);
    put(&globals, PF_XLS_NAME, "%2", 0);
    put(&globals, PF_XLS_NAME, "%2%1%1%2%2%2%1%1%1%1%1To", 0, 0, 200, 0, 0, 0, 0, 0, 0, 0, 0);
    put(&globals, PF_XLS_NAME, "%2%1%1%2%2%2%1%1%1%1%1Good", 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%4", 0, 0, 0, 1.0, 0, 0, 5, 0x43, 3);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%4", 0, 1, 0, 1.0, 0, 0, 5, 0x43, 2);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%2%2", 0, 2, 0, 1.0, 0, 0, 7, 0x5A, 0, 0, 0xC000);
    open_texts(&opened, 8, &globals, &sheet);
    assert_cells(&opened, "A1=='=Good' B1==1! C1==1!");
    close_opened(&opened);
}

static void older_books_have_their_own_records(void **unused) {
    struct pf_buf globals = {0}, sheet = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_EXTERN_SHEET, "%1%1", 1, 0x3A);
    put(&globals, PF_XLS_EXTERN_NAME, "%2%2%2%1Add%2", 0, 0, 0, 3, 0);
    put(&globals, PF_XLS_EXTERN_SHEET, "%1%1b.xls", 6, 1);
    put(&globals, PF_XLS_NAME, "%2%1%1%2%2%2%1%1%1%1Sum\xE9", 0, 0, 4, 0, 0, 0, 0, 0, 0, 0);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%4%4%4", 0, 0, 0, 1.0, 0, 0, 15, 0x43, 1, 0, 0, 0);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%4%4%2%4%4%4%1%1%2", 0, 1, 0, 1.0, 0, 0, 29, 0x39, 1, 0, 0, 1, 0, 0,
        0, 0x42, 1, 0xFF);
    open_texts(&opened, 5, &globals, &sheet);
    assert_cells(&opened, "A1=='=Sum\xC3\xA9' B1=='=_xll.Add()'");
    close_opened(&opened);
    opened = (struct opened){0};
    put(&globals, PF_XLS_NAME, "%1%1%1%1%1Old", 0, 0, 0, 3, 0);
    put(&sheet, PF_XLS_FORMULA, "%2%2%1%1%1%8%1%1%1%2%1%1%2%1", 0, 0, 0, 0, 0, 4.5, 0, 8, 0x24, 0xC000, 0, 0x1E,
        2, TIMES);
    put(&sheet, PF_XLS_FORMULA, "%2%2%1%1%1%8%1%1%1%2%4%1", 0, 1, 0, 0, 0, 4.5, 0, 8, 0x43, 1, 0, 0);
    put(&sheet, PF_XLS_FORMULA, "%2%2%1%1%1%8%1%1%1%2%1", 0, 2, 0, 0, 0, 4.5, 0, 4, 1, 0, 2);
    put(&sheet, PF_XLS_ARRAY2, "%2%2%1%1%1%1%1%2", 0, 0, 2, 3, 0, 3, 0x1E, 7);
    open_texts(&opened, 2, &globals, &sheet);
    assert_cells(&opened, "A1=='=A1*2' B1=='=Old' C1=='=7'");
    close_opened(&opened);
    opened = (struct opened){0};
    put(&globals, PF_XLS_NAME3, "%2%1%1%2Old", 0, 0, 3, 0);
    put(&sheet, PF_XLS_FORMULA3, "%2%2%2%8%2%2%1%2%4%4", 0, 0, 0, 4.5, 0, 11, 0x43, 1, 0, 0);
    open_texts(&opened, 3, &globals, &sheet);
    assert_cells(&opened, "A1=='=Old'");
    close_opened(&opened);
}

static void no_memory_is_said_and_nothing_is_kept(void **unused) {
    struct pf_buf globals = {0}, sheet = {0};
    struct opened opened = {0};
    put(&globals, PF_XLS_SUPBOOK, "%2%2", 1, 0x401);
    put(&globals, PF_XLS_EXTERN_SHEET, "%2%2%2%2", 1, 0, 0, 0);
    put(&globals, PF_XLS_NAME, "%2%1%1%2%2%2%1%1%1%1%1Total", 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0);
    put(&sheet, PF_XLS_FORMULA, HEAD CELL, 0, 1, 0, 2.0, 0, 0, 5, 1, 0, 1);
    put(&sheet, PF_XLS_SHARED, "%2%2%1%1%1%1%2" CELL "%1%4%1", 0, 2, 1, 1, 0, 3, 11, 0x4C, 0, 0xC0FF, 0x43, 1,
        TIMES);
    put(&sheet, PF_XLS_FORMULA, HEAD "%1%2%2%2", 0, 2, 0, 1.0, 0, 0, 7, 0x5A, 0, 0, 0xC000);
    open_texts(&opened, 8, &globals, &sheet);
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        pf_xls_cursor *cursor = NULL;
        struct pf_grid_block block = {0};
        pf_mem_fail_from(nth);
        status = pf_xls_cursor_open(&opened.book, 0, PF_GRID_FORMULAS, &cursor, NULL);
        if (status == PF_OK)
            status = pf_xls_cursor_next(cursor, &block, NULL);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_xls_cursor_close(&cursor);
        pf_grid_block_clear(&block);
    }
    assert_cells(&opened, "B1=='=A1*Total' C1=='=Cells!A1'");
    close_opened(&opened);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_are_texts_where_they_are_asked_for),
        cmocka_unit_test(cells_that_share_a_formula_have_their_own_text),
        cmocka_unit_test(an_array_formula_is_told_once_and_goes_on_behind_its_record),
        cmocka_unit_test(what_cannot_be_told_is_a_value_that_says_so),
        cmocka_unit_test(sheets_and_names_go_by_the_records_of_the_globals),
        cmocka_unit_test(broken_records_of_the_globals_leave_the_others),
        cmocka_unit_test(older_books_have_their_own_records),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
