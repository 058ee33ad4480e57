/* test_run_convert.c — the whole pipe with a format of three rows a batch.       SPDX-License-Identifier: MIT */
#include <errno.h>

#include "toy_folder.h"

static void expect_file(const char *name, const char *text) {
    const char *got = read_text(name);
    assert_non_null(got);
    assert_string_equal(got, text);
}

static void one_input_becomes_one_output_beside_it(void **state) {
    write_text("a.toy", "x y\n1 b\n2 -\n");
    struct toy_run run = RUN("input=a.toy", "format=toy", "output=out.toy");
    assert_good(&run);
    expect_file("out.toy", "x y\n1 b\n2 -\n");
    assert_int_equal(pf_result_sum(run.result, "rows-in"), 2);
    assert_int_equal(pf_result_sum(run.result, "rows-out"), 2);
    assert_int_equal(pf_result_sum(run.result, "files"), 1);
    assert_int_equal(run.result->files[0].laps, 1);
    assert_int_equal(count_files(NULL), 2);
    end_toy(&run);
}

static void an_entry_in_a_list_is_all_a_format_needs(void **state) {
    write_text("a.lines", "one line\nanother\n");
    struct toy_run run = RUN("input=a.lines", "output=a.toy");
    assert_good(&run);
    expect_file("a.toy", "line\none line\nanother\n");
    end_toy(&run);
}

static void a_value_that_the_sample_did_not_show_widens_and_keeps_its_spelling(void **state) {
    write_text("a.toy", "x\n1\n2\n3\n4\n5\n6\n7\nodd\n9\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy");
    assert_good(&run);
    expect_file("o.toy", "x\n1\n2\n3\n4\n5\n6\n7\nodd\n9\n");
    const struct pf_result_file *file = &run.result->files[0];
    assert_int_equal(file->laps, 2);
    assert_int_equal(file->tables[0].counts.rows_in, 9);
    const struct pf_notices *notices = &file->tables[0].notices;
    assert_int_equal(pf_notices_count(notices, "widened"), 1);
    assert_int_equal(pf_notices_count(notices, "toy"), 3); /* those of the first lap are gone */
    for (size_t i = 0; i < notices->kind_count; i++)
        if (strcmp(notices->kinds[i].name, "widened") == 0)
            assert_int_equal(notices->kinds[i].kept[0].row, 8);
    end_toy(&run);
}

static void a_survey_that_is_trusted_fails_where_it_does_not_hold(void **state) {
    write_text("a.toy", "x\n1\n2\n3\nodd\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy", "types=survey");
    assert_int_equal(run.status, PF_BAD_DATA);
    assert_int_equal(run.err.row, 4);
    assert_non_null(strstr(run.err.message, "--types exact"));
    assert_non_null(strstr(run.err.where, "a.toy"));
    assert_null(read_text("o.toy"));
    end_toy(&run);
}

static void an_imposed_type_is_proved_against_the_others_first(void **state) {
    write_text("a.toy", "x y\n1 1\n2 2\n3 odd\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy", "type=x=text");
    assert_good(&run);
    expect_file("o.toy", "x y\n1 1\n2 2\n3 odd\n");
    end_toy(&run);
    write_text("b.toy", "x y\n1 1\n2 2\n3 odd\n");
    run = RUN("input=b.toy", "output=p.toy", "type=y=int64\x1fx=text");
    assert_int_equal(run.status, PF_BAD_DATA);
    assert_int_equal(run.err.row, 3);
    assert_null(read_text("p.toy"));
    end_toy(&run);
}

static void columns_are_chosen_renamed_and_made_unique(void **state) {
    write_text("a.toy", "x y X\n1 2 3\n4 5 6\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy", "columns=3,y", "rename=y=z");
    assert_good(&run);
    expect_file("o.toy", "X_2 z\n3 2\n6 5\n");
    end_toy(&run);
    run = RUN("input=a.toy", "output=p.toy", "exclude=Y");
    assert_good(&run);
    expect_file("p.toy", "x X_2\n1 3\n4 6\n");
    end_toy(&run);
    run = RUN("input=a.toy", "output=q.toy", "columns=yy");
    assert_int_equal(run.status, PF_ARGUMENT);
    assert_non_null(strstr(run.err.message, "did you mean 'y'"));
    end_toy(&run);
}

