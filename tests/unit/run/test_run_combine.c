/* test_run_combine.c — many inputs, one table.                                   SPDX-License-Identifier: MIT */
#include "toy_folder.h"

static void expect_file(const char *name, const char *text) {
    const char *got = read_text(name);
    assert_non_null(got);
    assert_string_equal(got, text);
}

static void columns_are_matched_by_name_and_rows_keep_the_order_of_inputs(void **state) {
    write_text("a.toy", "x y\n1 2\n");
    write_text("b.toy", "y x\n3 4\n");
    struct toy_run run = RUN("input=a.toy", "input=b.toy", "output=o.toy", "combine=", "schema-mode=strict");
    assert_good(&run);
    expect_file("o.toy", "x y\n1 2\n4 3\n");
    assert_int_equal(pf_result_sum(run.result, "rows-in"), 2);
    assert_int_equal(pf_result_sum(run.result, "files"), 2);
    end_toy(&run);
}

static void what_the_mode_forbids_writes_nothing_and_names_the_file(void **state) {
    write_text("a.toy", "x\n1\n");
    write_text("b.toy", "x y\n3 4\n");
    struct toy_run run = RUN("input=a.toy", "input=b.toy", "output=o.toy", "combine=");
    assert_int_equal(run.status, PF_BAD_DATA);
    assert_non_null(strstr(run.err.where, "b.toy"));
    assert_null(read_text("o.toy"));
    assert_int_equal(pf_result_sum(run.result, "failed"), 1);
    end_toy(&run);
    run = RUN("input=a.toy", "input=b.toy", "output=o.toy", "combine=", "schema-mode=add");
    assert_good(&run);
    expect_file("o.toy", "x y\n1 -\n3 4\n");
    assert_int_equal(pf_notices_count(&run.result->notices, "drift-added"), 1);
    end_toy(&run);
}

static void what_becomes_text_keeps_its_spelling_in_all_inputs(void **state) {
    write_text("a.toy", "x y\n007 1\n2 1\n");
    write_text("b.toy", "x y\nodd 1\n");
    struct toy_run run = RUN("input=a.toy", "input=b.toy", "output=o.toy", "combine=");
    assert_good(&run);
    expect_file("o.toy", "x y\n007 1\n2 1\nodd 1\n");
    end_toy(&run);
}

static void a_contradiction_in_any_input_begins_all_anew(void **state) {
    write_text("a.toy", "x\n007\n");
    write_text("b.toy", "x\n!rejected\n1\n2\n3\nodd\n");
    struct toy_run run = RUN("input=a.toy", "input=b.toy", "output=o.toy", "combine=");
    assert_good(&run);
    expect_file("o.toy", "x\n007\n1\n2\n3\nodd\n");
    assert_int_equal(pf_result_sum(run.result, "rejected"), 1);
    assert_int_equal(pf_result_sum(run.result, "rows-out"), 5);
    assert_int_equal(pf_notices_count(&run.result->notices, "widened"), 1);
    assert_int_equal(run.result->files[1].laps, 2);
    assert_non_null(strstr(read_text("o.toy.rejects.csv"), "b.toy"));
    end_toy(&run);
}

static void the_input_of_each_row_can_be_told(void **state) {
    write_text("a.toy", "x\n1\n");
    write_text("b.toy", "x\n2\n");
    struct toy_run run = RUN("input=a.toy", "input=b.toy", "output=o.toy", "combine=", "source-file=");
    assert_good(&run);
    const char *got = read_text("o.toy");
    assert_non_null(strstr(got, "x source_file\n1 "));
    assert_non_null(strstr(got, "b.toy\n"));
    end_toy(&run);
}

static void an_input_that_is_missing_fails_the_whole(void **state) {
    write_text("a.toy", "x\n1\n");
    struct toy_run run = RUN("input=a.toy", "input=gone.toy", "output=o.toy", "combine=");
    assert_int_equal(run.status, PF_NOT_FOUND);
    assert_null(read_text("o.toy"));
    end_toy(&run);
}

static void every_failing_allocation_ends_in_no_memory(void **state) {
    for (int64_t nth = 1; nth < 8000; nth++) {
        write_text("a.toy", "x y\n007 1\n");
        write_text("b.toy", "x\n!rejected\n1\n2\n3\nodd\n");
        pf_file_remove(at("o.toy"), NULL);
        pf_file_remove(at("o.toy.rejects.csv"), NULL);
        struct toy_run run = begin_toy((const char *const[]){
            "input=a.toy", "input=b.toy", "output=o.toy", "combine=", "schema-mode=union", "threads=1", NULL});
        pf_mem_fail_from(nth);
        run.status = pf_engine_run(run.job, &run.result, &run.err);
        bool reached = pf_mem_count() >= nth;
        pf_mem_fail_from(0);
        if (reached && run.status != PF_OK)
            assert_int_equal(run.status, PF_NO_MEMORY);
        assert_true((run.status == PF_OK) == (read_text("o.toy") != NULL));
        end_toy(&run);
        if (!reached)
            return;
    }
    fail_msg("the sweep has no end");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(columns_are_matched_by_name_and_rows_keep_the_order_of_inputs),
        TEST(what_the_mode_forbids_writes_nothing_and_names_the_file),
        TEST(what_becomes_text_keeps_its_spelling_in_all_inputs),
        TEST(a_contradiction_in_any_input_begins_all_anew),
        TEST(the_input_of_each_row_can_be_told),
        TEST(an_input_that_is_missing_fails_the_whole),
        TEST(every_failing_allocation_ends_in_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
