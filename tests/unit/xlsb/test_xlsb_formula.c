/* test_xlsb_formula.c — formulas of cells as text, where they are asked for.    SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xlsb_reading.h"

#define CELL_A1 1, 0x44, 4, 0, 2, 0xC000
#define NUMBER  4, 0, 8, 0x4000000000000000 /* style 0, the result 2 */

static const char workbook_rels[] =
    "<Relationships><Relationship Id=\"r1\" Type=\"" XLSX_REL
    "/worksheet\" Target=\"sheet.bin\"/><Relationship Id=\"r2\" Type=\"" XLSX_REL
    "/externalLink\" Target=\"other.bin\"/><Relationship Id=\"r3\" Type=\"" XLSX_REL
    "/externalLink\" Target=\"dde.bin\"/></Relationships>";

static void put_string_record(struct pf_buf *to, uint32_t id, const char *first, const char *second) {
    struct pf_buf body = {0};
    put_wide(&body, first);
    if (second)
        put_wide(&body, second);
    put_record(to, id, &body);
    pf_buf_clear(&body);
}

/* Behind count numbers of four bytes. */
static void put_strings_behind(struct pf_buf *to, uint32_t id, const uint32_t *fields, size_t count,
                               const char *first, const char *second) {
    struct pf_buf body = {0};
    for (size_t i = 0; i < count; i++)
        put_number(&body, fields[i], 4);
    put_wide(&body, first);
    put_wide(&body, second);
    put_record(to, id, &body);
    pf_buf_clear(&body);
}

static void put_own_name(struct pf_buf *to, const char *name, uint32_t flags) {
    struct pf_buf body = {0};
    put_number(&body, flags, 4);
    put_number(&body, 0, 1);
    put_number(&body, UINT32_MAX, 4);
    put_wide(&body, name);
    put_number(&body, 0, 4); /* no tokens */
    put_record(to, PF_XLSB_NAME, &body);
    pf_buf_clear(&body);
}

static void put_own_workbook(struct pf_buf *to) {
    PUT(to, PF_XLSB_BEGIN_BOOK, 0, 0);
    put_bundle(to, 0, "r1", "My S");
    put_string_record(to, PF_XLSB_SUP_BOOK_SRC, "r3", NULL);
    put_string_record(to, PF_XLSB_SUP_BOOK_SRC, "r2", NULL);
    PUT(to, PF_XLSB_SUP_ADDIN, 0, 0);
    put_string_record(to, PF_XLSB_PLACEHOLDER_NAME, "Twice", NULL);
    PUT(to, PF_XLSB_SUP_SELF, 0, 0);
    put_string_record(to, PF_XLSB_SUP_BOOK_SRC, "r9", NULL); /* it is not there */
    PUT(to, PF_XLSB_EXTERN_SHEET, 4, 6, 4, 3, 4, 0, 4, 0, 4, 1, 4, 1, 4, 1, 4, 2, 4, UINT32_MAX - 1, 4,
        UINT32_MAX - 1, 4, 1, 4, UINT32_MAX - 1, 4, UINT32_MAX - 1, 4, 0, 4, 0, 4, 0, 4, 4, 4, 0, 4, 0);
    put_own_name(to, "_xlfn.IFERROR", 0);
    put_own_name(to, "Print_Area", 32);
    put_own_name(to, "_xlnm.Print_Titles", 32);
    put_own_name(to, "Total", 0);
    PUT(to, 132, 0, 0);
}

static void put_other_book(struct pf_buf *to) {
    struct pf_buf body = {0};
    PUT(to, PF_XLSB_BEGIN_SUP_BOOK, 2, 0);
    put_number(&body, 2, 4);
    put_wide(&body, "Far");
    put_wide(&body, "Off");
    put_record(to, PF_XLSB_SUP_TABS, &body);
    pf_buf_clear(&body);
    put_string_record(to, PF_XLSB_SUP_NAME_START, "Rate", NULL);
    PUT(to, PF_XLSB_SUP_NAME_BITS, 2, 0, 4, 0);
    PUT(to, PF_XLSB_SUP_NAME_END, 0, 0);
    put_string_record(to, PF_XLSB_SUP_NAME_START, "Local", NULL);
    PUT(to, PF_XLSB_SUP_NAME_BITS, 2, 0, 4, 2);
    PUT(to, PF_XLSB_SUP_NAME_END, 0, 0);
}

