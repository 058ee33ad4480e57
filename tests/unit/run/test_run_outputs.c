/* test_run_outputs.c — names of outputs, and what may be replaced.               SPDX-License-Identifier: MIT */
#include "base/path.h"
#include "run/run_outputs.h"
#include "toy_folder.h"

static struct toy_run run;
static struct pf_inputs inputs;
static struct pf_outputs outputs;

static pf_status begin(const char *const *options) {
    run = begin_toy(options);
    if (run.job->input_count)
        assert_int_equal(pf_inputs_expand(run.job, &inputs, &run.err), PF_OK);
    return pf_outputs_open(&outputs, run.job, &inputs, &run.err);
}
static void done(void) {
    pf_outputs_clear(&outputs);
    pf_inputs_clear(&inputs);
    end_toy(&run);
}
#define BEGIN(...) begin((const char *const[]){__VA_ARGS__, NULL})
static void expect_name(const char *location, const char *stem, const char *part, const char *want) {
    struct pf_output_name name;
    pf_status status = pf_outputs_name(&outputs, location, stem, part, &name, &run.err);
    if (status != PF_OK)
        fail_msg("%s", run.err.message);
    assert_string_equal(name.path, want);
    pf_mem_free(name.path);
}

static void the_format_is_asked_for_or_follows_the_suffix(void **state) {
    assert_int_equal(BEGIN("input=a.toy"), PF_OK);
    assert_string_equal(outputs.writer->name, "parquet");
    done();
    assert_int_equal(BEGIN("input=a.toy", "output=x.CSV"), PF_OK);
    assert_string_equal(outputs.writer->name, "csv");
    done();
    assert_int_equal(BEGIN("input=a.toy", "output=x.csv", "to=toy"), PF_OK);
    assert_string_equal(outputs.writer->name, "toy");
    done();
    assert_int_equal(BEGIN("input=a.toy", "output=x.dat"), PF_ARGUMENT);
    done();
    assert_int_equal(BEGIN("input=a.toy", "output=x"), PF_OK);
    assert_string_equal(outputs.writer->name, "parquet");
    done();
}

static void outputs_stand_beside_their_inputs(void **state) {
    assert_int_equal(BEGIN("input=a.toy"), PF_OK);
    expect_name("a.csv", "a", NULL, "a.parquet");
    expect_name("/x/a.b.csv", "a.b", NULL, "/x/a.b.parquet");
    expect_name("/a.csv", "a", NULL, "/a.parquet");
    expect_name("/x/b.csv", "b", "T 1", "/x/b_parquet/b_T_1.parquet");
    struct pf_output_name name;
    assert_int_equal(pf_outputs_name(&outputs, "-", "stdin", NULL, &name, NULL), PF_ARGUMENT);
    done();
}

static void names_equal_ignoring_case_get_a_number(void **state) {
    assert_int_equal(BEGIN("input=a.toy", "output=o/"), PF_OK);
    char first[100], second[100], third[100];
    snprintf(first, sizeof first, "%s/o/a.parquet", folder);
    snprintf(second, sizeof second, "%s/o/A_2.parquet", folder);
    snprintf(third, sizeof third, "%s/o/a_3.parquet", folder);
    expect_name("x/a.csv", "a", NULL, first);
    expect_name("y/A.csv", "A", NULL, second);
    expect_name("z/a.csv", "a", NULL, third);
    done();
}

static void several_inputs_do_not_go_into_one_file(void **state) {
    write_text("a.toy", "x"), write_text("b.toy", "x");
    assert_int_equal(BEGIN("input=a.toy", "input=b.toy", "output=o.toy"), PF_ARGUMENT);
    assert_non_null(strstr(run.err.message, "--combine"));
    done();
    assert_int_equal(BEGIN("input=a.toy", "input=b.toy", "output=o.toy", "combine="), PF_OK);
    done();
    make_sub("there");
    assert_int_equal(BEGIN("input=a.toy", "input=b.toy", "output=there"), PF_OK);
    assert_true(outputs.folder);
    done();
    assert_int_equal(BEGIN("input=a.toy", "input=b.toy", "combine="), PF_ARGUMENT);
    done();
    char *path;
    assert_int_equal(BEGIN("input=a.toy", "combine="), PF_OK);
    assert_int_equal(pf_outputs_combined(&outputs, &path, NULL), PF_OK);
    assert_string_equal(strrchr(path, '/') ? strrchr(path, '/') + 1 : path, "a.parquet");
    pf_mem_free(path);
    done();
    run = begin_toy(NULL);
    assert_int_equal(pf_job_put(run.job, "output", "-", PF_BY_USER, "user", NULL), PF_OK);
    assert_int_equal(pf_outputs_open(&outputs, run.job, &inputs, &run.err), PF_ARGUMENT);
    done();
}

