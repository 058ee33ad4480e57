/* test_ptg_links.c — sheets, names and tables by their numbers.                 SPDX-License-Identifier: MIT */
#include "ptg_tokens.h"

static const struct pf_grid_sheet sheets[] = {
    {.name = "One"},  {.name = "My Sheet"}, {.name = "It's"},    {.name = "Q1"},
    {.name = "R2C3"}, {.name = "2020"},     {.name = "a.b_c1x"}, {.name = "\xC3\xA9t\xC3\xA9"}};

static struct pf_ptg_links make_links(enum pf_ptg_version version) {
    struct pf_ptg_links links = {.version = version, .sheets = sheets, .sheet_count = 8};
    assert_int_equal(pf_ptg_add_book(&links, PF_PTG_OWN, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_book(&links, PF_PTG_ADDIN, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_extern_name(&links, pf_text_of("EDATE"), PF_PTG_NO_SHEET, true, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_extern_name(&links, pf_text_of("Twice"), PF_PTG_NO_SHEET, true, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_extern_name(&links, pf_text_of("_xlfn.CONCAT"), PF_PTG_NO_SHEET, true, NULL),
                     PF_OK);
    assert_int_equal(pf_ptg_add_book(&links, PF_PTG_STRANGE, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_book(&links, PF_PTG_NOTHING, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_book(&links, PF_PTG_WORKBOOK, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_sheet_name(&links, pf_text_of("Far"), NULL), PF_OK);
    assert_int_equal(pf_ptg_add_sheet_name(&links, pf_text_of("Far off"), NULL), PF_OK);
    assert_int_equal(pf_ptg_add_extern_name(&links, pf_text_of("Rate"), PF_PTG_NO_SHEET, true, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_extern_name(&links, pf_text_of("Local"), 1, true, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_extern_name(&links, pf_text_of("Item"), 1, false, NULL), PF_OK);
    static const int32_t references[][3] = {{0, 0, 0},   {0, 1, 1},   {0, 2, 2}, {0, 3, 3},  {0, 4, 4},
                                            {0, 5, 5},   {0, 6, 6},   {0, 7, 7}, {0, 0, 2},  {0, -1, -1},
                                            {0, -2, -2}, {1, -2, -2}, {2, 0, 0}, {4, 0, 0},  {4, 1, 1},
                                            {4, 0, 1},   {4, -2, -2}, {9, 0, 0}, {0, 0, 99}, {4, 0, 2}};
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        assert_int_equal(
            pf_ptg_add_reference(&links, (uint32_t)references[i][0], references[i][1], references[i][2], NULL),
            PF_OK);
    assert_int_equal(pf_ptg_add_name(&links, pf_text_of("Total"), PF_PTG_NO_SHEET, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_name(&links, pf_text_of("_xlfn.IFERROR"), PF_PTG_NO_SHEET, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_name(&links, pf_text_of("_xlfn.CONCAT"), PF_PTG_NO_SHEET, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_name(&links, pf_text_of(""), PF_PTG_NO_SHEET, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_name(&links, pf_text_of("Here"), 1, NULL), PF_OK);
    assert_int_equal(pf_ptg_add_table(&links, 7, pf_text_of("Sales"), NULL), PF_OK);
    assert_int_equal(pf_ptg_add_column(&links, pf_text_of("Price"), NULL), PF_OK);
    assert_int_equal(pf_ptg_add_column(&links, pf_text_of("[#'x]"), NULL), PF_OK);
    return links;
}

static void sheets_are_quoted_where_their_names_need_it(void **state) {
    (void)state;
    struct pf_ptg_links links = make_links(PF_PTG_BIFF8);
    ASSERT_SPELLED(&links, {"3A 0000 0000 00C0", "=One!A1"}, {"3A 0100 0000 0000", "='My Sheet'!$A$1"},
                   {"3A 0200 0000 00C0", "='It''s'!A1"}, {"3A 0300 0000 00C0", "='Q1'!A1"},
                   {"3A 0400 0000 00C0", "='R2C3'!A1"}, {"3A 0500 0000 00C0", "='2020'!A1"},
                   {"3A 0600 0000 00C0", "=a.b_c1x!A1"}, {"3A 0700 0000 00C0", "=\xC3\xA9t\xC3\xA9!A1"},
                   {"3B 0800 0000 0100 00C0 01C0", "='One:It''s'!A1:B2"}, {"3C 0000 0000 0000", "=One!#REF!"},
                   {"3D 0000 0000 0000 0000 0000", "=One!#REF!"});
    pf_ptg_links_clear(&links);
}

static void sheets_that_are_gone_or_not_there_are_told_apart(void **state) {
    (void)state;
    struct pf_ptg_links links = make_links(PF_PTG_BIFF8);
    ASSERT_SPELLED(&links, {"3A 0900 0000 00C0", "=#REF!A1"}, {"3C 0900 0000 0000", "=#REF!#REF!"},
                   {"3A 0A00 0000 00C0", "?"}, {"3A 0C00 0000 00C0", "?"}, {"3A 1100 0000 00C0", "?"},
                   {"3A 1200 0000 00C0", "?"}, {"3A 9900 0000 00C0", "?"}, {"3A 0B00 0000 00C0", "?"},
                   {"3A 1300 0000 00C0", "?"});
    pf_ptg_links_clear(&links);
}

static void other_workbooks_go_by_their_number(void **state) {
    (void)state; /* the DDE link is the first of them */
    struct pf_ptg_links links = make_links(PF_PTG_BIFF8);
    ASSERT_SPELLED(&links, {"3A 0D00 0000 00C0", "=[2]Far!A1"}, {"3A 0E00 0000 00C0", "='[2]Far off'!A1"},
                   {"3B 0F00 0000 0100 00C0 01C0", "='[2]Far:Far off'!A1:B2"},
                   {"39 1000 0100 0000", "=[2]!Rate"}, {"39 1000 0200 0000", "='[2]Far off'!Local"},
                   {"39 1000 0300 0000", "?"}, {"39 1000 0400 0000", "?"}, {"39 0C00 0100 0000", "?"});
    pf_ptg_links_clear(&links);
}

static void names_and_functions_by_name(void **state) {
    (void)state;
    struct pf_ptg_links links = make_links(PF_PTG_BIFF8);
    ASSERT_SPELLED(
        &links, {"23 01000000", "=Total"}, {"23 02000000 1E 0100 1E 0200 42 03 FF00", "=IFERROR(1,2)"},
        {"23 03000000 1E 0100 42 02 FF00", "=_xlfn.CONCAT(1)"},
        {"39 0B00 0100 0000 1E 0100 42 02 FF00", "=EDATE(1)"}, {"39 0B00 0100 0000 42 01 FF00", "=EDATE()"},
        {"39 0B00 0200 0000 42 01 FF00", "=_xll.Twice()"}, {"39 0B00 0300 0000 42 01 FF00", "=_xlfn.CONCAT()"},
        {"23 04000000", "?"}, {"23 00000000", "?"}, {"23 06000000", "?"}, {"39 0A00 0100 0000", "=[0]!Total"},
        {"39 0A00 0500 0000", "='My Sheet'!Here"}, {"39 0000 0100 0000", "=One!Total"},
        {"39 0B00 0000 0000", "?"}, {"1E 0100 1E 0100 42 02 FF00", "?"});
    pf_ptg_links_clear(&links);
    links = make_links(PF_PTG_BIFF5);
    ASSERT_SPELLED(&links, {"23 0100 000000000000000000000000", "=Total"},
                   {"3A FFFF 0000000000000000 0000 0000 00C0 00", "=One!A1"},
                   {"3A FFFF 0000000000000000 FFFF FFFF 00C0 00", "=#REF!A1"},
                   {"3B FFFF 0000000000000000 0000 0100 00C0 01C0 00 01", "='One:My Sheet'!A1:B2"},
                   {"3A 0100 0000000000000000 0000 0000 00C0 00", "?"},
                   {"39 FFFF 0000000000000000 0100 000000000000000000000000", "=One!Total"},
                   {"39 0000 0000000000000000 0100 000000000000000000000000", "?"});
    pf_ptg_links_clear(&links);
}

#define LIST(flags, first, last) "18 19 0000 " flags " 07000000 " first " " last
static void parts_of_tables_by_their_columns(void **state) {
    (void)state;
    struct pf_ptg_links links = make_links(PF_PTG_BIFF12);
    ASSERT_SPELLED(&links, {LIST("0000", "0000", "0000"), "=Sales[]"},
                   {LIST("0100", "0000", "0000"), "=Sales[Price]"},
                   {LIST("0100", "0100", "0000"), "=Sales['['#''x']]"},
                   {LIST("0200", "0000", "0100"), "=Sales[[Price]:['['#''x']]]"},
                   {LIST("4100", "0000", "0000"), "=Sales[[#This Row],[Price]]"},
                   {LIST("0400", "0000", "0000"), "=Sales[#All]"},
                   {LIST("1800", "0000", "0000"), "=Sales[[#Headers],[#Data]]"},
                   {LIST("2200", "0000", "0100"), "=Sales[[#Totals],[Price]:['['#''x']]]"},
                   {LIST("0100", "0200", "0000"), "?"}, {LIST("0200", "0000", "0200"), "?"},
                   {LIST("0300", "0000", "0000"), "?"}, {LIST("0010", "0000", "0000"), "?"},
                   {LIST("0020", "0000", "0000"), "?"}, {LIST("0C00", "0000", "0000"), "?"},
                   {"18 19 0000 0000 08000000 0000 0000", "?"}, {"18 1D 0000 0000 07000000 0000 0000", "?"},
                   {"18 19 0000", "?"});
    pf_ptg_links_clear(&links);
}

static void built_in_names_have_their_letters(void **state) {
    (void)state;
    assert_string_equal(pf_ptg_builtin(6), "_xlnm.Print_Area");
    assert_string_equal(pf_ptg_builtin(13), "_xlnm._FilterDatabase");
    assert_null(pf_ptg_builtin(14));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_are_quoted_where_their_names_need_it),
        cmocka_unit_test(sheets_that_are_gone_or_not_there_are_told_apart),
        cmocka_unit_test(other_workbooks_go_by_their_number),
        cmocka_unit_test(names_and_functions_by_name),
        cmocka_unit_test(parts_of_tables_by_their_columns),
        cmocka_unit_test(built_in_names_have_their_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
