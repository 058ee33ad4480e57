/* test_registry.c — what a descriptor must have, and who is found by what.       SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "registry/registry.h"

static int32_t probe(const struct pf_probe *request) { return 0; }
static pf_status open_it(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    return 0;
}
static pf_status survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) { return 0; }
static pf_status read_it(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                         struct pf_error *err) {
    return 0;
}
static void close_it(pf_reader_state *state) {}
static pf_status begin(const struct pf_begin *request, pf_writer_state **out, struct pf_error *err) {
    return 0;
}
static pf_status write_it(pf_writer_state *state, struct ArrowArray *batch, struct pf_error *err) { return 0; }
static pf_status finish(pf_writer_state *state, struct pf_written *out, struct pf_error *err) { return 0; }
static void end(pf_writer_state *state) {}
static pf_status open_source(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err) {
    return 0;
}
static pf_status open_sink(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    return 0;
}
static int32_t fit(struct pf_host *host, pf_job *job) { return 0; }
static pf_status run(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err) { return 0; }
static int32_t command(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                       char **argv) {
    return 0;
}

/* One good descriptor of everything; each test breaks a copy of it. */
struct parts {
    const char *suffixes[3];
    const char *magics[2];
    const char *prefixes[3];
    struct pf_option option;
    const struct pf_option *options[2];
    struct pf_reader reader;
    const struct pf_reader *readers[2];
    struct pf_writer writer;
    const struct pf_writer *writers[2];
    struct pf_store store;
    const struct pf_store *stores[2];
    struct pf_engine engine;
    const struct pf_engine *engines[2];
    struct pf_command command;
    const struct pf_command *commands[2];
    struct pf_hooks hooks;
    struct pf_extension extension;
};
static struct parts parts;
static pf_registry *registry;
static struct pf_error err;

static void make_parts(void) {
    parts = (struct parts){
        .suffixes = {".a", ".b"},
        .magics = {"0:50415231"},
        .prefixes = {"vol:/", "vol:/deep/"},
        .option = {.struct_size = sizeof(struct pf_option),
                   .kind = PF_OPTION_CHOICE,
                   .key = "level",
                   .choices = "a|b",
                   .help = "A level."},
        .reader = {sizeof(struct pf_reader), PF_RANK_PRIMARY, "fmt", "", parts.suffixes, parts.magics,
                   parts.options, 0, 0, probe, open_it, survey, read_it, NULL, close_it},
        .writer = {sizeof(struct pf_writer), PF_RANK_PRIMARY, "fmt", "", parts.suffixes, parts.options, 0, 0,
                   begin, write_it, NULL, finish, end, end},
        .store = {.struct_size = sizeof(struct pf_store),
                  .name = "vol",
                  .prefixes = parts.prefixes,
                  .open_source = open_source,
                  .open_sink = open_sink},
        .engine = {sizeof(struct pf_engine), 0, "eng", "", fit, run},
        .command = {.struct_size = sizeof(struct pf_command), .name = "do", .summary = "", .run = command},
        .hooks = {.struct_size = sizeof(struct pf_hooks)},
        .extension = {.struct_size = sizeof(struct pf_extension),
                      .name = "ext",
                      .version = "1",
                      .summary = "",
                      .license = "MIT",
                      .stores = parts.stores,
                      .readers = parts.readers,
                      .writers = parts.writers,
                      .engines = parts.engines,
                      .commands = parts.commands,
                      .hooks = &parts.hooks},
    };
    parts.options[0] = &parts.option, parts.readers[0] = &parts.reader, parts.writers[0] = &parts.writer;
    parts.stores[0] = &parts.store, parts.engines[0] = &parts.engine, parts.commands[0] = &parts.command;
}
static int open_registry(void **state) {
    make_parts();
    pf_error_clear(&err);
    return pf_registry_open(&registry, NULL, NULL);
}
static int close_registry(void **state) {
    pf_registry_close(&registry);
    pf_registry_close(&registry); /* again is fine */
    return 0;
}

static void a_whole_descriptor_is_taken_and_found(void **state) {
    const struct pf_extension *from = NULL;
    assert_int_equal(pf_registry_add(registry, &parts.extension, &err), PF_OK);
    assert_ptr_equal(pf_registry_at(registry, 0), &parts.extension);
    assert_null(pf_registry_at(registry, 1));
    assert_ptr_equal(pf_registry_reader(registry, "fmt"), &parts.reader);
    assert_null(pf_registry_reader(registry, "FMT"));
    assert_ptr_equal(pf_registry_writer(registry, "fmt"), &parts.writer);
    assert_ptr_equal(pf_registry_reader_at(registry, 0, &from), &parts.reader);
    assert_ptr_equal(from, &parts.extension);
    assert_null(pf_registry_writer_at(registry, 1, NULL));
    assert_ptr_equal(pf_registry_reader_for(registry, ".A"), &parts.reader);
    assert_ptr_equal(pf_registry_writer_for(registry, ".b"), &parts.writer);
    assert_null(pf_registry_writer_for(registry, ".c"));
    assert_null(pf_registry_writer_for(registry, ""));
    assert_ptr_equal(pf_registry_engine_at(registry, 0), &parts.engine);
    assert_ptr_equal(pf_registry_store_for(registry, "vol:/x"), &parts.store);
    assert_null(pf_registry_store_for(registry, "/x"));
    assert_int_equal(pf_registry_add(registry, &parts.extension, &err), PF_EXISTS);
}