static void put_own_table(struct pf_buf *to) {
    static const uint32_t list[16] = {0, 3, 0, 1, 0, 7, 1, 0}, column[6] = {1};
    put_strings_behind(to, PF_XLSB_BEGIN_LIST, list, 16, "inner", "Sales");
    put_strings_behind(to, PF_XLSB_BEGIN_LIST_COL, column, 6, "", "Price");
    put_strings_behind(to, PF_XLSB_BEGIN_LIST_COL, column, 6, "Count", "");
}

static int64_t fail_from; /* the allocation that fails, and all behind it; 0: none */

static pf_status read_texts(const struct pf_buf *sheet, uint32_t wants, struct pf_buf *said) {
    struct pf_buf zip = {0}, workbook = {0}, other = {0}, dde = {0}, table = {0};
    struct pf_error err = PF_ERROR_INIT;
    put_own_workbook(&workbook);
    put_other_book(&other);
    PUT(&dde, PF_XLSB_BEGIN_SUP_BOOK, 2, 1);
    put_own_table(&table);
    struct xlsx_part parts[] = {{"_rels/.rels", xlsb_rels, sizeof xlsb_rels - 1},
                                {"xl/workbook.bin", workbook.data, workbook.size},
                                {"xl/_rels/workbook.bin.rels", workbook_rels, sizeof workbook_rels - 1},
                                {"xl/_rels/sheet.bin.rels", xlsb_sheet_rels, sizeof xlsb_sheet_rels - 1},
                                {"xl/table.bin", table.data, table.size},
                                {"xl/other.bin", other.data, other.size},
                                {"xl/dde.bin", dde.data, dde.size},
                                {"xl/sheet.bin", sheet->data, sheet->size}};
    put_zip(&zip, parts, sizeof parts / sizeof parts[0]);
    said->size = 0;
    pf_mem_fail_from(fail_from);
    pf_status status = read_all(&zip, wants, said, &err);
    pf_mem_fail_from(0);
    (void)pf_buf_put(said, "", 1, NULL);
    pf_buf_clear(&zip);
    pf_buf_clear(&workbook);
    pf_buf_clear(&other);
    pf_buf_clear(&dde);
    pf_buf_clear(&table);
    return status;
}

static void begin(struct pf_buf *sheet) {
    PUT(sheet, PF_XLSB_BEGIN_SHEET_DATA, 0, 0);
    PUT(sheet, PF_XLSB_ROW_HDR, 4, 0, 4, 0);
}

static void assert_texts(struct pf_buf *sheet, const char *wanted) {
    struct pf_buf said = {0};
    PUT(sheet, PF_XLSB_END_SHEET_DATA, 0, 0);
    PUT(sheet, PF_XLSB_END_SHEET, 0, 0);
    assert_int_equal(read_texts(sheet, PF_GRID_FORMULAS, &said), PF_OK);
    assert_string_equal((const char *)said.data, wanted);
    pf_buf_clear(sheet);
    pf_buf_clear(&said);
}

static void formulas_are_texts_whatever_their_result_is(void **state) {
    (void)state;
    struct pf_buf sheet = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 0, NUMBER, 2, 0, 4, 11, CELL_A1, 1, 0x1E, 2, 2, 1, 5, 4, 0);
    PUT(&sheet, PF_XLSB_FMLA_BOOL, 4, 1, 4, 0, 1, 1, 2, 0, 4, 7, CELL_A1, 4, 0);
    PUT(&sheet, PF_XLSB_FMLA_ERROR, 4, 2, 4, 0, 1, 7, 2, 0, 4, 7, CELL_A1, 4, 0);
    PUT(&sheet, PF_XLSB_FMLA_STRING, 4, 3, 4, 0, 4, 2, 2, 'h', 2, 'i', 2, 0, 4, 7, CELL_A1, 4, 0);
    PUT(&sheet, PF_XLSB_FMLA_STRING, 4, 4, 4, 0, 4, UINT32_MAX, 2, 0, 4, 7, CELL_A1); /* nothing behind */
    assert_texts(&sheet, "A1 sf =A1*2\nB1 sf =A1\nC1 sf =A1\nD1 sf =A1\nE1 sf =A1\n");
}

