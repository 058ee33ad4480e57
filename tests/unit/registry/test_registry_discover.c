/* test_registry_discover.c — libraries on disk, in this process: found, tried, opened when needed, switched off.
 * SPDX-License-Identifier: MIT
 *
 * Usage: test_registry_discover FOLDER, where face_one.so … of tests/extensions/face.c lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "registry/registry.h"

static const char *faces;
static char root[64];
static char heard[65536];
static pf_registry *registry;
static struct pf_error err;

static void listen(void *ctx, int32_t level, const char *text) {
    size_t used = strlen(heard);
    snprintf(heard + used, sizeof heard - used, "%s\n", text);
}
static const struct pf_log plain = {.call = listen, .level = PF_LOG_DEBUG};

static void run_line(const char *line) {
    if (system(line) != 0)
        fail_msg("%s", line);
}

static void install(const char *face, const char *as) {
    char line[600];
    snprintf(line, sizeof line, "cp '%s/face_%s.so' '%s/extensions/%s'", faces, face, root, as);
    run_line(line);
}

static int begin(void **state) {
    static const char *const homes[][2] = {
        {"XDG_CACHE_HOME", "cache"}, {"XDG_CONFIG_HOME", "config"}, {"XDG_DATA_HOME", "data"}};
    char path[160];
    strcpy(root, "/tmp/pyforge-discover-XXXXXX");
    if (!mkdtemp(root))
        return 1;
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", root, homes[i][1]);
        setenv(homes[i][0], path, 1);
    }
    snprintf(path, sizeof path, "%s/extensions", root);
    heard[0] = 0;
    pf_error_clear(&err);
    for (const char *const *name =
             (const char *const[]){"VIRTUAL_ENV", "FACE_PLACE", "FACE_LOG", "PYFORGE_NO_EXTENSIONS",
                                   "PYFORGE_EXTENSION_PATH", "PYFORGE_EXTENSION_TIMEOUT", NULL};
         *name; name++)
        unsetenv(*name);
    return mkdir(path, 0755) == 0 ? (int)pf_registry_open(&registry, &plain, NULL) : 1;
}
static int end(void **state) {
    char line[160];
    pf_mem_fail_once(0);
    pf_registry_close(&registry);
    snprintf(line, sizeof line, "rm -rf '%s'", root);
    return system(line);
}
static void reopen(void) {
    pf_registry_close(&registry);
    heard[0] = 0;
    assert_int_equal(pf_registry_open(&registry, &plain, NULL), PF_OK);
}

static pf_status discover(void) {
    char path[160];
    snprintf(path, sizeof path, "%s/extensions", root);
    const struct pf_allow allow = {.struct_size = sizeof allow, .path = path, .limit_ms = 200};
    return pf_registry_discover(registry, &allow, &err);
}

/* "name state[ stage]; …" of all. */
static const char *tell(void) {
    static char text[2048];
    struct pf_extension_facts facts;
    text[0] = 0;
    for (size_t i = 0; facts.struct_size = sizeof facts, pf_registry_facts(registry, i, &facts) == PF_OK; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %s%s%s%s", used ? "; " : "", facts.name,
                 facts.shadowed ? "shadowed " : "", facts.state_name, facts.stage && *facts.stage ? " " : "",
                 facts.stage ? facts.stage : "");
    }
    return text;
}

/* ---- found, tried, opened ---- */

static void a_library_is_tried_once_and_opened_when_something_of_it_is_wanted(void **state) {
    install("one", "one.so");
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "one discovered");
    assert_non_null(strstr(heard, "extension 'one': tried: ok"));
    reopen();
    assert_int_equal(discover(), PF_OK);
    assert_null(strstr(heard, "tried"));
    assert_non_null(strstr(heard, "one.so (known)"));
    assert_null(pf_registry_reader(registry, "other-reader"));
    assert_null(pf_registry_writer(registry, "one-reader"));
    assert_null(pf_registry_reader_for(registry, ".moon"));
    assert_string_equal(tell(), "one discovered");
    assert_string_equal(pf_registry_reader(registry, "one-reader")->name, "one-reader");
    assert_string_equal(tell(), "one initialized");
    assert_non_null(pf_registry_self(registry, pf_registry_at(registry, 0)));
}