static void the_longest_prefix_wins_and_no_prefix_takes_the_rest(void **state) {
    static const char *const deep_prefixes[] = {"vol:/deep/", NULL};
    struct pf_store deep = parts.store, local = parts.store;
    const struct pf_store *both[] = {&deep, &local, NULL};
    parts.prefixes[1] = NULL;
    deep.name = "deep", deep.prefixes = deep_prefixes;
    local.name = "local", local.prefixes = NULL;
    struct pf_extension second = {.struct_size = sizeof second,
                                  .name = "second",
                                  .version = "1",
                                  .summary = "",
                                  .license = "MIT",
                                  .stores = both};
    assert_int_equal(pf_registry_add(registry, &parts.extension, &err), PF_OK);
    assert_int_equal(pf_registry_add(registry, &second, &err), PF_OK);
    assert_ptr_equal(pf_registry_store_for(registry, "vol:/deep/a"), &deep);
    assert_ptr_equal(pf_registry_store_for(registry, "vol:/a"), &parts.store);
    assert_ptr_equal(pf_registry_store_for(registry, "/a"), &local);
}

#define BREAK(change, word)                                                                                    \
    do {                                                                                                       \
        make_parts();                                                                                          \
        change;                                                                                                \
        pf_error_clear(&err);                                                                                  \
        assert_int_equal(pf_registry_add(registry, &parts.extension, &err), PF_EXTENSION);                     \
        if (!strstr(err.message, word))                                                                        \
            fail_msg("%s: %s", word, err.message);                                                             \
    } while (0)

static void a_broken_field_is_named(void **state) {
    BREAK(parts.extension.struct_size = 8, "struct_size");
    BREAK(parts.extension.name = NULL, "name");
    BREAK(parts.extension.name = "Has Blank", "name");
    BREAK(parts.extension.abi_minor = PF_ABI_MINOR + 1, "newer pyforge");
    BREAK(parts.extension.version = "", "version");
    BREAK(parts.extension.summary = NULL, "summary");
    BREAK(parts.extension.license = NULL, "license");
    BREAK(parts.hooks.struct_size = 0, "hooks");
    BREAK(parts.reader.struct_size = 8, "struct_size");
    BREAK(parts.reader.name = "", "name");
    BREAK(parts.reader.summary = NULL, "summary");
    BREAK(parts.suffixes[1] = "b", "suffixes");
    BREAK(parts.magics[0] = "5041", "magics");
    BREAK(parts.magics[0] = "0:504", "magics");
    BREAK(parts.magics[0] = "0:zz", "magics");
    BREAK(parts.reader.probe = NULL, "probe");
    BREAK(parts.reader.open = NULL, "open");
    BREAK(parts.reader.survey = NULL, "survey");
    BREAK(parts.reader.read = NULL, "read");
    BREAK(parts.reader.close = NULL, "close");
    BREAK(parts.option.struct_size = 4, "options.struct_size");
    BREAK(parts.option.key = "a b", "options.key");
    BREAK(parts.option.kind = 99, "options.kind");
    BREAK(parts.option.choices = NULL, "options.choices");
    BREAK(parts.option.help = NULL, "options.help");
    BREAK(parts.writer.struct_size = 8, "struct_size");
    BREAK(parts.writer.name = NULL, "name");
    BREAK(parts.writer.summary = NULL, "summary");
    BREAK(parts.writer.suffixes = NULL, "suffixes");
    BREAK(parts.writer.begin = NULL, "begin");
    BREAK(parts.writer.write = NULL, "write");
    BREAK(parts.writer.finish = NULL, "finish");
    BREAK(parts.writer.abort = NULL, "abort");
    BREAK(parts.writer.close = NULL, "close");
    BREAK(parts.store.struct_size = 8, "struct_size");
    BREAK(parts.store.name = NULL, "name");
    BREAK(parts.prefixes[0] = "", "prefixes");
    BREAK(parts.store.open_source = NULL, "open_source");
    BREAK(parts.store.open_sink = NULL, "open_sink");
    BREAK(parts.engine.struct_size = 8, "struct_size");
    BREAK(parts.engine.name = NULL, "name");
    BREAK(parts.engine.fit = NULL, "fit");
    BREAK(parts.engine.run = NULL, "run");
    BREAK(parts.command.struct_size = 8, "struct_size");
    BREAK(parts.command.name = NULL, "name");
    BREAK(parts.command.summary = NULL, "summary");
    BREAK(parts.command.run = NULL, "run");
    assert_int_equal(pf_registry_add(registry, NULL, &err), PF_ARGUMENT);
    assert_null(pf_registry_at(registry, 0));
}

