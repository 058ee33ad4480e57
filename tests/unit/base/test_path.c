/* test_path.c — paths as text.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/path.h"

#define assert_text(text, expected) assert_true(pf_text_is(text, expected))

static void names_and_folders_are_told_apart(void **state) {
    assert_text(pf_path_name("a/b.csv"), "b.csv");
    assert_text(pf_path_name("b.csv"), "b.csv");
    assert_text(pf_path_name("a/b/"), "b");
    assert_text(pf_path_name("a/b//"), "b");
    assert_text(pf_path_folder("a/b.csv"), "a");
    assert_text(pf_path_folder("b.csv"), ".");
    assert_text(pf_path_folder("/b.csv"), "/");
    assert_text(pf_path_folder("a//b"), "a");
    assert_text(pf_path_folder("a/b/"), "a");
    assert_text(pf_path_folder("/"), "/");
    assert_text(pf_path_folder(""), ".");
    assert_true(pf_path_is_folder_like("a/"));
    assert_false(pf_path_is_folder_like("a"));
    assert_false(pf_path_is_folder_like(""));
}

static void stems_and_suffixes_make_the_name(void **state) {
    const char *cases[][3] = {{"a/b.csv", "b", ".csv"},
                              {"b.csv.gz", "b.csv", ".gz"},
                              {"b", "b", ""},
                              {".x", ".x", ""},
                              {".x.csv", ".x", ".csv"},
                              {"b.", "b", "."},
                              {"a.b/c", "c", ""},
                              {"..", "..", ""},
                              {"", "", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_text(pf_path_stem(cases[i][0]), cases[i][1]);
        assert_text(pf_path_suffix(cases[i][0]), cases[i][2]);
    }
}

static void joining_puts_one_slash(void **state) {
    const char *cases[][3] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"}, {"/", "b", "/b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = pf_path_join(cases[i][0], cases[i][1]);
        assert_string_equal(path, cases[i][2]);
        pf_mem_free(path);
    }
    pf_mem_fail_from(1);
    assert_null(pf_path_join("a", "b"));
    assert_null(pf_path_safe_name("a"));
    pf_mem_fail_from(0);
}

static void table_names_become_legal_file_names(void **state) {
    const char *cases[][2] = {{"Sales", "Sales"},
                              {"Q1 / Q2: \"all\"", "Q1_Q2_all"},
                              {"__a__b__", "a_b"},
                              {"<>:\"/\\|?*", "table"},
                              {"", "table"},
                              {"a\tb\x01"
                               "c\x7f",
                               "a_b_c"},
                              {"Größe", "Größe"},
                              {".", "table"},
                              {"..", "table"},
                              {".a", ".a"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *name = pf_path_safe_name(cases[i][0]);
        assert_string_equal(name, cases[i][1]);
        pf_mem_free(name);
    }
}

static void long_names_are_cut_at_a_character(void **state) {
    char text[700];
    for (int shift = 0; shift < 3; shift++) {
        memset(text, 'a', (size_t)shift);
        for (int i = 0; i < 200; i++)
            memcpy(text + shift + i * 3, "\xE2\x82\xAC", 3);
        text[shift + 600] = 0;
        char *name = pf_path_safe_name(text);
        size_t size = strlen(name);
        assert_true(size <= 200 && size > 197);
        assert_int_equal((size - (size_t)shift) % 3, 0);
        pf_mem_free(name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_folders_are_told_apart),
        cmocka_unit_test(stems_and_suffixes_make_the_name),
        cmocka_unit_test(joining_puts_one_slash),
        cmocka_unit_test(table_names_become_legal_file_names),
        cmocka_unit_test(long_names_are_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