static void it_is_opened_for_its_suffix_its_first_bytes_or_its_name(void **state) {
    install("one", "one.so");
    for (int way = 0; way < 6; way++) {
        reopen();
        assert_int_equal(discover(), PF_OK);
        if (way == 0)
            pf_registry_wake_for(registry, "xxxx", 4, ".FACE");
        else if (way == 1)
            pf_registry_wake_for(registry, "xMoOn", 5, ".txt"); /* 1:4d6f4f6e */
        else if (way == 2)
            assert_non_null(pf_registry_reader_for(registry, ".face"));
        else if (way == 3)
            pf_registry_wake(registry, "one");
        else if (way == 4)
            pf_registry_wake(registry, NULL);
        else
            pf_registry_wake_for(registry, "xMoO", 4, ".txt"); /* cut: not it */
        assert_string_equal(tell(), way < 5 ? "one initialized" : "one discovered");
    }
    reopen();
    assert_int_equal(discover(), PF_OK);
    pf_registry_wake_active(registry);
    pf_registry_wake(registry, "two");
    assert_null(pf_registry_store_for(registry, "/x"));
    assert_string_equal(tell(), "one discovered"); /* it has no hooks, no store */
}

#define LOOKERS 8
static pthread_barrier_t at_once;
static void *look_up(void *found) {
    pthread_barrier_wait(&at_once);
    pf_registry_wake_for(registry, "xMoOn", 5, ".txt");
    pf_registry_wake_active(registry);
    *(const struct pf_reader **)found = pf_registry_reader_for(registry, ".face");
    if (pf_registry_reader(registry, "one-reader") != *(const struct pf_reader **)found ||
        !pf_registry_reader(registry, "three-reader") || pf_registry_store_for(registry, "moon:/x"))
        *(const struct pf_reader **)found = NULL;
    return NULL;
}

static void threads_that_look_up_at_once_open_each_library_once(void **state) {
    char log[160], line[64];
    int lines = 0;
    snprintf(log, sizeof log, "%s/log", root);
    install("one", "one.so");
    install("three", "three.so");
    assert_int_equal(discover(), PF_OK);
    reopen();
    setenv("FACE_LOG", log, 1);
    assert_int_equal(discover(), PF_OK);
    pthread_t threads[LOOKERS];
    const struct pf_reader *found[LOOKERS] = {NULL};
    assert_int_equal(pthread_barrier_init(&at_once, NULL, LOOKERS), 0);
    for (size_t i = 0; i < LOOKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look_up, &found[i]), 0);
    for (size_t i = 0; i < LOOKERS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&at_once);
    for (size_t i = 0; i < LOOKERS; i++)
        assert_true(found[i] && found[i] == found[0]);
    FILE *file = fopen(log, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        lines += strcmp(line, "one init\n") == 0 || strcmp(line, "three init\n") == 0;
    fclose(file);
    assert_int_equal(lines, 2);
}

static void looking_again_finds_each_library_once(void **state) {
    install("one", "one.so");
    assert_int_equal(discover(), PF_OK);
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "one discovered");
    pf_registry_wake(registry, NULL);
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "one initialized");
}

/* ---- names that clash ---- */

static void of_one_name_the_first_counts_and_of_one_reader_too(void **state) {
    install("one", "a.so");
    install("one", "b.so");
    install("two", "c.so"); /* its reader is called one-reader as well */
    assert_int_equal(discover(), PF_OK);
    const char *told = tell();
    assert_true(strstr(told, "one shadowed discovered") && strstr(told, "two failed check"));
    pf_registry_wake(registry, NULL);
    assert_string_equal(pf_registry_reader(registry, "one-reader")->name, "one-reader");
    assert_null(pf_registry_reader_at(registry, 1, NULL));
}