static pf_status check(const char *name, uint32_t *flags) {
    return pf_outputs_check(&outputs, outputs.writer, at(name), flags, &run.err);
}

static void only_files_of_the_format_are_replaced_and_only_by_force(void **state) {
    uint32_t flags;
    write_text("in.csv", "x"), write_text("good.parquet", "PAR1...."), write_text("bad.parquet", "text"),
        write_text("empty.parquet", "");
    make_sub("folder.parquet");
    assert_int_equal(BEGIN("input=in.csv"), PF_OK);
    assert_int_equal(check("new.parquet", &flags), PF_OK);
    assert_int_equal(flags, 0);
    assert_int_equal(check("good.parquet", &flags), PF_EXISTS);
    done();
    assert_int_equal(BEGIN("input=in.csv", "force=", "sync="), PF_OK);
    assert_int_equal(check("good.parquet", &flags), PF_OK);
    assert_int_equal(flags, PF_SINK_REPLACE | PF_SINK_SYNC);
    assert_int_equal(check("empty.parquet", &flags), PF_OK);
    assert_int_equal(check("bad.parquet", &flags), PF_DENIED);
    assert_int_equal(check("folder.parquet", &flags), PF_EXISTS);
    assert_int_equal(check("in.csv", &flags), PF_DENIED);
    assert_int_equal(pf_outputs_check(&outputs, outputs.writer, "/dev/null", &flags, NULL), PF_DENIED);
    done();
}

static void csv_replaces_files_named_so_and_no_parquet(void **state) {
    uint32_t flags;
    write_text("a.toy", "x"), write_text("o.csv", "x"), write_text("o.txt", "x"), write_text("o.c", "x"),
        write_text("p.csv", "PAR1");
    assert_int_equal(BEGIN("input=a.toy", "to=csv", "force="), PF_OK);
    assert_int_equal(check("o.csv", &flags), PF_OK);
    assert_int_equal(check("o.txt", &flags), PF_OK);
    assert_int_equal(check("o.c", &flags), PF_DENIED);
    assert_int_equal(check("p.csv", &flags), PF_DENIED);
    done();
}

static void folders_are_made_and_unmade(void **state) {
    int made;
    write_text("a.toy", "x");
    assert_int_equal(BEGIN("input=a.toy"), PF_OK);
    assert_int_equal(pf_outputs_make_folder(&outputs, at("x/y/z.csv"), &made, NULL), PF_OK);
    assert_int_equal(made, 2);
    assert_int_equal(pf_outputs_make_folder(&outputs, at("x/y/z.csv"), &made, NULL), PF_OK);
    assert_int_equal(made, 0);
    write_text("x/y/w", "1");
    pf_outputs_unmake_folder(at("x/y/z.csv"), 2);
    assert_int_equal(count_files("x/y"), 1);
    assert_int_equal(pf_outputs_make_folder(&outputs, at("p/q/r/z.csv"), &made, NULL), PF_OK);
    assert_int_equal(made, 3);
    pf_outputs_unmake_folder(at("p/q/r/z.csv"), made);
    assert_int_equal(pf_file_remove_folder(at("p"), NULL), PF_NOT_FOUND);
    done();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_format_is_asked_for_or_follows_the_suffix),
        TEST(outputs_stand_beside_their_inputs),
        TEST(names_equal_ignoring_case_get_a_number),
        TEST(several_inputs_do_not_go_into_one_file),
        TEST(only_files_of_the_format_are_replaced_and_only_by_force),
        TEST(csv_replaces_files_named_so_and_no_parquet),
        TEST(folders_are_made_and_unmade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