static void names_that_two_bring_are_refused(void **state) {
    assert_int_equal(pf_registry_add(registry, &parts.extension, &err), PF_OK);
    struct pf_extension other = parts.extension;
    other.name = "other";
    assert_int_equal(pf_registry_add(registry, &other, &err), PF_EXISTS);
    assert_non_null(strstr(err.message, "reader 'fmt'"));
    other.readers = NULL;
    assert_int_equal(pf_registry_add(registry, &other, &err), PF_EXISTS);
    assert_non_null(strstr(err.message, "writer 'fmt'"));
}

/* ---- older ones ---- */

static pf_status remove_it(struct pf_host *host, const char *location, struct pf_error *error) { return 0; }

/* Option and store as they were before their last fields; what stands there is not theirs. */
static void make_older(void) {
    make_parts();
    parts.option.struct_size = offsetof(struct pf_option, compat);
    parts.option.compat = "never looked at";
    parts.store.struct_size = offsetof(struct pf_store, remove);
    parts.store.remove = remove_it;
}

static void older_tables_are_taken_with_zeros_behind(void **state) {
    make_older();
    assert_int_equal(pf_registry_add(registry, &parts.extension, &err), PF_OK);
    const struct pf_extension *taken = pf_registry_at(registry, 0);
    assert_ptr_not_equal(taken, &parts.extension);
    const struct pf_option *option = taken->readers[0]->options[0];
    assert_true(strcmp(option->key, "level") == 0 && !option->compat && option->struct_size == sizeof *option);
    assert_null(taken->readers[0]->options[1]);
    const struct pf_store *store = pf_registry_store_for(registry, "vol:/x");
    assert_true(store->open_sink == open_sink && !store->remove && store->struct_size == sizeof *store);
    assert_ptr_equal(taken->commands, parts.commands); /* nothing is older there */
}

static void an_older_one_that_finds_no_memory_is_not_there(void **state) {
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK && nth < 50; nth++) {
        make_older();
        pf_mem_fail_once(nth);
        status = pf_registry_add(registry, &parts.extension, &err);
        pf_mem_fail_once(0);
        assert_true(status == PF_OK || (status == PF_NO_MEMORY && !pf_registry_at(registry, 0)));
    }
    assert_int_equal(status, PF_OK);
}

/* ---- starting and stopping ---- */

static char order[16];
static pf_status start(struct pf_host *host, void **self, struct pf_error *error) {
    *self = order;
    return PF_OK;
}
static pf_status start_not(struct pf_host *host, void **self, struct pf_error *error) {
    return pf_fail(error, PF_UNAVAILABLE, "not here");
}
static void stop_first(void *self) { strcat(self, "1"); }
static void stop_second(void *self) { strcat(self, "2"); }

static void extensions_are_stopped_in_reverse_and_a_failed_start_vanishes(void **state) {
    struct pf_extension first = {.struct_size = sizeof first,
                                 .name = "first",
                                 .version = "1",
                                 .summary = "",
                                 .license = "MIT",
                                 .init = start,
                                 .shutdown = stop_first};
    struct pf_extension second = first, third = first;
    second.name = "second", second.shutdown = stop_second;
    third.name = "third", third.init = start_not;
    order[0] = 0;
    assert_int_equal(pf_registry_start(registry, &err), PF_OK); /* nothing to start */
    assert_int_equal(pf_registry_add(registry, &first, &err), PF_OK);
    assert_int_equal(pf_registry_start(registry, &err), PF_OK);
    assert_int_equal(pf_registry_start(registry, &err), PF_OK); /* once only */
    assert_ptr_equal(pf_registry_self(registry, &first), order);
    assert_null(pf_registry_self(registry, &second));
    assert_int_equal(pf_registry_add(registry, &second, &err), PF_OK);
    assert_int_equal(pf_registry_start(registry, &err), PF_OK);
    assert_int_equal(pf_registry_add(registry, &third, &err), PF_OK);
    assert_int_equal(pf_registry_start(registry, &err), PF_UNAVAILABLE);
    assert_null(pf_registry_at(registry, 2));
    pf_registry_close(&registry);
    assert_string_equal(order, "21");
}

static void failing_allocations_are_told(void **state) {
    pf_registry *other;
    pf_mem_fail_from(1);
    assert_int_equal(pf_registry_open(&other, NULL, &err), PF_NO_MEMORY);
    assert_int_equal(pf_registry_add(registry, &parts.extension, &err), PF_NO_MEMORY);
    pf_mem_fail_from(0);
    assert_int_equal(pf_registry_add(registry, &parts.extension, &err), PF_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_registry, close_registry)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_whole_descriptor_is_taken_and_found),
        TEST(the_longest_prefix_wins_and_no_prefix_takes_the_rest),
        TEST(a_broken_field_is_named),
        TEST(names_that_two_bring_are_refused),
        TEST(older_tables_are_taken_with_zeros_behind),
        TEST(an_older_one_that_finds_no_memory_is_not_there),
        TEST(extensions_are_stopped_in_reverse_and_a_failed_start_vanishes),
        TEST(failing_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