static int32_t probe(const struct pf_probe *request) { return 0; }
static pf_status open_it(const struct pf_open *request, pf_reader_state **out, struct pf_error *error) {
    return 0;
}
static pf_status survey(pf_reader_state *it, struct pf_survey *request, struct pf_error *error) { return 0; }
static pf_status read_it(pf_reader_state *it, const struct pf_read *request, struct ArrowArrayStream *out,
                         struct pf_error *error) {
    return 0;
}
static void close_it(pf_reader_state *it) {}

static void a_reader_that_was_added_meanwhile_keeps_its_name(void **state) {
    static const char *const suffixes[] = {".x", NULL};
    static const struct pf_reader reader = {.struct_size = sizeof reader,
                                            .name = "one-reader",
                                            .summary = "",
                                            .suffixes = suffixes,
                                            .probe = probe,
                                            .open = open_it,
                                            .survey = survey,
                                            .read = read_it,
                                            .close = close_it};
    static const struct pf_reader *const readers[] = {&reader, NULL};
    static const struct pf_extension own = {.struct_size = sizeof own,
                                            .name = "own",
                                            .version = "1",
                                            .summary = "",
                                            .license = "MIT",
                                            .readers = readers};
    install("one", "one.so");
    assert_int_equal(discover(), PF_OK);
    assert_int_equal(pf_registry_add(registry, &own, &err), PF_OK);
    pf_registry_wake(registry, "one");
    assert_string_equal(tell(), "one failed check; own loaded");
    assert_ptr_equal(pf_registry_reader(registry, "one-reader"), &reader);
}

/* ---- unavailable, failing, hanging ---- */

static void unavailable_holds_while_its_variable_does(void **state) {
    install("here", "here.so");
    for (int i = 0; i < 2; i++) {
        reopen();
        assert_int_equal(discover(), PF_OK);
        assert_string_equal(tell(), "here disabled init");
    }
    assert_null(strstr(heard, "tried"));
    setenv("FACE_PLACE", "1", 1);
    reopen();
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "here discovered");
}

static void a_command_is_there_all_the_same_unless_the_user_said_no(void **state) {
    void *self = &self;
    struct pf_host *host = NULL;
    install("here", "here.so");
    assert_int_equal(discover(), PF_OK);
    const struct pf_command *command = pf_registry_command(registry, "here", 0, &self, &host);
    assert_non_null(command);
    assert_string_equal(command->name, "say");
    assert_true(self == NULL && host != NULL);
    assert_null(pf_registry_command(registry, "here", 1, &self, &host));
    assert_null(pf_registry_command(registry, "there", 0, &self, &host));
    assert_int_equal(pf_registry_enable(registry, "here", false, &err), PF_OK);
    assert_null(pf_registry_command(registry, "here", 0, &self, &host));
}

static pf_status note_failure(void *ctx, const char *name, const char *stage, const char *text) {
    snprintf(ctx, 200, "%s %s %s", name, stage, text);
    return PF_OK;
}

static void one_that_hangs_is_left_after_the_limit_and_told_once(void **state) {
    char told[200] = "";
    install("slow", "slow.so");
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "slow failed init");
    pf_registry_tell(registry, note_failure, told);
    assert_non_null(strstr(told, "slow init init took more than 200 ms"));
    told[0] = 0;
    pf_registry_tell(registry, note_failure, told);
    assert_string_equal(told, "");
    reopen();
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "slow failed init"); /* remembered */
    pf_registry_tell(registry, note_failure, told);
    assert_string_equal(told, "");
}

static void what_is_no_library_fails_at_open(void **state) {
    char line[200];
    snprintf(line, sizeof line, "echo nothing > '%s/extensions/it.so'", root);
    run_line(line);
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "it failed open");
}

static void a_program_that_tries_nothing_is_named_and_nothing_is_opened(void **state) {
    char path[160];
    install("one", "one.so");
    snprintf(path, sizeof path, "%s/extensions", root);
    const char *const words[] = {"/bin/false", "-m", NULL};
    struct pf_allow allow = {.struct_size = sizeof allow, .path = path, .program = "/bin/true"};
    for (int i = 0; i < 2; i++, allow.starter = words) {
        reopen();
        assert_int_equal(pf_registry_discover(registry, &allow, &err), PF_IO);
        assert_non_null(strstr(err.message, i ? "'/bin/false' does not try" : "true' does not try"));
        assert_string_equal(tell(), "one failed open");
    }
    reopen(); /* and nothing of it is remembered */
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "one discovered");
}

