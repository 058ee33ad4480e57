/* test_run_abreast.c — many small inputs side by side.                           SPDX-License-Identifier: MIT */
#include "run/run_abreast.h"
#include "toy_folder.h"

#define MANY 40

/* Every seventh has a rejected row, every ninth a value that widens, every eleventh is empty. */
static void write_many(const char *prefix) {
    for (int i = 0; i < MANY; i++) {
        char name[40], text[100];
        snprintf(name, sizeof name, "%s%02d.toy", prefix, i);
        snprintf(text, sizeof text, "x y\n1 a\n2 b\n3 c\n%s%d d\n", i % 7 == 0 ? "!bad\n" : "", i);
        if (i % 9 == 4)
            strcat(text, "odd e\n");
        write_text(name, i % 11 == 3 ? "" : text);
    }
}

static struct toy_run convert_many(const char *threads, const char *output, const char *rejects) {
    struct toy_run run = begin_toy((const char *const[]){threads, output, "format=toy", rejects, NULL});
    for (int i = 0; i < MANY; i++) {
        char name[40];
        snprintf(name, sizeof name, "f%02d.toy", i);
        assert_int_equal(pf_job_put(run.job, "input", at(name), PF_BY_USER, "user", NULL), PF_OK);
    }
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    return run;
}

static void expect_same(const char *one, const char *other, const char *name) {
    static char text[1 << 16];
    char path[80];
    snprintf(path, sizeof path, "%s/%s", one, name);
    const char *got = read_text(path);
    snprintf(text, sizeof text, "%s", got ? got : "(none)");
    snprintf(path, sizeof path, "%s/%s", other, name);
    got = read_text(path);
    assert_string_equal(text, got ? got : "(none)");
}

static void files_results_and_rejects_are_in_the_order_of_the_inputs(void **state) {
    write_many("f");
    struct toy_run one = convert_many("threads=1", "output=a/", "rejects=a/r.csv");
    struct toy_run all = convert_many("threads=5", "output=b/", "rejects=b/r.csv");
    assert_int_equal(one.status, all.status);
    assert_int_equal(one.result->file_count, MANY);
    assert_int_equal(all.result->file_count, MANY);
    for (int i = 0; i < MANY; i++) {
        char name[40];
        const struct pf_result_file *a = &one.result->files[i], *b = &all.result->files[i];
        assert_string_equal(a->input, b->input);
        assert_int_equal(a->status, b->status);
        assert_int_equal(a->laps, b->laps);
        assert_int_equal(a->table_count, b->table_count);
        snprintf(name, sizeof name, "f%02d.toy", i);
        expect_same("a", "b", name);
    }
    expect_same("a", "b", "r.csv");
    assert_int_equal(pf_result_sum(one.result, "rows-out"), pf_result_sum(all.result, "rows-out"));
    assert_int_equal(pf_result_sum(one.result, "notices"), pf_result_sum(all.result, "notices"));
    assert_string_equal(one.err.where, all.err.where);
    end_toy(&one);
    end_toy(&all);
}

static void a_cancelled_job_waits_for_nobody(void **state) {
    write_many("f");
    struct toy_run run = begin_toy((const char *const[]){"threads=5", "output=o/", "format=toy", NULL});
    for (int i = 0; i < MANY; i++) {
        char name[40];
        snprintf(name, sizeof name, "f%02d.toy", i);
        assert_int_equal(pf_job_put(run.job, "input", at(name), PF_BY_USER, "user", NULL), PF_OK);
    }
    atomic_store(&run.job->cancelled, true);
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    assert_int_equal(run.status, PF_CANCELLED);
    assert_int_equal(count_files("o"), 0);
    end_toy(&run);
}

static void any_failing_allocation_ends_cleanly(void **state) {
    write_text("f00.toy", "x\n1\n2\n");
    write_text("f01.toy", "x\n1\n2\n");
    for (int64_t nth = 1; nth < 4000; nth += nth < 100 ? 1 : 7) {
        struct toy_run run = begin_toy((const char *const[]){"input=f00.toy", "input=f01.toy", "output=o/",
                                                             "threads=2", "format=toy", "force=", NULL});
        pf_mem_fail_from(nth);
        run.status = pf_engine_run(run.job, &run.result, &run.err);
        bool reached = pf_mem_count() >= nth;
        pf_mem_fail_from(0);
        if (run.status != PF_OK)
            assert_int_equal(run.status, PF_NO_MEMORY);
        end_toy(&run);
        if (!reached)
            return;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(files_results_and_rejects_are_in_the_order_of_the_inputs),
        TEST(a_cancelled_job_waits_for_nobody),
        TEST(any_failing_allocation_ends_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
