/* test_csv_header.c — tests of read/csv. Names out of one header row or several.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

#include "base/mem.h"

static void expect_names(const char *text, int32_t count, const char *const *want) {
    struct pf_csv_dialect d = sniff(text);
    struct pf_arena arena = {0};
    struct pf_error err = PF_ERROR_INIT;
    const char **names = NULL;
    int32_t found = -1;
    assert_int_equal(pf_csv_header(text, strlen(text), &d, &arena, &names, &found, &err), PF_OK);
    assert_int_equal(found, count);
    for (int32_t i = 0; i < count; i++)
        assert_string_equal(names[i], want[i]);
    pf_arena_clear(&arena);
}

static void names_are_the_cells_of_the_header(void **state) {
    expect_names("id,\"na\"\"me\",,x y\n1,a,2,3\n2,b,3,4\n", 4,
                 (const char *const[]){"id", "na\"me", "", "x y"});
    expect_names("Title of all\n\nid,\"two\nlines\"\n1,2\n3,4\n", 2, (const char *const[]){"id", "two\nlines"});
    expect_names("a, b, c\n1, 2, 3\n4, 5, 6\n", 3, (const char *const[]){"a", "b", "c"});
    expect_names("value\n1\n2\n", 1, (const char *const[]){"value"});
    expect_names("id,name", 2, (const char *const[]){"id", "name"});
}

static void several_rows_join_and_groups_reach_to_the_right(void **state) {
    expect_names(
        ",Income,,Spending,\nregion,cash,bank,cash,bank\nnorth,1,2,3,4\nsouth,5,6,7,8\n", 5,
        (const char *const[]){"region", "Income_cash", "Income_bank", "Spending_cash", "Spending_bank"});
    expect_names("name,weight,height\n,kg,cm\nAnn,60,170\nBob,80,181\nCid,75,169\n", 3,
                 (const char *const[]){"name", "weight_kg", "height_cm"});
}

static void a_file_without_a_header_has_no_names(void **state) { expect_names("1,2\n3,4\n", 0, NULL); }

static void a_header_that_the_text_does_not_hold_is_refused(void **state) {
    struct pf_csv_dialect d = sniff("id,name\n1,2\n");
    struct pf_arena arena = {0};
    const char **names = NULL;
    int32_t count = 0;
    d.header_at = 99;
    assert_int_equal(pf_csv_header("id,name\n", 8, &d, &arena, &names, &count, NULL), PF_ARGUMENT);
}

static void running_out_of_memory_is_said(void **state) {
    const char *text = "id,name\n1,2\n";
    struct pf_csv_dialect d = sniff(text);
    int failures = 0;
    for (int64_t nth = 1; nth < 20; nth++) {
        struct pf_arena arena = {0};
        const char **names = NULL;
        int32_t count = 0;
        pf_mem_fail_from(nth);
        pf_status status = pf_csv_header(text, strlen(text), &d, &arena, &names, &count, NULL);
        pf_mem_fail_from(0);
        pf_arena_clear(&arena);
        if (status == PF_OK)
            break;
        assert_int_equal(status, PF_NO_MEMORY);
        failures++;
    }
    assert_true(failures >= 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_the_cells_of_the_header),
        cmocka_unit_test(several_rows_join_and_groups_reach_to_the_right),
        cmocka_unit_test(a_file_without_a_header_has_no_names),
        cmocka_unit_test(a_header_that_the_text_does_not_hold_is_refused),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