static void the_limit_comes_from_the_caller_then_the_variable(void **state) {
    struct pf_allow allow = {.struct_size = sizeof allow};
    static const struct {
        const char *variable;
        int32_t given, limit_ms;
    } rows[] = {{NULL, 0, 5000}, {"2.5", 0, 2500}, {"2.5", 70, 70},    {"moon", 0, 5000},
                {"-1", 0, 5000}, {"0", 0, 5000},   {"1e9", 0, 3600000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        reopen();
        if (rows[i].variable)
            setenv("PYFORGE_EXTENSION_TIMEOUT", rows[i].variable, 1);
        allow.limit_ms = rows[i].given;
        assert_int_equal(pf_registry_discover(registry, &allow, &err), PF_OK);
        assert_int_equal(pf_registry_limit_ms(registry), rows[i].limit_ms);
    }
}

static void a_variable_switches_everything_off(void **state) {
    install("one", "one.so");
    setenv("PYFORGE_NO_EXTENSIONS", "1", 1);
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "");
    setenv("PYFORGE_NO_EXTENSIONS", "0", 1);
    assert_int_equal(discover(), PF_OK);
    assert_string_equal(tell(), "one discovered");
}

/* ---- enabled and disabled ---- */

static void write_choices(const char *text) {
    char line[400];
    snprintf(line, sizeof line,
             "mkdir -p '%s/config/pyforge' && printf '%s' > '%s/config/pyforge/extensions.conf'", root, text,
             root);
    run_line(line);
}
static const char *read_choices(void) {
    static char text[200];
    char path[160];
    snprintf(path, sizeof path, "%s/config/pyforge/extensions.conf", root);
    FILE *file = fopen(path, "r");
    text[0] = 0;
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
    }
    return text;
}

static void a_choice_is_kept_beside_the_others(void **state) {
    install("one", "one.so");
    install("here", "here.so");
    write_choices("# mine\ndisabled  moon\n disabled here"); /* no line end */
    assert_int_equal(discover(), PF_OK);
    assert_non_null(strstr(tell(), "here disabled"));
    assert_int_equal(pf_registry_enable(registry, "one", false, &err), PF_OK);
    assert_string_equal(read_choices(), "# mine\ndisabled  moon\n disabled here\ndisabled one\n");
    assert_int_equal(pf_registry_enable(registry, "one", false, &err), PF_OK); /* again is nothing */
    assert_int_equal(pf_registry_enable(registry, "here", true, &err), PF_OK);
    assert_int_equal(pf_registry_enable(registry, "moon", true, &err), PF_OK); /* not there, but in the list */
    assert_string_equal(read_choices(), "# mine\ndisabled one\n");
    assert_int_equal(pf_registry_enable(registry, "moon", true, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, "there are: "));
    reopen();
    assert_int_equal(discover(), PF_OK);
    assert_non_null(strstr(tell(), "one disabled"));
}

static void a_started_one_is_stopped_and_started_again(void **state) {
    install("one", "one.so");
    assert_int_equal(discover(), PF_OK);
    const struct pf_reader *reader = pf_registry_reader(registry, "one-reader");
    assert_int_equal(pf_registry_enable(registry, "one", false, &err), PF_OK);
    assert_string_equal(tell(), "one disabled");
    assert_null(pf_registry_reader(registry, "one-reader"));
    assert_null(pf_registry_at(registry, 0));
    assert_int_equal(pf_registry_enable(registry, "one", true, &err), PF_OK);
    assert_ptr_equal(pf_registry_reader(registry, "one-reader"), reader);
    assert_string_equal(tell(), "one initialized");
}

static void without_a_home_no_choice_can_be_kept(void **state) {
    char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
    install("one", "one.so");
    assert_int_equal(discover(), PF_OK);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("HOME");
    assert_int_equal(pf_registry_enable(registry, "one", false, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, "set HOME"));
    assert_string_equal(tell(), "one discovered");
    if (home)
        setenv("HOME", home, 1);
    free(home);
}

