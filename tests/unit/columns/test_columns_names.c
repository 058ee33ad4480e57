/* test_columns_names.c — column names become legal and unique.                    SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_fold.h"
#include "columns/columns_names.h"

#define MANY 16

static void expect_names(const char *const *names, size_t count, int rule, const char *const *want) {
    char *out[MANY];
    assert_int_equal(pf_names_make(names, count, rule, out, NULL), PF_OK);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(out[i], want[i]);
        pf_mem_free(out[i]);
    }
}

static void the_headers_of_theme_06_become_distinct_and_legal(void **state) {
    (void)state;
    char longest[301], cut[256];
    memset(longest, 'q', 300);
    longest[300] = 0;
    memset(cut, 'q', 255);
    cut[255] = 0;
    const char *const names[] = {"a b", "a_b", "A_B", "a", "a", "a_1", "x;y", "", longest};
    const char *const clean[] = {"a_b", "a_b_2", "A_B_3", "a", "a_2", "a_1", "x_y", "column_8", cut};
    const char *const kept[] = {"a b", "a_b", "A_B_2", "a", "a_2", "a_1", "x;y", "column_8", cut};
    expect_names(names, 9, PF_NAMES_SANITISE, clean);
    expect_names(names, 9, PF_NAMES_KEEP, kept);
}

static void a_number_never_takes_a_name_that_is_there(void **state) {
    (void)state;
    const char *const names[] = {"a", "A", "a_2", "a", "A_2", "a_3"};
    const char *const want[] = {"a", "A_4", "a_2", "a_5", "A_2_2", "a_3"};
    expect_names(names, 6, PF_NAMES_KEEP, want);
    const char *const invented[] = {"", "column_1", "", "COLUMN_3"};
    const char *const found[] = {"column_1_2", "column_1", "column_3_2", "COLUMN_3"};
    expect_names(invented, 4, PF_NAMES_KEEP, found);
}

static void runs_of_refused_characters_become_one_underscore(void **state) {
    (void)state;
    const char *const names[] = {"a, b", "(x)=1", "\tt\n", "{;}", "\x7f", "Größe (cm)", "no-change.here"};
    const char *const want[] = {"a_b", "_x_1", "_t_", "_", "__2", "Größe_cm_", "no-change.here"};
    expect_names(names, 7, PF_NAMES_SANITISE, want);
}

static void case_is_ignored_beyond_ascii(void **state) {
    (void)state;
    const char *const names[] = {"Größe", "GRÖSSE", "GRÖßE", "ΣΟΦΟΣ", "σοφος", "Имя", "имЯ", "ÿ", "Ÿ", "日本"};
    const char *const want[] = {"Größe", "GRÖSSE", "GRÖßE_2", "ΣΟΦΟΣ", "σοφος_2",
                                "Имя",   "имЯ_2",  "ÿ",       "Ÿ_2",   "日本"};
    expect_names(names, 10, PF_NAMES_KEEP, want);
    char a[64], b[64];
    const char upper[] = "ǄẞΆЀՀ\xff", lower[] = "ǆßάѐՀ\xff";
    size_t n = pf_name_fold(upper, sizeof upper - 1, a), m = pf_name_fold(lower, sizeof lower - 1, b);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
}

static void long_names_are_cut_where_a_character_ends(void **state) {
    (void)state;
    char name[400], again[400], third[400];
    char *out[3];
    memset(name, 'x', sizeof name);
    memcpy(name + 253, "€uro", 7); /* the three bytes of € cross the ceiling */
    strcpy(again, name);
    again[300] = 'y', again[301] = 0;
    memset(third, 'x', 254);
    strcpy(third + 254, "ä");
    const char *const names[] = {name, again, third};
    assert_int_equal(pf_names_make(names, 3, PF_NAMES_KEEP, out, NULL), PF_OK);
    assert_int_equal(strlen(out[0]), 253);
    assert_true(strlen(out[1]) <= PF_CEIL_NAME_BYTES);
    assert_string_equal(out[1] + strlen(out[1]) - 2, "_2");
    assert_int_equal(strlen(out[2]), 254);
    for (int i = 0; i < 3; i++)
        pf_mem_free(out[i]);
}

static void pandas_counts_from_one_behind_a_dot_and_tells_the_nameless_from_the_headless(void **state) {
    (void)state;
    const char *const names[] = {"a", "a", "", "A", "a.1", ""};
    const char *const want[] = {"a", "a.2", "Unnamed: 2", "A.3", "a.1", "Unnamed: 5"};
    expect_names(names, 6, PF_NAMES_PANDAS, want);
    const char *const none[] = {"", ""}, *const made[] = {"Column_1", "Column_2"};
    expect_names(none, 2, PF_NAMES_PANDAS, made);
}

static void a_hundred_thousand_equal_names_take_no_time(void **state) {
    (void)state;
    const size_t count = 100000;
    const char **names = pf_mem_zero(count, sizeof *names);
    char **out = pf_mem_zero(count, sizeof *out);
    for (size_t i = 0; i < count; i++)
        names[i] = i % 3 ? "name" : "";
    assert_int_equal(pf_names_make(names, count, PF_NAMES_SANITISE, out, NULL), PF_OK);
    assert_string_equal(out[1], "name");
    assert_string_equal(out[99998], "name_66666");
    assert_string_equal(out[99999], "column_100000");
    for (size_t i = 0; i < count; i++)
        pf_mem_free(out[i]);
    pf_mem_free(out);
    pf_mem_free(names);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const char *const names[] = {"a", "a", "", "x y"};
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        char *out[4];
        pf_mem_fail_from(nth);
        status = pf_names_make(names, 4, PF_NAMES_SANITISE, out, NULL);
        pf_mem_fail_from(0);
        for (int i = 0; i < 4; i++) {
            assert_true(status == PF_OK ? out[i] != NULL : out[i] == NULL);
            pf_mem_free(out[i]);
        }
        assert_true(nth < 100);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headers_of_theme_06_become_distinct_and_legal),
        cmocka_unit_test(a_number_never_takes_a_name_that_is_there),
        cmocka_unit_test(runs_of_refused_characters_become_one_underscore),
        cmocka_unit_test(case_is_ignored_beyond_ascii),
        cmocka_unit_test(long_names_are_cut_where_a_character_ends),
        cmocka_unit_test(pandas_counts_from_one_behind_a_dot_and_tells_the_nameless_from_the_headless),
        cmocka_unit_test(a_hundred_thousand_equal_names_take_no_time),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
