/* test_run_inputs.c — paths, patterns and folders as a list of files.            SPDX-License-Identifier: MIT */
#include "run/run_inputs.h"
#include "toy_folder.h"

static struct toy_run run;
static struct pf_inputs inputs;
#define EXPAND(...)                                                                                            \
    do {                                                                                                       \
        run = begin_toy((const char *const[]){__VA_ARGS__, NULL});                                             \
        assert_int_equal(pf_inputs_expand(run.job, &inputs, &run.err), PF_OK);                                 \
    } while (0)
static void done(void) {
    pf_inputs_clear(&inputs);
    end_toy(&run);
}
static const char *name_of(size_t i) { return inputs.items[i].location + strlen(folder) + 1; }

static void a_folder_gives_what_readers_know_and_lists_the_rest(void **state) {
    make_sub("in"), make_sub("in/deeper");
    const char *const wanted[] = {"a.toy", "b.TOY", "c.toy.gz", "d.zip", "e.lines.zst"};
    const char *const unwanted[] = {"~$a.toy", ".~lock.b.toy#", ".DS_Store", "_SUCCESS", "x.png", "Thumbs.db"};
    for (size_t i = 0; i < 5; i++) {
        char path[64];
        snprintf(path, sizeof path, "in/%s", wanted[i]);
        write_text(path, "x\n");
    }
    for (size_t i = 0; i < 6; i++) {
        char path[64];
        snprintf(path, sizeof path, "in/%s", unwanted[i]);
        write_text(path, "x\n");
    }
    EXPAND("input=in");
    assert_int_equal(inputs.count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(strrchr(name_of(i), '/') + 1, wanted[i]);
    assert_int_equal(inputs.passed_count, 6);
    assert_int_equal(inputs.total_bytes, 10);
    done();
}

static void patterns_leave_out_lock_files_and_take_any_suffix(void **state) {
    write_text("a.dat", "x"), write_text("~$b.dat", "x"), write_text("_c.dat", "x");
    EXPAND("input=*.dat");
    assert_int_equal(inputs.count, 1);
    assert_int_equal(inputs.passed_count, 2);
    done();
}

static void what_is_named_is_taken_even_with_a_pattern_in_its_name(void **state) {
    write_text("_a[1].toy", "x"), write_text("_a1.toy", "x");
    EXPAND("input=_a[1].toy");
    assert_int_equal(inputs.count, 1);
    assert_string_equal(name_of(0), "_a[1].toy");
    done();
}

static void what_is_missing_keeps_its_trouble(void **state) {
    write_text("a.toy", "x");
    make_sub("empty");
    EXPAND("input=gone.toy", "input=a.toy", "input=none*.toy", "input=empty");
    assert_int_equal(inputs.count, 4);
    assert_int_equal(inputs.items[0].status, PF_NOT_FOUND);
    assert_int_equal(inputs.items[1].status, PF_OK);
    assert_int_equal(inputs.items[2].status, PF_NOT_FOUND);
    assert_int_equal(inputs.items[3].status, PF_NOT_FOUND);
    done();
}

static void a_file_found_twice_is_taken_once(void **state) {
    write_text("a.toy", "x"), write_text("b.toy", "x");
    EXPAND("input=b.toy", "input=*.toy");
    assert_int_equal(inputs.count, 2);
    assert_string_equal(name_of(0), "b.toy");
    assert_string_equal(name_of(1), "a.toy");
    assert_int_equal(inputs.passed_count, 1);
    assert_true(pf_inputs_have(&inputs, inputs.items[0].device, inputs.items[0].inode));
    assert_false(pf_inputs_have(&inputs, inputs.items[0].device, 1));
    done();
}

static void standard_input_is_read_once_and_its_size_is_unknown(void **state) {
    EXPAND("input=-");
    assert_int_equal(inputs.count, 1);
    assert_int_equal(inputs.total_bytes, -1);
    done();
    run = begin_toy((const char *const[]){"input=-", "input=-", NULL});
    assert_int_equal(pf_inputs_expand(run.job, &inputs, &run.err), PF_ARGUMENT);
    done();
    run = begin_toy(NULL);
    assert_int_equal(pf_inputs_expand(run.job, &inputs, &run.err), PF_ARGUMENT);
    done();
}

static void wrappings_are_taken_off_a_name(void **state) {
    const struct {
        const char *name;
        size_t size;
    } cases[] = {{"a.csv.gz", 5}, {"a.csv", 5},    {"a.GZ", 1},        {"a.csv.zip", 5},
                 {".gz", 3},      {"a.tar.xz", 5}, {"a.csv.zst.gz", 5}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(pf_input_peeled_size(pf_text_of(cases[i].name)), cases[i].size);
}

static void failing_allocations_are_told(void **state) {
    write_text("a.toy", "x"), write_text("_b.toy", "x");
    for (int64_t nth = 1;; nth++) {
        run = begin_toy((const char *const[]){"input=*.toy", "input=gone", "input=.", NULL});
        pf_mem_fail_from(nth);
        pf_status status = pf_inputs_expand(run.job, &inputs, &run.err);
        bool reached = pf_mem_count() >= nth;
        pf_mem_fail_from(0);
        done();
        assert_int_equal(status, reached ? PF_NO_MEMORY : PF_OK);
        if (!reached)
            return;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_folder_gives_what_readers_know_and_lists_the_rest),
        TEST(patterns_leave_out_lock_files_and_take_any_suffix),
        TEST(what_is_named_is_taken_even_with_a_pattern_in_its_name),
        TEST(what_is_missing_keeps_its_trouble),
        TEST(a_file_found_twice_is_taken_once),
        TEST(standard_input_is_read_once_and_its_size_is_unknown),
        TEST(wrappings_are_taken_off_a_name),
        TEST(failing_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
