/* test_run_stage.c — outputs on a store that cannot rename.                      SPDX-License-Identifier: MIT */
#include "run/run_stage.h"
#include "toy_folder.h"

/* "slot:NAME": one file in memory that is seen while it is written. */
static struct {
    char text[4096];
    size_t size;
    int opened, committed, aborted;
} slot;
static bool is_full;

static pf_status write_slot(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    if (is_full)
        return pf_fail(err, PF_IO, "the slot is full");
    assert_true(slot.size + count < sizeof slot.text);
    memcpy(slot.text + slot.size, from, count);
    slot.size += count;
    slot.text[slot.size] = 0;
    return PF_OK;
}
static pf_status commit_slot(struct pf_sink *sink, struct pf_error *err) {
    slot.committed++;
    return PF_OK;
}
static void abort_slot(struct pf_sink *sink) {
    slot.aborted++;
    slot.size = 0;
}
static pf_status open_slot(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    slot.opened++;
    slot.size = 0;
    *out = (struct pf_sink){sizeof *out, 0, &slot, write_slot, commit_slot, abort_slot};
    return PF_OK;
}
static pf_status open_none(struct pf_host *host, const char *location, struct pf_source *out,
                           struct pf_error *err) {
    return pf_fail(err, PF_NOT_FOUND, "nothing is read here");
}
static pf_status put_none(struct pf_host *host, const char *location, const void *bytes, size_t size,
                          struct pf_error *err) {
    return pf_fail(err, PF_UNSUPPORTED, "nothing is put here");
}
static pf_status list_none(struct pf_host *host, const char *location,
                           int32_t (*each)(void *ctx, const struct pf_entry *), void *ctx,
                           struct pf_error *err) {
    return PF_OK;
}
static const char *const prefixes[] = {"slot:", NULL};
static const struct pf_store store = {.struct_size = sizeof store,
                                      .name = "slot",
                                      .prefixes = prefixes,
                                      .open_source = open_none,
                                      .open_sink = open_slot,
                                      .put_new = put_none,
                                      .list = list_none};
static const struct pf_store *const stores[] = {&store, NULL};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "slots",
                                              .version = "1",
                                              .summary = "",
                                              .license = "MIT",
                                              .stores = stores};

static struct toy_run convert(const char *const *options) {
    memset(&slot, 0, sizeof slot);
    struct toy_run run = begin_toy(options);
    assert_int_equal(pf_forge_join(run.forge, &extension, NULL), PF_OK);
    assert_int_equal(pf_job_put(run.job, "output", "slot:x.toy", PF_BY_USER, "user", NULL), PF_OK);
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    return run;
}
#define CONVERT(...) convert((const char *const[]){__VA_ARGS__, NULL})

static const char widened[] = "x\n1\n2\n3\n4\n5\n6\n7\nodd\n9\n";

static void the_output_is_copied_in_one_pass_when_it_is_proved(void **state) {
    write_text("a.toy", widened);
    struct toy_run run = CONVERT("input=a.toy");
    assert_good(&run);
    assert_int_equal(run.result->files[0].laps, 2);
    assert_int_equal(slot.opened, 1); /* the lap that was thrown away was never seen */
    assert_int_equal(slot.committed, 1);
    assert_string_equal(slot.text, widened);
    end_toy(&run);
}

static void never_writes_directly(void **state) {
    write_text("a.toy", widened);
    struct toy_run run = CONVERT("input=a.toy", "stage=never");
    assert_good(&run);
    assert_int_equal(slot.opened, 2);
    assert_int_equal(slot.aborted, 1);
    assert_string_equal(slot.text, widened);
    end_toy(&run);
}

static void an_input_that_fails_is_never_seen(void **state) {
    write_text("a.toy", "x\n1\n2\n3\nodd\n");
    struct toy_run run = CONVERT("input=a.toy", "types=survey");
    assert_int_equal(run.status, PF_BAD_DATA);
    assert_int_equal(slot.opened, 0);
    end_toy(&run);
}

static void a_copy_that_fails_is_taken_back(void **state) {
    write_text("a.toy", "x\n1\n");
    is_full = true;
    struct toy_run run = CONVERT("input=a.toy");
    is_full = false;
    assert_int_equal(run.status, PF_IO);
    assert_int_equal(slot.aborted, 1);
    assert_int_equal(slot.committed, 0);
    end_toy(&run);
}

static void more_than_the_temporary_space_names_the_ways_out(void **state) {
    write_text("a.toy", widened);
    struct toy_run run = CONVERT("input=a.toy", "temp-limit=10");
    assert_int_equal(run.status, PF_LIMIT);
    assert_non_null(strstr(run.err.message, "--temp-limit"));
    assert_non_null(strstr(run.err.message, "--stage never"));
    assert_int_equal(slot.opened, 0);
    end_toy(&run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_output_is_copied_in_one_pass_when_it_is_proved),
        TEST(never_writes_directly),
        TEST(an_input_that_fails_is_never_seen),
        TEST(a_copy_that_fails_is_taken_back),
        TEST(more_than_the_temporary_space_names_the_ways_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
