/* test_registry_cache.c — what was found out about libraries, as text and as a file.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "registry/registry_cache.h"

#if defined(__x86_64__)
#define MACHINE "x86_64-linux"
#elif defined(__aarch64__)
#define MACHINE "aarch64-linux"
#else
#define MACHINE "other"
#endif
#define HEAD "pyforge-extensions\t1\tabi 1\t" MACHINE "\n"

/* ---- a descriptor of everything ---- */

static pf_status parameter(struct pf_host *host, void *self, pf_job *job, struct pf_error *err) { return 0; }
static void post(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {}
static const char *const suffixes[] = {".a", ".b", NULL};
static const char *const magics[] = {"0:50415231", "4:ff", NULL};
static const char *const prefixes[] = {"vol:/", NULL};
static const char *const watch[] = {"PF_TEST_ONE", "PF_TEST_TWO", NULL};
static const struct pf_reader reader = {.name = "in", .rank = 5, .suffixes = suffixes, .magics = magics};
static const struct pf_reader *const readers[] = {&reader, NULL};
static const struct pf_writer writer = {.name = "out", .rank = -1, .suffixes = suffixes};
static const struct pf_writer *const writers[] = {&writer, NULL};
static const struct pf_store store = {.name = "vol", .prefixes = prefixes};
static const struct pf_store *const stores[] = {&store, NULL};
static const struct pf_engine engine = {.name = "eng", .rank = 7};
static const struct pf_engine *const engines[] = {&engine, NULL};
static const struct pf_command command = {.name = "do"};
static const struct pf_command *const commands[] = {&command, NULL};
static const struct pf_hooks hooks = {.rank = 3, .parameter = parameter, .post = post};
static const struct pf_extension whole = {.name = "it",
                                          .version = "1.2",
                                          .summary = "does\tthis\nand that",
                                          .watch_env = watch,
                                          .stores = stores,
                                          .readers = readers,
                                          .writers = writers,
                                          .engines = engines,
                                          .commands = commands,
                                          .hooks = &hooks};

/* A cache of one record, described and judged. */
static pf_status make_cache(struct pf_cache *cache, int32_t verdict, const char *stage, const char *text) {
    *cache = (struct pf_cache){0};
    struct pf_record *record = pf_cache_add(cache);
    if (!record || !(record->path = pf_mem_text("/x/it.so", 8)))
        return PF_NO_MEMORY;
    record->size_bytes = 12345;
    record->modified_ns = 1700000000123456789;
    PF_TRY(pf_record_describe(record, &whole, NULL));
    return pf_record_judge(record, verdict, stage, text, NULL);
}

static char *print(const struct pf_cache *cache) {
    struct pf_buf text = {0};
    assert_int_equal(pf_cache_print(cache, &text, NULL), PF_OK);
    char *taken = pf_buf_take(&text);
    pf_buf_clear(&text);
    assert_non_null(taken);
    return taken;
}

static void a_descriptor_is_written_as_lines_and_comes_back(void **state) {
    struct pf_cache cache, back;
    unsetenv("PF_TEST_ONE");
    unsetenv("PF_TEST_TWO");
    assert_int_equal(make_cache(&cache, PF_VERDICT_OK, "", ""), PF_OK);
    char expected[600], *text = print(&cache);
    snprintf(expected, sizeof expected,
             HEAD "ext\t/x/it.so\t12345\t1700000000123456789\t%lld\n"
                  "\tis\tit\t1.2\tdoes this and that\n"
                  "\tstate\tok\n"
                  "\twatch\tPF_TEST_ONE\tPF_TEST_TWO\n"
                  "\treader\tin\t5\t.a .b\t0:50415231 4:ff\n"
                  "\twriter\tout\t-1\t.a .b\n"
                  "\tstore\tvol\t0\tvol:/\n"
                  "\tengine\teng\t7\n"
                  "\tcommand\tdo\t0\n"
                  "\thooks\tit\t3\tparameter post\n",
             (long long)cache.records[0].watch_hash);
    assert_string_equal(text, expected);
    assert_true(pf_cache_parse(&back, text, strlen(text)));
    char *again = print(&back);
    assert_string_equal(again, text);
    assert_int_equal(back.records[0].watch_hash, pf_record_watch_hash(&back.records[0]));
    pf_mem_free(text);
    pf_mem_free(again);
    pf_cache_clear(&cache);
    pf_cache_clear(&back);
}

static void verdicts_keep_their_stage_and_text_on_one_line(void **state) {
    static const int32_t verdicts[] = {PF_VERDICT_UNAVAILABLE, PF_VERDICT_FAILED};
    for (size_t i = 0; i < 2; i++) {
        struct pf_cache cache, back;
        assert_int_equal(make_cache(&cache, verdicts[i], "init", "no\tmoon\n; wait"), PF_OK);
        char *text = print(&cache);
        assert_true(pf_cache_parse(&back, text, strlen(text)));
        assert_int_equal(back.records[0].verdict, verdicts[i]);
        assert_string_equal(back.records[0].stage, "init");
        assert_string_equal(back.records[0].text, "no moon ; wait");
        pf_mem_free(text);
        pf_cache_clear(&cache);
        pf_cache_clear(&back);
    }
}

static void folders_of_packages_are_kept(void **state) {
    struct pf_cache back;
    const char *text = HEAD "site\t/v/site-packages\t77\t\tone/native\ttwo=two:It\nsite\t/w\t78\t\n";
    assert_true(pf_cache_parse(&back, text, strlen(text)));
    assert_string_equal(back.packages[0].path, "/v/site-packages");
    assert_int_equal(back.packages[0].modified_ns, 77);
    assert_string_equal(back.packages[0].found, "\tone/native\ttwo=two:It");
    assert_string_equal(back.packages[1].path, "/w");
    assert_string_equal(back.packages[1].found, "");
    assert_null(back.packages[2].path);
    char *again = print(&back);
    assert_string_equal(again, text);
    pf_mem_free(again);
    pf_cache_clear(&back);
}

static void what_is_no_cache_of_this_build_is_empty(void **state) {
    static const char *const texts[] = {
        "",
        "\n",
        "nonsense\n",
        "pyforge-extensions\t2\tabi 1\t" MACHINE "\n",
        "pyforge-extensions\t1\tabi 2\t" MACHINE "\n",
        "pyforge-extensions\t1\tabi 1\tpdp11\n",
        HEAD "ext\t/x\t1\t2\t3", /* cut */
        HEAD "ext\t/x\t1\t2\n",
        HEAD "ext\t/x\t1\t2\t3\t4\n",
        HEAD "ext\t/x\tone\t2\t3\n",
        HEAD "ext\t/x\t1\ttwo\t3\n",
        HEAD "ext\t/x\t1\t2\tthree\n",
        HEAD "moon\t/x\n",
        HEAD "\n",
        HEAD "\tis\tit\t1\tx\n", /* of nobody */
        HEAD "ext\t/x\t1\t2\t3\n\tis\tit\t1\n",
        HEAD "ext\t/x\t1\t2\t3\n\tis\tit\t1\tx\ty\n",
        HEAD "ext\t/x\t1\t2\t3\n\tstate\n",
        HEAD "ext\t/x\t1\t2\t3\n\tstate\tgood\n",
        HEAD "ext\t/x\t1\t2\t3\n\tstate\tfailed\tinit\n",
        HEAD "ext\t/x\t1\t2\t3\n\twatch\n",
        HEAD "ext\t/x\t1\t2\t3\n\treader\tin\n",
        HEAD "site\t/v\t1\n",
        HEAD "site\t/v\tlong ago\tone\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct pf_cache cache;
        if (pf_cache_parse(&cache, texts[i], strlen(texts[i])))
            fail_msg("taken: %s", texts[i]);
        assert_true(cache.count == 0 && !cache.records && !cache.packages[0].path);
    }
    struct pf_cache cache;
    assert_false(pf_cache_parse(&cache, HEAD "\0\n", sizeof HEAD + 1));
}

static void a_record_is_found_by_its_path(void **state) {
    struct pf_cache cache = {0};
    char path[8];
    for (int i = 0; i < 40; i++) { /* more than the first room */
        struct pf_record *record = pf_cache_add(&cache);
        snprintf(path, sizeof path, "/x%d", i);
        record->path = pf_mem_text(path, strlen(path));
        record->size_bytes = i;
    }
    assert_int_equal(pf_cache_find(&cache, "/x33")->size_bytes, 33);
    assert_null(pf_cache_find(&cache, "/x40"));
    pf_cache_clear(&cache);
}

/* ---- features ---- */

static void features_are_read_line_by_line(void **state) {
    struct pf_record record = {.features =
                                   (char *)(uintptr_t) "reader\tin\t5\t.a .b\t0:ff\nengine\teng\tmany\nhooks"};
    const char *at = NULL;
    struct pf_feature feature;
    assert_true(pf_record_next(&record, &at, &feature));
    assert_true(pf_text_is(feature.kind, "reader") && pf_text_is(feature.name, "in") && feature.rank == 5);
    assert_true(pf_text_is(feature.list, ".a .b") && pf_text_is(feature.magics, "0:ff"));
    assert_true(pf_record_next(&record, &at, &feature));
    assert_true(pf_text_is(feature.name, "eng") && feature.rank == 0 && feature.list.size == 0);
    assert_true(pf_record_next(&record, &at, &feature));
    assert_true(pf_text_is(feature.kind, "hooks") && feature.name.size == 0);
    assert_false(pf_record_next(&record, &at, &feature));
    record.features = NULL;
    at = NULL;
    assert_false(pf_record_next(&record, &at, &feature));
}

static bool is_same(struct pf_text one, struct pf_text word) { return pf_text_same(one, word); }

static void a_word_is_looked_up_in_a_list_with_blanks(void **state) {
    static const struct {
        const char *list, *word;
        bool there;
    } rows[] = {{".a .b", ".b", true},  {".a .b", ".a", true}, {".a .b", ".", false},
                {"  .a  ", ".a", true}, {"", "", false},       {" ", "", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(pf_feature_lists(pf_text_of(rows[i].list), pf_text_of(rows[i].word), is_same),
                         rows[i].there);
}

static void a_changed_variable_changes_the_hash(void **state) {
    struct pf_record record = {.watch = (char *)(uintptr_t) "PF_TEST_ONE\tPF_TEST_TWO"}, none = {0};
    uint64_t seen[5];
    setenv("PF_TEST_ONE", "a", 1);
    unsetenv("PF_TEST_TWO");
    seen[0] = pf_record_watch_hash(&record);
    assert_int_equal(pf_record_watch_hash(&record), seen[0]);
    setenv("PF_TEST_ONE", "b", 1);
    seen[1] = pf_record_watch_hash(&record);
    setenv("PF_TEST_TWO", "b", 1);
    seen[2] = pf_record_watch_hash(&record);
    unsetenv("PF_TEST_ONE");
    seen[3] = pf_record_watch_hash(&record);
    unsetenv("PF_TEST_TWO");
    seen[4] = pf_record_watch_hash(&record);
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(seen[i] != seen[k]);
    assert_int_equal(pf_record_watch_hash(&none), 0);
}

/* ---- the file ---- */

static char folder[64];

static int make_folder(void **state) {
    strcpy(folder, "/tmp/pyforge-cache-XXXXXX");
    return mkdtemp(folder) && setenv("XDG_CACHE_HOME", folder, 1) == 0 ? 0 : 1;
}
static int remove_folder(void **state) {
    char command_line[200];
    pf_file_fail_once(0, 0);
    pf_mem_fail_once(0);
    snprintf(command_line, sizeof command_line, "chmod -R u+w '%s'; rm -rf '%s'", folder, folder);
    return system(command_line);
}

static void in_folder(const char *name, char out[160]) { snprintf(out, 160, "%s/%s", folder, name); }
#define FILE_NAME "pyforge/extensions-1-" MACHINE

static size_t count_read(void) {
    struct pf_cache cache;
    pf_cache_read(&cache);
    size_t count = cache.count;
    pf_cache_clear(&cache);
    return count;
}

static void what_was_written_is_read(void **state) {
    struct pf_cache cache;
    struct stat facts;
    char path[160];
    assert_int_equal(count_read(), 0);
    assert_int_equal(make_cache(&cache, PF_VERDICT_OK, "", ""), PF_OK);
    pf_cache_write(&cache);
    assert_int_equal(count_read(), 1);
    in_folder(FILE_NAME, path);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 077, 0); /* the user's alone */
    pf_cache_clear(&cache);
}

static void without_a_home_there_is_no_cache(void **state) {
    struct pf_cache cache;
    char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    assert_int_equal(make_cache(&cache, PF_VERDICT_OK, "", ""), PF_OK);
    pf_cache_write(&cache);
    assert_int_equal(count_read(), 0);
    pf_cache_clear(&cache);
    if (home)
        setenv("HOME", home, 1);
    free(home);
}

static void what_is_no_file_or_too_large_is_not_read(void **state) {
    struct pf_cache cache;
    char path[160];
    assert_int_equal(make_cache(&cache, PF_VERDICT_OK, "", ""), PF_OK);
    pf_cache_write(&cache);
    in_folder(FILE_NAME, path);
    assert_int_equal(count_read(), 1);
    assert_int_equal(truncate(path, ((off_t)4 << 20) + 1), 0);
    assert_int_equal(count_read(), 0);
    assert_int_equal(unlink(path) | mkdir(path, 0700), 0);
    assert_int_equal(count_read(), 0);
    pf_cache_write(&cache); /* cannot take its place, and leaves nothing */
    assert_int_equal(rmdir(path), 0);
    in_folder("pyforge", path);
    assert_int_equal(rmdir(path), 0);
    pf_cache_clear(&cache);
}

static void a_cache_of_somebody_else_is_not_read(void **state) {
    struct pf_cache cache;
    char path[160];
    if (getuid() != 0)
        skip();
    assert_int_equal(make_cache(&cache, PF_VERDICT_OK, "", ""), PF_OK);
    pf_cache_write(&cache);
    in_folder(FILE_NAME, path);
    assert_int_equal(chown(path, 12345, 12345), 0);
    assert_int_equal(count_read(), 0);
    pf_cache_clear(&cache);
}

/* The older cache stays, or the new one is there whole; nothing lies beside it. */
static void a_write_that_fails_leaves_the_older_cache(void **state) {
    struct pf_cache one, two;
    char path[160];
    assert_int_equal(make_cache(&one, PF_VERDICT_OK, "", ""), PF_OK);
    assert_int_equal(make_cache(&two, PF_VERDICT_OK, "", ""), PF_OK);
    assert_non_null(pf_cache_add(&two));
    assert_non_null(two.records[1].path = pf_mem_text("/y", 2));
    int failed = 0;
    for (int64_t nth = 1; nth < 12; nth++) {
        pf_cache_write(&one);
        assert_int_equal(count_read(), 1);
        pf_file_fail_once(nth, 28); /* ENOSPC */
        pf_cache_write(&two);
        bool reached = pf_file_calls() >= nth;
        pf_file_fail_once(0, 0);
        size_t count = count_read();
        assert_true(count == 1 || count == 2);
        assert_true(reached || count == 2);
        failed += count == 1;
    }
    assert_in_range(failed, 2, 11);
    in_folder(FILE_NAME, path);
    assert_int_equal(unlink(path), 0);
    in_folder("pyforge", path);
    assert_int_equal(rmdir(path), 0);
    pf_cache_clear(&one);
    pf_cache_clear(&two);
}

/* ---- memory ---- */

static void memory_that_runs_out_anywhere_leaves_nothing(void **state) {
    static const char text[] = HEAD "site\t/v\t1\tone\next\t/x\t1\t2\t3\n\tis\tit\t1\tx\n"
                                    "\tstate\tfailed\tinit\tno\n\twatch\tA\n\treader\tin\t1\t.a\t\n";
    bool whole_once = false;
    for (int64_t nth = 1; !whole_once && nth < 200; nth++) {
        struct pf_cache cache, back = {0};
        struct pf_buf out = {0};
        pf_mem_fail_once(nth);
        pf_status status = make_cache(&cache, PF_VERDICT_FAILED, "init", "no");
        if (status == PF_OK)
            status = pf_cache_print(&cache, &out, NULL);
        bool parsed = pf_cache_parse(&back, text, sizeof text - 1);
        pf_mem_fail_once(0);
        whole_once = status == PF_OK && parsed;
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_true(parsed ? back.count == 1 : back.count == 0);
        pf_buf_clear(&out);
        pf_cache_clear(&cache);
        pf_cache_clear(&back);
    }
    assert_true(whole_once);
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_descriptor_is_written_as_lines_and_comes_back),
        cmocka_unit_test(verdicts_keep_their_stage_and_text_on_one_line),
        cmocka_unit_test(folders_of_packages_are_kept),
        cmocka_unit_test(what_is_no_cache_of_this_build_is_empty),
        cmocka_unit_test(a_record_is_found_by_its_path),
        cmocka_unit_test(features_are_read_line_by_line),
        cmocka_unit_test(a_word_is_looked_up_in_a_list_with_blanks),
        cmocka_unit_test(a_changed_variable_changes_the_hash),
        IN_FOLDER(what_was_written_is_read),
        IN_FOLDER(without_a_home_there_is_no_cache),
        IN_FOLDER(what_is_no_file_or_too_large_is_not_read),
        IN_FOLDER(a_cache_of_somebody_else_is_not_read),
        IN_FOLDER(a_write_that_fails_leaves_the_older_cache),
        cmocka_unit_test(memory_that_runs_out_anywhere_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