static void rejected_rows_go_beside_the_output_and_counts_add_up(void **state) {
    write_text("a.toy", "x\n1\n!bad \xff\n# no\n2\n!worse, \"q\"\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy");
    assert_good(&run);
    expect_file("o.toy", "x\n1\n2\n");
    const struct pf_counts *counts = &run.result->files[0].tables[0].counts;
    assert_int_equal(counts->rows_in, 5);
    assert_int_equal(counts->rows_out, 2);
    assert_int_equal(counts->rejected, 2);
    assert_int_equal(counts->skipped[PF_SKIP_COMMENT], 1);
    char want[1024];
    snprintf(want, sizeof want,
             "file,table,row,line,byte,column,expected,reason,raw,encoding\n"
             "%s,a,2,2,4,,a row,marked,IWJhZCD/,base64\n"
             "%s,a,4,5,18,,a row,marked,\"!worse, \"\"q\"\"\",utf-8\n",
             at("a.toy"), at("a.toy"));
    expect_file("o.toy.rejects.csv", want);
    assert_string_equal(run.result->files[0].rejects, at("o.toy.rejects.csv"));
    end_toy(&run);
}

static void rejects_of_a_lap_thrown_away_do_not_count(void **state) {
    write_text("a.toy", "x\n1\n!one\n2\n3\n4\nodd\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy");
    assert_good(&run);
    assert_int_equal(pf_result_sum(run.result, "rejected"), 1);
    assert_int_equal(run.result->files[0].laps, 2);
    end_toy(&run);
}

static void rejects_of_an_earlier_run_go_with_its_output(void **state) {
    write_text("a.toy", "x\n1\n!bad\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy");
    assert_good(&run);
    end_toy(&run);
    write_text("a.toy", "x\n1\n2\n");
    run = RUN("input=a.toy", "output=o.toy", "force=");
    assert_good(&run);
    assert_null(read_text("o.toy.rejects.csv"));
    end_toy(&run);
    write_text("o.toy.rejects.csv", "something else");
    run = RUN("input=a.toy", "output=o.toy", "force=");
    assert_good(&run);
    expect_file("o.toy.rejects.csv", "something else");
    end_toy(&run);
}

static void rejects_of_all_inputs_may_share_one_file(void **state) {
    make_sub("in");
    write_text("in/a.toy", "x\n!one\n");
    write_text("in/b.toy", "x\n!two\n1\n");
    struct toy_run run = RUN("input=in", "output=out/", "rejects=r.csv", "format=toy");
    assert_good(&run);
    const char *got = read_text("r.csv");
    assert_non_null(got);
    assert_non_null(strstr(got, "!one"));
    assert_non_null(strstr(got, "!two"));
    assert_int_equal(count_files("out"), 2);
    end_toy(&run);
}

static void an_output_that_is_there_stays_without_force(void **state) {
    write_text("a.toy", "x\n1\n");
    write_text("o.toy", "precious");
    struct toy_run run = RUN("input=a.toy", "output=o.toy");
    assert_int_equal(run.status, PF_EXISTS);
    assert_non_null(strstr(run.err.message, "--force"));
    end_toy(&run);
    expect_file("o.toy", "precious");
    run = RUN("input=a.toy", "output=o.toy", "force=");
    assert_good(&run);
    end_toy(&run);
    expect_file("o.toy", "x\n1\n");
}

static void an_input_is_never_overwritten_and_foreign_files_neither(void **state) {
    write_text("a.toy", "x\n1\n");
    struct toy_run run = RUN("input=a.toy", "output=a.toy", "force=");
    assert_int_equal(run.status, PF_DENIED);
    end_toy(&run);
    expect_file("a.toy", "x\n1\n");
    write_text("o.parquet", "no parquet");
    run = RUN("input=a.toy", "output=o.parquet", "force=");
    assert_int_equal(run.status, PF_DENIED);
    end_toy(&run);
    expect_file("o.parquet", "no parquet");
    write_text("notes.txt", "mine");
    run = RUN("input=a.toy", "output=notes.txt", "format=toy", "force=");
    assert_int_equal(run.status, PF_DENIED);
    end_toy(&run);
}