static void cells_share_formulas_and_an_array_is_told_once(void **state) {
    (void)state;
    struct pf_buf sheet = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 1, NUMBER, 2, 0, 4, 5, 1, 1, 4, 0, 4, 4, 4, 1);
    PUT(&sheet, PF_XLSB_SHR_FMLA, 4, 0, 4, 1, 4, 1, 4, 1, 4, 7, 1, 0x4C, 4, 0, 2, 0xFFFF, 4, 0);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 2, NUMBER, 2, 0, 4, 5, 1, 1, 4, 0, 4, 4, 4, 2);
    PUT(&sheet, PF_XLSB_ARR_FMLA, 4, 0, 4, 1, 4, 2, 4, 2, 1, 0, 4, 15, 1, 0x60, 8, 0, 4, 0, 2, 0, 4, 17, 4, 1,
        4, 1, 1, 0, 8, 0x4000000000000000);
    PUT(&sheet, PF_XLSB_ROW_HDR, 4, 1, 4, 0);
    PUT(&sheet, PF_XLSB_SHR_FMLA, 4, 0, 4, 9, 4, 0, 4, 9, 4, 3, 1, 0x1E, 2, 7, 4, 0); /* of no cell */
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 1, NUMBER, 2, 0, 4, 5, 1, 1, 4, 0, 4, 4, 4, 1);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 2, NUMBER, 2, 0, 4, 5, 1, 1, 4, 0, 4, 4, 4, 2);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 3, NUMBER, 2, 0, 4, 5, 1, 1, 4, 0, 4, 4, 4, 1); /* not of the range */
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 4, NUMBER, 2, 0, 4, 5, 1, 1, 4, 9, 4, 4, 4, 9);
    PUT(&sheet, PF_XLSB_CELL_RK, 4, 5, 4, 0, 4, 1 << 2 | 2);
    PUT(&sheet, PF_XLSB_SHR_FMLA, 4, 0, 4, 9, 4, 0, 4, 9, 4, 3, 1, 0x1E, 2, 7, 4, 0); /* of a cell too late */
    assert_texts(&sheet, "B1 sf =A1\nC1 sf ={2}\nB2 sf =A2\nC2 nf 2\nD2 nf! 2\nE2 nf! 2\nF2 n 1\n");
}

static void what_cannot_be_told_is_a_value_that_says_so(void **state) {
    (void)state;
    struct pf_buf sheet = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 0, NUMBER, 2, 0, 4, 1, 1, 5, 4, 0);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 1, NUMBER);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 2, NUMBER, 2, 0, 4, UINT32_MAX, 1, 5);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 3, NUMBER, 2, 0, 4, 7, CELL_A1, 4, UINT32_MAX);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 4, NUMBER, 2, 0, 4, 5, 1, 1, 4, 0, 4, 0); /* points nowhere */
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 5, NUMBER, 2, 0, 4, 5, 1, 1, 4, 0, 4, 4, 4, 5);
    PUT(&sheet, PF_XLSB_SHR_FMLA, 4, 0, 4, 1, 4, 1); /* cut short */
    PUT(&sheet, PF_XLSB_FMLA_STRING, 4, 6, 4, 0, 4, 1, 2, 'h', 2, 0, 4, 1, 1, 5, 4, 0);
    assert_texts(&sheet, "A1 nf! 2\nB1 nf! 2\nC1 nf! 2\nD1 nf! 2\nE1 nf! 2\nF1 nf! 2\nG1 sf! h\n");
}

#define NAME(n)       4, 5, 1, 0x43, 4, n, 4, 0
#define NAME_X(x, n)  4, 7, 1, 0x59, 2, x, 4, n, 4, 0
#define SHEET_A1(x)   4, 9, 1, 0x5A, 2, x, 4, 0, 2, 0xC000, 4, 0
#define LIST(f, c, d) 4, 14, 1, 0x18, 1, 0x19, 2, 0, 2, f, 4, 7, 2, c, 2, d, 4, 0

