/* test_xlsx_shared.c — a formula as it reads in other cells.                    SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "read/xlsx/xlsx_shared.h"

/* The formula of C5 in the cell that many rows and columns from there. */
static void assert_reads(const char *formula, uint32_t rows, uint32_t columns, const char *wanted) {
    struct pf_xlsx_shared shared = {0};
    struct pf_buf text = {0};
    bool known = false;
    assert_int_equal(pf_xlsx_shared_keep(&shared, 7, 4, 2, pf_text_of(formula), NULL), PF_OK);
    assert_int_equal(pf_xlsx_shared_put(&shared, 7, 4 + rows, 2 + columns, &text, &known, NULL), PF_OK);
    assert_true(known);
    (void)pf_buf_put(&text, "", 1, NULL);
    assert_string_equal((const char *)text.data, wanted);
    pf_xlsx_shared_clear(&shared);
    pf_buf_clear(&text);
}

static void relative_references_move_and_absolute_ones_stay(void **state) {
    (void)state;
    assert_reads("A1+$A1+A$1+$A$1", 1, 2, "C2+$A2+C$1+$A$1");
    assert_reads("SUM(A1:B$2,x!A1)", 1, 0, "SUM(A2:B$2,x!A2)");
    assert_reads("a1*AA10", 0, 1, "B1*AB10");
    assert_reads("A1", (uint32_t)-4, (uint32_t)-1, "XFD1048573"); /* around the sheet */
    assert_reads("XFD1048576", 1, 1, "A1");
}

static void whole_rows_and_columns_move(void **state) {
    (void)state;
    assert_reads("SUM(A:B,$A:C,1:2,$1:3)", 1, 2, "SUM(C:D,$A:E,2:3,$1:4)");
    assert_reads("A:A", 0, 1, "B:B");
    assert_reads("1:2+1", 1, 0, "2:3+1");
}

static void what_only_looks_like_a_reference_stays(void **state) {
    (void)state;
    static const char *const stay[] = {"\"A1 \"\"B2\"\" C3\"",
                                       "'A1'!$B$2",
                                       "'It''s A1'!$C$3",
                                       "Q1!$A$1",
                                       "LOG10(5)",
                                       "tax_2020",
                                       "A0",
                                       "XFE1",
                                       "A1048577",
                                       "1E5",
                                       "1.5",
                                       "T[[#This Row],[A1]]",
                                       "T[A1]",
                                       "T['[A1]",
                                       "[1]!A1_",
                                       "#REF!$A$1",
                                       "#N/A",
                                       "TRUE",
                                       "_xlfn.T2(1)",
                                       "\xC3\xA9"
                                       "1",
                                       "A",
                                       "7",
                                       "A1.b",
                                       "\"A1",
                                       "'A1",
                                       "T[A1",
                                       "T['",
                                       "$",
                                       "A$",
                                       "$1",
                                       ""};
    for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
        assert_reads(stay[i], 3, 3, stay[i]);
}

static void numbers_that_nobody_shares_are_not_known(void **state) {
    (void)state;
    static char longest[32769];
    struct pf_xlsx_shared shared = {0};
    struct pf_buf text = {0};
    bool known = true;
    assert_int_equal(pf_xlsx_shared_put(&shared, 1, 0, 0, &text, &known, NULL), PF_OK);
    assert_false(known);
    memset(longest, '1', sizeof longest);
    assert_int_equal(pf_xlsx_shared_keep(&shared, 1, 0, 0, (struct pf_text){longest, sizeof longest}, NULL),
                     PF_OK);
    assert_int_equal(pf_xlsx_shared_put(&shared, 1, 0, 0, &text, &known, NULL), PF_OK);
    assert_false(known);
    assert_int_equal(pf_xlsx_shared_keep(&shared, 1, 0, 0, pf_text_of("A1"), NULL), PF_OK);
    assert_int_equal(pf_xlsx_shared_keep(&shared, 1, 5, 5, pf_text_of("B2"), NULL),
                     PF_OK); /* the first one counts */
    assert_int_equal(pf_xlsx_shared_put(&shared, 1, 1, 0, &text, &known, NULL), PF_OK);
    assert_true(known);
    assert_memory_equal(text.data, "A2", 2);
    pf_xlsx_shared_clear(&shared);
    pf_buf_clear(&text);
}

static void no_memory_is_said_and_nothing_is_kept(void **state) {
    (void)state;
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        struct pf_xlsx_shared shared = {0};
        struct pf_buf text = {0};
        bool known = false;
        pf_mem_fail_from(nth);
        status = pf_xlsx_shared_keep(&shared, 1, 0, 0, pf_text_of("A1*\"x\"+B:B"), NULL);
        if (status == PF_OK)
            status = pf_xlsx_shared_put(&shared, 1, 1, 1, &text, &known, NULL);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_xlsx_shared_clear(&shared);
        pf_buf_clear(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relative_references_move_and_absolute_ones_stay),
        cmocka_unit_test(whole_rows_and_columns_move),
        cmocka_unit_test(what_only_looks_like_a_reference_stays),
        cmocka_unit_test(numbers_that_nobody_shares_are_not_known),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