static void one_bad_file_does_not_stop_the_others(void **state) {
    write_text("a.toy", "x\n1\n");
    write_text("b.toy", "");
    write_text("c.toy", "x\n3\n");
    struct toy_run run =
        RUN("input=a.toy", "input=b.toy", "input=nowhere.toy", "input=c.toy", "output=out/", "format=toy");
    assert_int_equal(run.status, PF_BAD_DATA);
    assert_int_equal(pf_result_sum(run.result, "files"), 4);
    assert_int_equal(pf_result_sum(run.result, "failed"), 2);
    assert_int_equal(run.result->files[2].error.code, PF_NOT_FOUND);
    assert_int_equal(count_files("out"), 2);
    end_toy(&run);
}

static void equal_names_get_a_number_and_a_notice(void **state) {
    make_sub("p"), make_sub("q");
    write_text("p/a.toy", "x\n1\n");
    write_text("q/A.toy", "x\n2\n");
    struct toy_run run = RUN("input=p/a.toy", "input=q/A.toy", "output=out/", "format=toy");
    assert_good(&run);
    expect_file("out/a.toy", "x\n1\n");
    expect_file("out/A_2.toy", "x\n2\n");
    assert_int_equal(pf_notices_count(&run.result->notices, "renamed-output"), 1);
    end_toy(&run);
}

static void several_tables_go_into_a_folder(void **state) {
    write_text("a.toy", "table One/Two\nx\n1\ntable b\ny\nz\n");
    struct toy_run run = RUN("input=a.toy", "format=toy");
    assert_good(&run);
    expect_file("a_toy/a_One_Two.toy", "x\n1\n");
    expect_file("a_toy/a_b.toy", "y\nz\n");
    assert_int_equal(run.result->files[0].table_count, 2);
    end_toy(&run);
    run = RUN("input=a.toy", "format=toy", "output=one.toy");
    assert_int_equal(run.status, PF_ARGUMENT);
    assert_null(read_text("one.toy"));
    end_toy(&run);
}

static void a_folder_made_for_nothing_goes_again(void **state) {
    write_text("a.toy", "x\n1\n2\n3\nodd\n");
    struct toy_run run = RUN("input=a.toy", "output=deep/er/o.toy", "types=survey");
    assert_int_equal(run.status, PF_BAD_DATA);
    assert_int_equal(count_files("deep"), 0);
    end_toy(&run);
}

static int32_t stop_at_once(void *ctx, const struct pf_progress *progress) { return 1; }
static int32_t remember(void *ctx, const struct pf_progress *progress) {
    *(struct pf_progress *)ctx = *progress;
    return 0;
}

static void a_cancelled_job_leaves_nothing(void **state) {
    write_text("a.toy", "x\n1\n2\n3\n4\n5\n");
    struct toy_run run = begin_toy((const char *const[]){"input=a.toy", "output=o.toy", NULL});
    atomic_store(&run.job->cancelled, true);
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    assert_int_equal(run.status, PF_CANCELLED);
    assert_int_equal(count_files(NULL), 1);
    end_toy(&run);
    run = begin_toy((const char *const[]){"input=a.toy", "output=o.toy", NULL});
    run.job->progress = stop_at_once; /* called once at the end here: too late to stop anything */
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    assert_good(&run);
    end_toy(&run);
}

static void progress_ends_at_one(void **state) {
    struct pf_progress last = {0};
    write_text("a.toy", "x\n1\n2\n3\nodd\n");
    struct toy_run run = begin_toy((const char *const[]){"input=a.toy", "output=o.toy", NULL});
    run.job->progress = remember;
    run.job->progress_ctx = &last;
    assert_int_equal(pf_engine_run(run.job, &run.result, &run.err), PF_OK);
    assert_true(last.fraction == 1.0);
    assert_int_equal(last.rows, 4);
    assert_int_equal(last.lap, 2);
    end_toy(&run);
}

static void header_only_has_no_rows_and_a_notice(void **state) {
    write_text("a.toy", "x y\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy");
    assert_good(&run);
    expect_file("o.toy", "x y\n");
    assert_int_equal(pf_notices_count(&run.result->files[0].tables[0].notices, "empty-table"), 1);
    end_toy(&run);
}