static void sheets_names_and_tables_go_by_the_parts_of_the_package(void **state) {
    (void)state;
    struct pf_buf sheet = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 0, NUMBER, 2, 0, SHEET_A1(0));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 1, NUMBER, 2, 0, SHEET_A1(1));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 2, NUMBER, 2, 0, SHEET_A1(4)); /* DDE */
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 3, NUMBER, 2, 0, SHEET_A1(5)); /* not there */
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 4, NUMBER, 2, 0, NAME(2));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 5, NUMBER, 2, 0, NAME(3));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 6, NUMBER, 2, 0, NAME(4));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 7, NUMBER, 2, 0, NAME(5));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 8, NUMBER, 2, 0, NAME_X(3, 1));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 9, NUMBER, 2, 0, NAME_X(3, 2));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 10, NUMBER, 2, 0, NAME_X(2, 1));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 11, NUMBER, 2, 0, LIST(1, 0, 0));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 12, NUMBER, 2, 0, LIST(2, 0, 1));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 13, NUMBER, 2, 0, LIST(1, 2, 0));
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 14, NUMBER, 2, 0, 4, 13, 1, 0x23, 4, 1, 1, 0x1E, 2, 1, 1, 0x42, 1, 2, 2,
        255, 1, 0x16, 4, 0);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 15, NUMBER, 2, 0, 4, 12, 1, 0x23, 4, 1, 1, 0x1E, 2, 1, 1, 0x42, 1, 2, 2,
        255, 4, 0);
    assert_texts(&sheet,
                 "A1 sf ='My S'!A1\nB1 sf =[2]Off!A1\nC1 nf! 2\nD1 nf! 2\nE1 sf =_xlnm.Print_Area\nF1 sf "
                 "=_xlnm.Print_Titles\n"
                 "G1 sf =Total\nH1 nf! 2\nI1 sf =[2]!Rate\nJ1 nf! 2\nK1 sf =_xll.Twice\nL1 sf =Sales[Price]\n"
                 "M1 sf =Sales[[Price]:[Count]]\nN1 nf! 2\nO1 nf! 2\nP1 sf =IFERROR(1)\n");
}

static void no_memory_is_said_and_nothing_is_kept(void **state) {
    (void)state;
    struct pf_buf sheet = {0}, said = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 1, NUMBER, 2, 0, 4, 5, 1, 1, 4, 0, 4, 4, 4, 1);
    PUT(&sheet, PF_XLSB_SHR_FMLA, 4, 0, 4, 1, 4, 1, 4, 1, 4, 7, 1, 0x4C, 4, 0, 2, 0xFFFF, 4, 0);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 2, NUMBER, 2, 0, LIST(1, 0, 0));
    PUT(&sheet, PF_XLSB_END_SHEET_DATA, 0, 0);
    PUT(&sheet, PF_XLSB_END_SHEET, 0, 0);
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        fail_from = nth;
        status = read_texts(&sheet, PF_GRID_FORMULAS, &said);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
    }
    fail_from = 0;
    assert_string_equal((const char *)said.data, "B1 sf =A1\nC1 sf =Sales[Price]\n");
    pf_buf_clear(&sheet);
    pf_buf_clear(&said);
}

static void values_are_as_before_where_they_are_wanted(void **state) {
    (void)state;
    struct pf_buf sheet = {0}, said = {0};
    begin(&sheet);
    PUT(&sheet, PF_XLSB_FMLA_NUM, 4, 0, NUMBER, 2, 0, 4, 1, 1, 5, 4, 0);
    PUT(&sheet, PF_XLSB_SHR_FMLA, 4, 0);
    PUT(&sheet, PF_XLSB_END_SHEET_DATA, 0, 0);
    assert_int_equal(read_texts(&sheet, 0, &said), PF_OK);
    assert_string_equal((const char *)said.data, "A1 nf 2\n");
    pf_buf_clear(&sheet);
    pf_buf_clear(&said);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_are_texts_whatever_their_result_is),
        cmocka_unit_test(cells_share_formulas_and_an_array_is_told_once),
        cmocka_unit_test(what_cannot_be_told_is_a_value_that_says_so),
        cmocka_unit_test(sheets_names_and_tables_go_by_the_parts_of_the_package),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
        cmocka_unit_test(values_are_as_before_where_they_are_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