static void where_nothing_can_be_written_the_choice_is_refused(void **state) {
    char line[160];
    install("one", "one.so");
    assert_int_equal(discover(), PF_OK);
    snprintf(line, sizeof line, "touch '%s/config'", root);
    run_line(line);
    assert_int_equal(pf_registry_enable(registry, "one", false, &err), PF_IO);
    assert_non_null(strstr(err.message, "make its folder writable"));
    assert_string_equal(tell(), "one discovered");
}

static void rescanning_tries_all_that_are_not_open_and_not_switched_off(void **state) {
    install("here", "here.so");
    install("slow", "slow.so");
    write_choices("disabled slow\n");
    assert_int_equal(discover(), PF_OK);
    setenv("FACE_PLACE", "1", 1);
    assert_int_equal(pf_registry_rescan(registry, NULL, &err), PF_OK);
    const char *told = tell();
    assert_true(strstr(told, "here discovered") && strstr(told, "slow disabled"));
    assert_int_equal(pf_registry_rescan(registry, "moon", &err), PF_NOT_FOUND);
    pf_registry_wake(registry, "here");
    assert_int_equal(pf_registry_rescan(registry, NULL, &err), PF_OK);
    assert_non_null(strstr(tell(), "here initialized"));
}

/* ---- entries of Python packages ---- */

static const struct pf_hooks no_hooks = {.struct_size = sizeof no_hooks};
static const struct pf_extension moon = {.struct_size = sizeof moon,
                                         .name = "moon",
                                         .version = "3",
                                         .summary = "",
                                         .license = "MIT",
                                         .hooks = &no_hooks};
static int expected_count;
static void expect(void *ctx) { expected_count++; }
static pf_status open_entry(void *ctx, const char *name, const char *entry, const struct pf_extension **out,
                            struct pf_error *error) {
    assert_string_equal(name, "moon");
    assert_string_equal(entry, "lunar.parts:Moon");
    *out = ctx;
    return ctx ? PF_OK : pf_fail(error, PF_UNAVAILABLE, "lunar is not installed; install it");
}

static pf_status discover_entries(pf_status (*open)(void *, const char *, const char *,
                                                    const struct pf_extension **, struct pf_error *),
                                  void *ctx) {
    char site[160], line[500];
    snprintf(site, sizeof site, "%s/site", root);
    snprintf(line, sizeof line,
             "mkdir -p '%s/lunar-1.dist-info' && "
             "printf '[pyforge.extensions]\\nmoon = lunar.parts:Moon\\n[pyforge_cli.extensions]\\nmoon = "
             "lunar.parts:Moon\\n' > "
             "'%s/lunar-1.dist-info/entry_points.txt'",
             site, site);
    run_line(line);
    const struct pf_allow allow = {
        .struct_size = sizeof allow, .packages = site, .open = open, .ctx = ctx, .expect = expect};
    return pf_registry_discover(registry, &allow, &err);
}

static void an_entry_is_opened_by_the_door_that_allowed_it(void **state) {
    struct pf_extension known = moon, broken = moon;
    broken.version = NULL;
    expected_count = 0;
    assert_int_equal(discover_entries(open_entry, &known), PF_OK);
    assert_string_equal(tell(), "moon discovered");
    assert_int_equal(expected_count, 1);
    pf_registry_wake_active(registry);
    assert_string_equal(tell(), "moon initialized");
    reopen();
    assert_int_equal(discover_entries(open_entry, &broken), PF_OK);
    pf_registry_wake(registry, "moon");
    assert_string_equal(tell(), "moon failed check");
    reopen();
    assert_int_equal(discover_entries(open_entry, NULL), PF_OK);
    pf_registry_wake(registry, "moon");
    assert_null(pf_registry_at(registry, 0));
    assert_non_null(strstr(heard, "lunar is not installed; install it"));
    assert_int_equal(pf_registry_rescan(registry, "moon", &err), PF_OK);
}