static void lineage_names_the_input(void **state) {
    write_text("a.toy", "x\n1\n");
    struct toy_run run = RUN("input=a.toy", "output=o.toy", "source-file=");
    assert_good(&run);
    assert_non_null(strstr(read_text("o.toy"), "x source_file\n1 /tmp/pf_toy_"));
    end_toy(&run);
}

/* ---- faults: after every call that can fail, the old file or nothing is under the final name ---- */

static void check_after_fault(struct toy_run *run, const char *old) {
    pf_file_fail_from(0, 0);
    const char *got = read_text("o.toy");
    if (run->status == PF_OK) {
        assert_non_null(got);
        assert_string_equal(got, "x\n1\n2\n3\nodd\n");
    } else if (got) {
        bool whole = old && strcmp(got, old) == 0;
        assert_true(whole || strcmp(got, "x\n1\n2\n3\nodd\n") == 0);
    }
}

static void sweep_faults(const char *old) {
    for (int64_t nth = 1; nth < 400; nth++) {
        write_text("a.toy", "x\n1\n2\n!r\n3\nodd\n");
        pf_file_remove(at("o.toy"), NULL);
        pf_file_remove(at("o.toy.rejects.csv"), NULL);
        if (old)
            write_text("o.toy", old);
        struct toy_run run =
            begin_toy((const char *const[]){"input=a.toy", "output=o.toy", "force=", "threads=1", NULL});
        pf_file_fail_from(nth, ENOSPC);
        run.status = pf_engine_run(run.job, &run.result, &run.err);
        bool reached = pf_file_calls() >= nth;
        check_after_fault(&run, old);
        end_toy(&run);
        if (!reached) {
            assert_good(&run);
            return;
        }
    }
    fail_msg("the sweep has no end");
}

static void any_failing_call_leaves_the_old_file_or_nothing(void **state) {
    sweep_faults(NULL);
    sweep_faults("x\n7\n");
}

static void any_failing_allocation_ends_in_no_memory(void **state) {
    for (int64_t nth = 1; nth < 5000; nth++) {
        write_text("a.toy", "x\n1\n2\n!r\n3\nodd\n");
        pf_file_remove(at("o.toy"), NULL);
        pf_file_remove(at("o.toy.rejects.csv"), NULL);
        struct toy_run run = begin_toy((const char *const[]){"input=a.toy", "output=o.toy", "threads=1", NULL});
        pf_mem_fail_from(nth);
        run.status = pf_engine_run(run.job, &run.result, &run.err);
        bool reached = pf_mem_count() >= nth;
        pf_mem_fail_from(0);
        if (reached && run.status != PF_OK)
            assert_int_equal(run.status, PF_NO_MEMORY);
        if (run.status != PF_OK)
            assert_null(read_text("o.toy"));
        assert_true(count_files(NULL) <= 3);
        end_toy(&run);
        if (!reached) {
            assert_good(&run);
            return;
        }
    }
    fail_msg("the sweep has no end");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(one_input_becomes_one_output_beside_it),
        TEST(an_entry_in_a_list_is_all_a_format_needs),
        TEST(a_value_that_the_sample_did_not_show_widens_and_keeps_its_spelling),
        TEST(a_survey_that_is_trusted_fails_where_it_does_not_hold),
        TEST(an_imposed_type_is_proved_against_the_others_first),
        TEST(columns_are_chosen_renamed_and_made_unique),
        TEST(rejected_rows_go_beside_the_output_and_counts_add_up),
        TEST(rejects_of_a_lap_thrown_away_do_not_count),
        TEST(rejects_of_an_earlier_run_go_with_its_output),
        TEST(rejects_of_all_inputs_may_share_one_file),
        TEST(an_output_that_is_there_stays_without_force),
        TEST(an_input_is_never_overwritten_and_foreign_files_neither),
        TEST(one_bad_file_does_not_stop_the_others),
        TEST(equal_names_get_a_number_and_a_notice),
        TEST(several_tables_go_into_a_folder),
        TEST(a_folder_made_for_nothing_goes_again),
        TEST(a_cancelled_job_leaves_nothing),
        TEST(progress_ends_at_one),
        TEST(header_only_has_no_rows_and_a_notice),
        TEST(lineage_names_the_input),
        TEST(any_failing_call_leaves_the_old_file_or_nothing),
        TEST(any_failing_allocation_ends_in_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
