/* test_run_intake.c — archives, standard input and files that change, opened down to a reader.
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <unistd.h>

#include "../codec/zip_builder.h"
#include "run/run_intake.h"
#include "toy_folder.h"

static void write_zip(const char *name, const struct zip_entry *entries, size_t count) {
    struct pf_buf buf = {0};
    zip_build(entries, count, false, "", &buf);
    write_bytes(name, buf.data, buf.size);
    pf_buf_clear(&buf);
}
static void expect_file(const char *name, const char *text) {
    const char *got = read_text(name);
    assert_non_null(got);
    assert_string_equal(got, text);
}
/* The file as standard input; a pipe when piped. */
static int saved = -1;
static void feed(const char *name, bool piped) {
    saved = dup(0);
    if (!piped) {
        int file = open(at(name), O_RDONLY);
        dup2(file, 0);
        close(file);
        return;
    }
    int ends[2];
    const char *text = read_text(name);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (int)strlen(text));
    close(ends[1]);
    dup2(ends[0], 0);
    close(ends[0]);
}
static void unfeed(void) {
    dup2(saved, 0);
    close(saved);
}

static void members_of_an_archive_are_files(void **state) {
    static const struct zip_entry two[] = {
        {.name = "one.toy", .bytes = "x\n1\n2\n3\nodd\n", .size = 12, .method = 8},
        {.name = "sub/two.toy", .bytes = "y\n2\n!no\n", .size = 8, .method = 0}};
    write_zip("a.zip", two, 2);
    struct toy_run run = RUN("input=a.zip", "output=out/", "format=toy");
    assert_good(&run);
    expect_file("out/one.toy", "x\n1\n2\n3\nodd\n");
    expect_file("out/two.toy", "y\n2\n");
    assert_int_equal(run.result->file_count, 2);
    assert_non_null(strstr(run.result->files[1].input, "a.zip!sub/two.toy"));
    assert_non_null(strstr(read_text("out/two.toy.rejects.csv"), "a.zip!sub/two.toy,"));
    end_toy(&run);
    run = RUN("input=a.zip", "output=o.toy");
    assert_int_equal(run.status, PF_ARGUMENT);
    assert_null(read_text("o.toy"));
    end_toy(&run);
    run = RUN("input=a.zip", "output=o.toy", "combine=", "schema-mode=union");
    assert_good(&run);
    expect_file("o.toy", "x y\n1 -\n2 -\n3 -\nodd -\n- 2\n");
    end_toy(&run);
}

static void an_archive_of_one_has_the_archives_name(void **state) {
    static const struct zip_entry one[] = {{.name = "inner.toy", .bytes = "x\n1\n", .size = 4, .method = 8}};
    write_zip("orders.toy.zip", one, 1);
    struct toy_run run = RUN("input=orders.toy.zip", "format=toy");
    assert_good(&run);
    expect_file("orders.toy", "x\n1\n");
    end_toy(&run);
}

static void an_archive_without_files_is_broken(void **state) {
    static const struct zip_entry none[] = {{.name = ".hidden", .bytes = "x", .size = 1, .method = 0}};
    write_zip("a.zip", none, 1);
    struct toy_run run = RUN("input=a.zip", "format=toy");
    assert_int_equal(run.status, PF_BAD_DATA);
    end_toy(&run);
}

static void standard_input_is_spilled_and_read_again(void **state) {
    for (int piped = 0; piped < 2; piped++) {
        write_text("a.toy", "TOY! y\n1 1\n2 2\n3 3\nodd 4\n");
        feed("a.toy", piped);
        struct toy_run run = RUN("input=-", "output=o.toy", "force=");
        unfeed();
        assert_good(&run);
        expect_file("o.toy", "TOY! y\n1 1\n2 2\n3 3\nodd 4\n");
        assert_int_equal(run.result->files[0].laps, 2);
        assert_int_equal(run.result->files[0].bytes_in, 25);
        end_toy(&run);
    }
}