static void an_entry_that_nobody_opens_says_what_it_needs(void **state) {
    struct pf_extension_facts facts = {.struct_size = sizeof facts};
    assert_int_equal(discover_entries(NULL, NULL), PF_OK);
    assert_string_equal(tell(), "moon disabled open");
    assert_int_equal(pf_registry_facts(registry, 0, &facts), PF_OK);
    assert_non_null(strstr(facts.text, "python -m pyforge_cli"));
    assert_int_equal(pf_registry_rescan(registry, "moon", &err), PF_OK);
    assert_string_equal(tell(), "moon disabled open");
    assert_int_equal(pf_registry_enable(registry, "moon", false, &err), PF_OK);
    assert_int_equal(pf_registry_enable(registry, "moon", true, &err), PF_OK);
    assert_string_equal(tell(), "moon disabled open");
}

/* ---- bounds ---- */

static void more_than_256_are_left_out_and_told_of_once(void **state) {
    char line[300];
    snprintf(line, sizeof line, "cd '%s/extensions' && for i in $(seq 300); do : > x$i.so; done", root);
    run_line(line);
    assert_int_equal(discover(), PF_OK);
    const char *told = strstr(heard, "more than 256 were found");
    assert_non_null(told);
    assert_null(strstr(told + 1, "more than 256 were found"));
    const struct pf_extension own = {
        .struct_size = sizeof own, .name = "own", .version = "1", .summary = "", .license = "MIT"};
    assert_int_equal(pf_registry_add(registry, &own, &err), PF_LIMIT);
}

static void memory_that_runs_out_anywhere_harms_nothing(void **state) {
    install("one", "one.so");
    install("here", "here.so");
    write_choices("disabled moon\n");
    assert_int_equal(discover(), PF_OK);
    int64_t good = 0;
    for (int64_t nth = 1; good < 3 && nth < 400; nth++) {
        pf_registry *broken = NULL;
        pf_registry_close(&registry);
        pf_mem_fail_once(nth);
        pf_status status = pf_registry_open(&broken, &plain, &err);
        registry = broken;
        if (status == PF_OK)
            status = discover();
        if (status == PF_OK)
            pf_registry_wake(registry, NULL);
        pf_mem_fail_once(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        good = status == PF_OK && strstr(tell(), "one initialized") ? good + 1 : 0;
        heard[0] = 0;
    }
    assert_int_equal(good, 3);
}

int main(int argc, char **argv) {
    if (argc < 2)
        return fprintf(stderr, "test_registry_discover FOLDER\n"), 2;
    faces = argv[1];
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_library_is_tried_once_and_opened_when_something_of_it_is_wanted),
        TEST(it_is_opened_for_its_suffix_its_first_bytes_or_its_name),
        TEST(threads_that_look_up_at_once_open_each_library_once),
        TEST(looking_again_finds_each_library_once),
        TEST(of_one_name_the_first_counts_and_of_one_reader_too),
        TEST(a_reader_that_was_added_meanwhile_keeps_its_name),
        TEST(unavailable_holds_while_its_variable_does),
        TEST(a_command_is_there_all_the_same_unless_the_user_said_no),
        TEST(one_that_hangs_is_left_after_the_limit_and_told_once),
        TEST(what_is_no_library_fails_at_open),
        TEST(a_program_that_tries_nothing_is_named_and_nothing_is_opened),
        TEST(the_limit_comes_from_the_caller_then_the_variable),
        TEST(a_variable_switches_everything_off),
        TEST(a_choice_is_kept_beside_the_others),
        TEST(a_started_one_is_stopped_and_started_again),
        TEST(without_a_home_no_choice_can_be_kept),
        TEST(where_nothing_can_be_written_the_choice_is_refused),
        TEST(rescanning_tries_all_that_are_not_open_and_not_switched_off),
        TEST(an_entry_is_opened_by_the_door_that_allowed_it),
        TEST(an_entry_that_nobody_opens_says_what_it_needs),
        TEST(more_than_256_are_left_out_and_told_of_once),
        TEST(memory_that_runs_out_anywhere_harms_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
