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

/* "depot:in/": a store that lists what it has in no order. */
static int32_t (*told)(void *ctx, const struct pf_entry *);
static void tell(void *ctx, const char *name, int64_t size, bool folder_too, int32_t *stopped) {
    struct pf_entry entry = {sizeof entry, folder_too, name, size, 5};
    if (!*stopped)
        *stopped = told(ctx, &entry);
}
static pf_status list_depot(struct pf_host *host, const char *location,
                            int32_t (*each)(void *ctx, const struct pf_entry *), void *ctx,
                            struct pf_error *err) {
    int32_t stopped = 0;
    bool empty = strcmp(location, "depot:empty/") == 0;
    if (strcmp(location, "depot:in") != 0 && strcmp(location, "depot:in/") != 0 && !empty)
        return pf_fail(err, PF_NOT_FOUND, "there is no '%s'; check the name", location);
    told = each;
    for (int i = 0; i < 5 && !empty; i++)
        tell(ctx, (const char *const[]){"b.toy", "x.png", "a.toy", "_c.toy", "sub.toy"}[i], 10 + i, i == 4,
             &stopped);
    return PF_OK;
}
static pf_status open_none(struct pf_host *host, const char *location, struct pf_source *out,
                           struct pf_error *err) {
    return pf_fail(err, PF_NOT_FOUND, "nothing is read here");
}
static pf_status sink_none(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    return pf_fail(err, PF_UNSUPPORTED, "nothing is written here");
}
static pf_status put_none(struct pf_host *host, const char *location, const void *bytes, size_t size,
                          struct pf_error *err) {
    return pf_fail(err, PF_UNSUPPORTED, "nothing is put here");
}
static const char *const prefixes[] = {"depot:", NULL};
static const struct pf_store depot = {.struct_size = sizeof depot,
                                      .name = "depot",
                                      .prefixes = prefixes,
                                      .open_source = open_none,
                                      .open_sink = sink_none,
                                      .put_new = put_none,
                                      .list = list_depot};
static const struct pf_store *const stores[] = {&depot, NULL};
static const struct pf_extension depots = {.struct_size = sizeof depots,
                                           .name = "depots",
                                           .version = "1",
                                           .summary = "",
                                           .license = "MIT",
                                           .stores = stores};

static void begin_depot(const char *location) {
    run = begin_toy(NULL);
    assert_int_equal(pf_forge_join(run.forge, &depots, NULL), PF_OK);
    assert_int_equal(pf_job_put(run.job, "input", location, PF_BY_USER, "user", &run.err), PF_OK);
}

static void folders_and_patterns_of_a_store_are_taken_in_order(void **state) {
    static const struct {
        const char *location, *first, *second;
        size_t passed;
    } rows[] = {{"depot:in/", "depot:in/a.toy", "depot:in/b.toy", 2},
                {"depot:in", "depot:in/a.toy", "depot:in/b.toy", 2},
                {"depot:in/*.toy", "depot:in/a.toy", "depot:in/b.toy", 1},
                {"depot:in/?.*", "depot:in/a.toy", "depot:in/b.toy", 0},
                {"depot:in/b.toy", "depot:in/b.toy", NULL, 0},
                {"depot:in/part-1", "depot:in/part-1", NULL, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin_depot(rows[i].location);
        assert_int_equal(pf_inputs_expand(run.job, &inputs, &run.err), PF_OK);
        assert_string_equal(inputs.items[0].location, rows[i].first);
        if (rows[i].second)
            assert_string_equal(inputs.items[1].location, rows[i].second);
        if (strchr(rows[i].location, '?'))
            assert_string_equal(inputs.items[2].location, "depot:in/x.png");
        else
            assert_int_equal(inputs.count, rows[i].second ? 2 : 1);
        assert_int_equal(inputs.passed_count, rows[i].passed);
        if (rows[i].second) {
            assert_int_equal(inputs.items[0].size_bytes, 12);
            assert_true(inputs.items[0].unnamed && inputs.items[0].modified_ns == 5 && inputs.total_bytes > 0);
        }
        done();
    }
}

static void what_a_store_has_not_keeps_its_trouble(void **state) {
    static const struct {
        const char *location, *says;
        pf_status status;
    } rows[] = {{"depot:empty/", "no file in folder", PF_NOT_FOUND},
                {"depot:gone/", "there is no 'depot:gone/'", PF_NOT_FOUND},
                {"depot:in/*.zzz", "no file matches", PF_NOT_FOUND},
                {"depot:gone/*.toy", "there is no 'depot:gone/'", PF_NOT_FOUND},
                {"depot:*/a.toy", "the last part", PF_UNSUPPORTED}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin_depot(rows[i].location);
        assert_int_equal(pf_inputs_expand(run.job, &inputs, &run.err), PF_OK);
        assert_int_equal(inputs.count, 1);
        assert_int_equal(inputs.items[0].status, rows[i].status);
        assert_non_null(strstr(inputs.items[0].err->message, rows[i].says));
        done();
    }
}

static void failing_allocations_in_a_store_are_told(void **state) {
    for (int64_t nth = 1;; nth++) {
        begin_depot("depot:in/");
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
        TEST(folders_and_patterns_of_a_store_are_taken_in_order),
        TEST(what_a_store_has_not_keeps_its_trouble),
        TEST(failing_allocations_in_a_store_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