static void without_a_spill_a_contradiction_names_the_way_out(void **state) {
    write_text("a.toy", "TOY! y\n1 1\n2 2\n3 3\nodd 4\n");
    feed("a.toy", true);
    struct toy_run run = RUN("input=-", "output=o.toy", "no-spill=");
    unfeed();
    assert_int_equal(run.status, PF_BAD_DATA);
    assert_non_null(strstr(run.err.message, "--no-spill"));
    assert_null(read_text("o.toy"));
    end_toy(&run);
    feed("a.toy", true);
    run = RUN("input=-", "output=o.toy", "no-spill=", "type=*=text");
    unfeed();
    assert_good(&run);
    end_toy(&run);
    feed("a.toy", true);
    run = RUN("input=-", "output=p.toy", "no-spill=", "type=y=text");
    unfeed();
    assert_int_equal(run.status, PF_BAD_DATA); /* the others would have to be proved first */
    end_toy(&run);
}

static void a_spill_has_a_ceiling(void **state) {
    write_text("a.toy", "TOY! y\n1 1\n2 2\n3 3\n4 4\n");
    feed("a.toy", true);
    struct toy_run run = RUN("input=-", "output=o.toy", "temp-limit=5");
    unfeed();
    assert_int_equal(run.status, PF_LIMIT);
    assert_non_null(strstr(run.err.message, "--temp-limit"));
    end_toy(&run);
}

static void standard_input_may_be_one_of_the_combined(void **state) {
    write_text("a.toy", "TOY! y\n1 1\n2 2\n3 3\nodd 4\n");
    write_text("b.toy", "TOY! y\n7 7\n");
    feed("a.toy", true);
    struct toy_run run = RUN("input=b.toy", "input=-", "output=o.toy", "combine=", "source-file=");
    unfeed();
    assert_good(&run);
    assert_non_null(strstr(read_text("o.toy"), "odd 4 standard input\n"));
    end_toy(&run);
}

static void what_no_reader_knows_is_said_to_be_so(void **state) {
    write_bytes("a.bin", "\0\1\2\3", 4);
    struct toy_run run = RUN("input=a.bin", "output=o.toy");
    assert_int_equal(run.status, PF_UNSUPPORTED);
    end_toy(&run);
    write_text("b.bin", "");
    run = RUN("input=b.bin", "output=o.toy");
    assert_int_equal(run.status, PF_BAD_DATA);
    assert_non_null(strstr(run.err.message, "empty"));
    end_toy(&run);
}

static void a_file_that_changes_between_laps_is_refused(void **state) {
    write_text("a.toy", "x\n1\n");
    struct pf_run_host host;
    struct toy_run run = begin_toy((const char *const[]){"input=a.toy", NULL});
    struct pf_inputs inputs;
    struct pf_intake intake = {0};
    struct pf_crew crew;
    struct pf_error err = PF_ERROR_INIT;
    pf_run_host_init(&host, run.job, NULL);
    assert_int_equal(pf_inputs_expand(run.job, &inputs, &err), PF_OK);
    assert_int_equal(pf_crew_open(&crew, run.job, &err), PF_OK);
    assert_int_equal(pf_intake_open(&intake, &crew, &inputs.items[0], &err), PF_OK);
    assert_int_equal(pf_intake_check_same(&intake, &err), PF_OK);
    write_text("a.toy", "x\n1\n2\n");
    assert_int_equal(pf_intake_check_same(&intake, &err), PF_BAD_DATA);
    assert_int_equal(pf_intake_enter(&intake, 0, &err), PF_OK);
    pf_intake_leave(&intake);
    assert_int_equal(pf_intake_enter(&intake, 0, &err), PF_OK); /* again is fine */
    pf_intake_close(&intake);
    pf_crew_close(&crew);
    pf_inputs_clear(&inputs);
    end_toy(&run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(members_of_an_archive_are_files),
        TEST(an_archive_of_one_has_the_archives_name),
        TEST(an_archive_without_files_is_broken),
        TEST(standard_input_is_spilled_and_read_again),
        TEST(without_a_spill_a_contradiction_names_the_way_out),
        TEST(a_spill_has_a_ceiling),
        TEST(standard_input_may_be_one_of_the_combined),
        TEST(what_no_reader_knows_is_said_to_be_so),
        TEST(a_file_that_changes_between_laps_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
