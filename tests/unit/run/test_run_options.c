/* test_run_options.c — keys, values, who set them, nearest names.               SPDX-License-Identifier: MIT */
#include "run/run_nearest.h"
#include "toy_folder.h"

static struct toy_run run;
static int open_job(void **state) {
    run = begin_toy(NULL);
    return 0;
}
static int close_job(void **state) {
    end_toy(&run);
    return 0;
}
static pf_status put(const char *key, const char *value) {
    pf_error_clear(&run.err);
    return pf_job_put(run.job, key, value, PF_BY_USER, "user", &run.err);
}
static const char *get(const char *key) { return pf_job_value(run.job, key, NULL, NULL); }

static void every_option_is_well_made(void **state) {
    for (size_t i = 0; pf_run_options[i]; i++) {
        const struct pf_option *option = pf_run_options[i];
        assert_int_equal(option->struct_size, sizeof *option);
        assert_non_null(option->help);
        assert_non_null(option->group);
        assert_int_equal(option->help[strlen(option->help) - 1], '.');
        assert_true((option->kind == PF_OPTION_FLAG) == (option->value_name == NULL));
        assert_true((option->kind == PF_OPTION_CHOICE) == (option->choices != NULL));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(pf_run_options[k]->key, option->key);
        if (option->fallback) {
            char *checked;
            assert_int_equal(pf_option_check(run.forge->registry, option, option->fallback, &checked, NULL),
                             PF_OK);
            assert_string_equal(checked, option->fallback);
            pf_mem_free(checked);
        }
    }
}

static void values_are_put_in_one_spelling(void **state) {
    const char *const cases[][3] = {{"force", "", "1"},
                                    {"force", "TRUE", "1"},
                                    {"limit", "007", "7"},
                                    {"memory-limit", "64M", "67108864"},
                                    {"memory-limit", "2GiB", "2147483648"},
                                    {"memory-limit", "5kb", "5120"},
                                    {"memory-limit", "12B", "12"},
                                    {"names", "SANITISE", "sanitise"},
                                    {"format", "TOY", "toy"},
                                    {"to", "parquet", "parquet"},
                                    {"toy-level", "-4", "-4"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(put(cases[i][0], cases[i][1]), PF_OK);
        assert_string_equal(get(cases[i][0]), cases[i][2]);
    }
    assert_int_equal(put("force", "no"), PF_OK);
    assert_null(get("force"));
}

static void wrong_values_are_refused_with_what_is_allowed(void **state) {
    const char *const cases[][3] = {{"names", "x", "keep|sanitise"},  {"limit", "-1", "whole number"},
                                    {"limit", "ten", "whole number"}, {"memory-limit", "9999999999G", "64M"},
                                    {"memory-limit", "3X", "64M"},    {"memory-limit", "", "64M"},
                                    {"force", "maybe", "flag"},       {"format", "xls", "parquet"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(put(cases[i][0], cases[i][1]), PF_ARGUMENT);
        if (!strstr(run.err.message, cases[i][2]))
            fail_msg("%s", run.err.message);
    }
}

static void an_unknown_key_names_the_nearest(void **state) {
    const char *const cases[][2] = {{"limt", "'limit'"},
                                    {"souce-file", "'source-file'"},
                                    {"toy_level", "'toy-level'"},
                                    {"naems", "'names'"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(put(cases[i][0], "1"), PF_ARGUMENT);
        assert_non_null(strstr(run.err.message, cases[i][1]));
    }
    assert_int_equal(put("zzzzzz", "1"), PF_ARGUMENT);
    assert_null(strstr(run.err.message, "did you mean"));
}

static void the_stronger_setter_wins(void **state) {
    assert_int_equal(put("limit", "5"), PF_OK);
    assert_int_equal(pf_job_put(run.job, "limit", "6", PF_BY_HOOK, "hook", NULL), PF_OK);
    assert_string_equal(get("limit"), "5");
    assert_int_equal(pf_job_put(run.job, "names", "sanitise", PF_BY_SCHEMA, "schema", NULL), PF_OK);
    assert_int_equal(pf_job_put(run.job, "names", "keep", PF_BY_HOOK, "hook", NULL), PF_OK);
    assert_string_equal(get("names"), "keep");
    assert_string_equal(pf_job_value_of(run.job, "names")->who_name, "hook");
    assert_int_equal(put("limit", NULL), PF_OK);
    assert_null(get("limit"));
}

static void defaults_come_from_the_format_at_hand(void **state) {
    assert_string_equal(get("toy-level"), "3");
    assert_string_equal(get("schema-mode"), "widen");
    assert_null(get("blank"));
    assert_int_equal(pf_job_number(run.job, "memory-limit", 0), 1 << 30);
    assert_int_equal(pf_job_number(run.job, "limit", -1), -1);
}

static void lists_are_walked_value_by_value(void **state) {
    const char *list = "a\x1f\x1f"
                       "b=c";
    struct pf_text item;
    assert_true(pf_list_next(&list, &item) && pf_text_is(item, "a"));
    assert_true(pf_list_next(&list, &item) && pf_text_is(item, ""));
    assert_true(pf_list_next(&list, &item) && pf_text_is(item, "b=c"));
    assert_false(pf_list_next(&list, &item));
}

static void edit_distance_counts_swaps_once(void **state) {
    assert_int_equal(pf_edit_distance("abc", "ABC"), 0);
    assert_int_equal(pf_edit_distance("abcd", "acbd"), 1);
    assert_int_equal(pf_edit_distance("", "abc"), 3);
    assert_int_equal(pf_edit_distance("kitten", "sitting"), 3);
    char wide[200];
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    assert_int_equal(pf_edit_distance(wide, wide), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_job, close_job)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_option_is_well_made),
        TEST(values_are_put_in_one_spelling),
        TEST(wrong_values_are_refused_with_what_is_allowed),
        TEST(an_unknown_key_names_the_nearest),
        TEST(the_stronger_setter_wins),
        TEST(defaults_come_from_the_format_at_hand),
        TEST(lists_are_walked_value_by_value),
        TEST(edit_distance_counts_swaps_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
