/* test_run_notices.c — notices and counts.                                       SPDX-License-Identifier: MIT */
#include "base/ceilings.h"
#include "run/run_counts.h"
#include "run/run_notices.h"
#include "toy_folder.h"

static struct pf_notices notices;
static void add(const char *kind, int64_t row, int64_t count) {
    struct pf_notice notice = {sizeof notice, 0, kind, "c", "detail", row, -1, count};
    assert_int_equal(pf_notices_add(&notices, &notice, NULL), PF_OK);
}
static char *as_json(void) {
    struct pf_buf buf = {0};
    struct pf_json_writer json;
    pf_json_begin(&json, &buf, 0, NULL);
    pf_notices_json(&notices, &json);
    assert_int_equal(pf_json_end(&json), PF_OK);
    return pf_buf_take(&buf);
}

static void the_first_are_kept_and_all_are_counted(void **state) {
    for (int64_t i = 1; i <= 100; i++)
        add("short-row", i, i == 100 ? 7 : 1);
    assert_int_equal(notices.total, 106);
    assert_int_equal(pf_notices_count(&notices, "short-row"), 106);
    assert_int_equal(notices.kinds[0].kept_count, PF_CEIL_NOTICES_KEPT);
    assert_non_null(pf_notices_about(&notices, "short-row", "c"));
    assert_null(pf_notices_about(&notices, "short-row", "d"));
    char *json = as_json();
    assert_non_null(strstr(json, "\"count\":106"));
    assert_non_null(strstr(json, "\"row\":1,"));
    assert_non_null(strstr(json, "--on-bad-row"));
    pf_mem_free(json);
    struct pf_notices sum = {0};
    assert_int_equal(pf_notices_merge(&sum, &notices, NULL), PF_OK);
    assert_int_equal(pf_notices_merge(&sum, &notices, NULL), PF_OK);
    assert_int_equal(sum.total, 212);
    assert_int_equal(sum.kinds[0].count, 212);
    pf_notices_clear(&sum);
    pf_notices_clear(&notices);
}

static void kinds_without_end_share_one(void **state) {
    for (int i = 0; i < 200; i++) {
        char kind[32];
        snprintf(kind, sizeof kind, "kind-%d", i);
        add(kind, i, 1);
    }
    add("", 1, 0);
    assert_int_equal(notices.kind_count, 64);
    assert_int_equal(notices.total, 201);
    assert_int_equal(pf_notices_count(&notices, "other"), 201 - 63);
    pf_notices_clear(&notices);
}

static void long_texts_are_cut_at_a_character(void **state) {
    char text[1001];
    for (size_t i = 0; i < 1000; i += 2)
        memcpy(text + i, "é", 2);
    text[1000] = 0;
    struct pf_notice notice = {sizeof notice, 0, "k", text, text + 1, 1, -1, 1};
    notice.detail = text;
    assert_int_equal(pf_notices_add(&notices, &notice, NULL), PF_OK);
    assert_int_equal(strlen(notices.kinds[0].kept[0].column), 254);
    assert_int_equal(strlen(notices.kinds[0].kept[0].detail), 400);
    pf_notices_clear(&notices);
}

static void no_memory_leaves_nothing_behind(void **state) {
    for (int64_t nth = 1;; nth++) {
        struct pf_notice notice = {sizeof notice, 0, "k", "c", "d", 1, -1, 1};
        pf_mem_fail_from(nth);
        pf_status status = pf_notices_add(&notices, &notice, NULL);
        bool reached = pf_mem_count() >= nth;
        pf_mem_fail_from(0);
        pf_notices_clear(&notices);
        assert_int_equal(status, reached ? PF_NO_MEMORY : PF_OK);
        if (!reached)
            return;
    }
}

static void counts_must_add_up(void **state) {
    struct pf_counts counts = {0}, sum = {0};
    pf_counts_add(&counts, "rows-in", 10);
    pf_counts_add(&counts, "skipped-blank", 2);
    pf_counts_add(&counts, "skipped-moon", 1);
    pf_counts_add(&counts, "anything", 99);
    counts.rows_out = 6;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_counts_check(&counts, &err), PF_INTERNAL);
    assert_non_null(strstr(err.message, "10 rows in"));
    counts.rejected = 1;
    assert_int_equal(pf_counts_check(&counts, NULL), PF_OK);
    assert_int_equal(pf_counts_skipped(&counts), 3);
    pf_counts_sum(&sum, &counts);
    pf_counts_sum(&sum, &counts);
    assert_int_equal(sum.rows_in, 20);
    assert_int_equal(sum.skipped[PF_SKIP_OTHER], 2);
    assert_int_equal(pf_counts_check(&sum, NULL), PF_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_are_kept_and_all_are_counted),
        cmocka_unit_test(kinds_without_end_share_one),
        cmocka_unit_test(long_texts_are_cut_at_a_character),
        cmocka_unit_test(no_memory_leaves_nothing_behind),
        cmocka_unit_test(counts_must_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
