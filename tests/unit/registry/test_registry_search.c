/* test_registry_search.c — where libraries lie, in which order, and who may have put them there.
 * SPDX-License-Identifier: MIT */
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
#include "registry/registry_search.h"

/* ---- a tree of files below one root ---- */

static char root[64];

static char *below(const char *path) {
    static char whole[4][256];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(whole[turn], sizeof whole[turn], "%s/%s", root, path);
    return whole[turn];
}

static void put(const char *path, const char *text) {
    char whole[256];
    snprintf(whole, sizeof whole, "%s", below(path));
    for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(whole, 0755);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(whole, 0644), 0);
}

static int make_root(void **state) {
    strcpy(root, "/tmp/pyforge-search-XXXXXX");
    unsetenv("VIRTUAL_ENV");
    unsetenv("PYFORGE_EXTENSION_PATH");
    return mkdtemp(root) && setenv("XDG_DATA_HOME", below("data"), 1) == 0 ? 0 : 1;
}
static int remove_root(void **state) {
    char command[160];
    pf_mem_fail_once(0);
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

/* ---- what a search tells, relative to the root ---- */

static char found[2048], tried[4096];
static size_t stop_after;

static void note(char *list, size_t room, const char *path, const char *more) {
    size_t used = strlen(list);
    const char *name = strncmp(path, root, strlen(root)) == 0 ? path + strlen(root) + 1 : path;
    snprintf(list + used, room - used, "%s%s%s%s", used ? "; " : "", name, more ? " ! " : "", more ? more : "");
}
static pf_status take_found(void *ctx, const char *path, const struct pf_file_facts *facts, const char *trouble,
                            struct pf_error *err) {
    assert_true(path[0] == '/' && facts->regular);
    note(found, sizeof found, path, trouble);
    return stop_after && --stop_after == 0 ? PF_LIMIT : PF_OK;
}
static pf_status take_entry(void *ctx, const char *name, const char *entry, const char *site,
                            struct pf_error *err) {
    char text[200];
    assert_non_null(strstr(site, "site-packages"));
    snprintf(text, sizeof text, "%s=%s", name, entry);
    note(found, sizeof found, text, NULL);
    return PF_OK;
}
static void take_tried(void *ctx, int32_t level, const char *folder, const char *what) {
    note(tried, sizeof tried, folder, what);
}

static struct pf_cache cache;
static bool cache_changed;
static pf_status search(const char *path, const char *program) {
    struct pf_search it = {.path = path,
                           .program = program,
                           .cache = &cache,
                           .cache_changed = &cache_changed,
                           .found = take_found,
                           .entry = take_entry,
                           .tried = take_tried};
    found[0] = tried[0] = 0;
    return pf_search_run(&it, NULL);
}

/* ---- the order, and what counts as a library ---- */

static void folders_are_looked_into_in_the_documented_order(void **state) {
    char program[256], path[600];
    put("tree/bin/pyforge", "");
    put("tree/bin/extensions/beside.so", "");
    put("tree/lib/pyforge/extensions/below.so", "");
    put("data/pyforge/extensions/mine.so", "");
    put("one/a.so", "");
    put("two/b.so", "");
    put("three/c.so", "");
    put("venv/lib/python3.9/site-packages/p-1.dist-info/entry_points.txt", "[pyforge.extensions]\np = p\n");
    put("venv/lib/python3.9/site-packages/p/native.so", "");
    snprintf(path, sizeof path, "%s:%s", below("three"), below("missing"));
    setenv("PYFORGE_EXTENSION_PATH", path, 1);
    snprintf(path, sizeof path, "%s:%s::", below("one"), below("two"));
    setenv("VIRTUAL_ENV", below("venv"), 1);
    snprintf(program, sizeof program, "%s", below("tree/bin/pyforge"));
    assert_int_equal(search(path, program), PF_OK);
    assert_string_equal(found, "one/a.so; two/b.so; three/c.so; tree/bin/extensions/beside.so; "
                               "tree/lib/pyforge/extensions/below.so; "
                               "venv/lib/python3.9/site-packages/p/native.so; data/pyforge/extensions/mine.so");
    assert_non_null(strstr(tried, "one ! looked into"));
    assert_non_null(strstr(tried, "missing ! no folder is there"));
    assert_non_null(strstr(tried, "/usr/lib/pyforge/extensions ! "));
    pf_cache_clear(&cache);
}

static void a_library_is_NAME_so_or_NAME_in_a_folder_NAME(void **state) {
    put("x/flat.so", "");
    put("x/deep/deep.so", "");
    put("x/deep/other.so", "");
    put("x/.hidden.so", "");
    put("x/_native.cpython-311-x86_64-linux-gnu.so", "");
    put("x/_native.abi3.so", "");
    put("x/notes.txt", "");
    put("x/library.so.1", "");
    put("x/empty/readme", "");
    put("x/folder.so/inside", "");
    assert_int_equal(search(below("x"), NULL), PF_OK);
    assert_true(strcmp(found, "x/flat.so; x/deep/deep.so") == 0 ||
                strcmp(found, "x/deep/deep.so; x/flat.so") == 0);
}

static void links_are_followed_to_the_file_itself(void **state) {
    put("real/it.so", "");
    put("x/readme", "");
    assert_int_equal(symlink(below("real/it.so"), below("x/linked.so")), 0);
    assert_int_equal(symlink(below("nothing"), below("x/dangling.so")), 0);
    assert_int_equal(search(below("x"), NULL), PF_OK);
    assert_string_equal(found, "real/it.so");
}

static void a_given_folder_that_is_none_is_refused(void **state) {
    char path[600];
    put("x/it.so", "");
    snprintf(path, sizeof path, "%s:here", below("x"));
    assert_int_equal(search(path, NULL), PF_ARGUMENT);
    snprintf(path, sizeof path, "%s:/no/such", below("x"));
    assert_int_equal(search(path, NULL), PF_NOT_FOUND);
    assert_string_equal(found, "");
}

static void a_relative_folder_and_a_program_that_is_gone_are_left_out(void **state) {
    setenv("PYFORGE_EXTENSION_PATH", "here/and:there", 1);
    assert_int_equal(search(NULL, "/no/such/program"), PF_OK);
    assert_string_equal(found, "");
    assert_non_null(strstr(tried, "here/and ! not an absolute path"));
    setenv("VIRTUAL_ENV", "venv", 1);
    assert_int_equal(search(NULL, NULL), PF_OK);
    setenv("VIRTUAL_ENV", below("no-venv"), 1);
    assert_int_equal(search(NULL, NULL), PF_OK);
    assert_string_equal(found, "");
}

static void a_refusal_of_who_is_told_ends_the_search(void **state) {
    put("one/a.so", "");
    put("two/b.so", "");
    char path[600];
    snprintf(path, sizeof path, "%s:%s", below("one"), below("two"));
    stop_after = 1;
    assert_int_equal(search(path, NULL), PF_LIMIT);
    assert_string_equal(found, "one/a.so");
}

/* ---- trust ---- */

static void what_others_could_have_put_there_is_told_with_its_remedy(void **state) {
    static const struct {
        const char *path; /* that is changed */
        mode_t mode;
        uid_t owner;
        gid_t group;
        const char *says; /* NULL: good */
    } rows[] = {
        {"x/it.so", 0644, 0, 0, NULL},
        {"x/it.so", 0646, 0, 0, "the file is not safe: everybody may write it; take that away with chmod o-w"},
        {"x", 0777, 0, 0, "its folder is not safe: everybody may write it"},
        {"x/it.so", 0664, 0, 0, NULL}, /* the user's own group */
        {"x/it.so", 0664, 0, 12345,
         "the file is not safe: its group may write it; take that away with chmod g-w"},
        {"x/it.so", 0644, 12345, 0, "the file is not safe: it belongs to another user"},
        {"x", 0755, 12345, 12345, "its folder is not safe: it belongs to another user"},
        {"x", 0775, 0, 12345, "its folder is not safe: its group may write it"},
    };
    bool is_root = getuid() == 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!is_root && (rows[i].owner || rows[i].group))
            continue;
        put("x/it.so", "");
        assert_int_equal(chmod(below("x"), 0755), 0);
        if (is_root) {
            assert_int_equal(chown(below("x"), 0, 0) | chown(below("x/it.so"), 0, 0), 0);
            assert_int_equal(chown(below(rows[i].path), rows[i].owner, rows[i].group), 0);
        }
        assert_int_equal(chmod(below(rows[i].path), rows[i].mode), 0);
        assert_int_equal(search(below("x"), NULL), PF_OK);
        if (rows[i].says ? !strstr(found, rows[i].says) : strcmp(found, "x/it.so") != 0)
            fail_msg("%zu: %s", i, found);
    }
}

static void the_folder_behind_a_link_has_to_be_safe_too(void **state) {
    put("open/it.so", "");
    put("x/readme", "");
    assert_int_equal(chmod(below("open"), 0777), 0);
    assert_int_equal(symlink(below("open/it.so"), below("x/linked.so")), 0);
    assert_int_equal(search(below("x"), NULL), PF_OK);
    assert_non_null(strstr(found, "open/it.so ! its folder is not safe: everybody"));
}

/* ---- Python packages ---- */

static void entry_points_name_folders(void **state) {
    static const struct {
        const char *text, *folders;
    } rows[] = {
        {"[pyforge.extensions]\na = pack.native\n", "\tpack/native"},
        {"[pyforge_cli.extensions]\na=pack\n", "\tpack"},
        {"[pyforge.extensions]\r\n a  =  pack.native \r\n", "\tpack/native"},
        {"[pyforge.extensions]\n# a = pack\nb = two", "\ttwo"},
        {"[pyforge.extensions]\na = pack:Class\nb = two\n", "\ta=pack:Class\ttwo"}, /* a Python extension */
        {"[pyforge.extensions]\na = pack : Class [extra]\n", "\ta=pack:Class"},
        {"[pyforge.extensions]\na = pack:not-a-name\n", ""},
        {"[console_scripts]\na = pack\n", ""},
        {"[pyforge.extensions]\n[other]\na = pack\n", ""},
        {"a = pack\n", ""},
        {"[pyforge.extensions]\nno equals\n", ""},
        {"[pyforge.extensions]\na = ../../etc\n", ""},
        {"[pyforge.extensions]\na = .hidden\n", ""},
        {"[pyforge.extensions]\na =\n", ""},
        {"[pyforge.extensions]\na = p\tq\n", ""},
        {"[pyforge.extensions]\na = one\n[pyforge_cli.extensions]\nb = two\n", "\tone\ttwo"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_buf to = {0};
        assert_int_equal(pf_search_entry_points(rows[i].text, strlen(rows[i].text), &to, NULL), PF_OK);
        if (to.size != strlen(rows[i].folders) ||
            memcmp(to.size ? (char *)to.data : "", rows[i].folders, to.size))
            fail_msg("%s: %.*s", rows[i].text, (int)to.size, (char *)to.data);
        pf_buf_clear(&to);
    }
}

#define SITE "venv/lib/python3.11/site-packages/"
static void packages_are_gone_through_again_only_when_one_came_or_went(void **state) {
    put(SITE "p-1.dist-info/entry_points.txt", "[pyforge.extensions]\np = p\n");
    put(SITE "p/it.so", "");
    put(SITE "q-1.dist-info/METADATA", "");
    put(SITE "p-1.egg-info/entry_points.txt", "[pyforge.extensions]\nq = q\n");
    put("venv/lib/readme", "");
    setenv("VIRTUAL_ENV", below("venv"), 1);
    cache_changed = false;
    assert_int_equal(search(NULL, NULL), PF_OK);
    assert_string_equal(found, SITE "p/it.so");
    assert_true(cache_changed);
    assert_string_equal(cache.packages[0].path, below("venv/lib/python3.11/site-packages"));
    cache_changed = false;
    put(SITE "p-1.dist-info/entry_points.txt", "[pyforge.extensions]\nmoon = moon\n"); /* not looked at again */
    assert_int_equal(search(NULL, NULL), PF_OK);
    assert_string_equal(found, SITE "p/it.so");
    assert_false(cache_changed);
    put(SITE "r-1.dist-info/entry_points.txt", "[pyforge.extensions]\nr = r\ns = s:It\n");
    put(SITE "r/that.so", "");
    cache.packages[0].modified_ns--; /* the clock of the disk may not have moved on */
    assert_int_equal(search(NULL, NULL), PF_OK);
    assert_string_equal(found, SITE "r/that.so; s=s:It");
    assert_true(cache_changed);
    pf_cache_clear(&cache);
}

static void entry_points_that_are_huge_or_no_file_are_passed_over(void **state) {
    put(SITE "p-1.dist-info/entry_points.txt", "[pyforge.extensions]\np = p\n");
    put(SITE "p/it.so", "");
    assert_int_equal(truncate(below(SITE "p-1.dist-info/entry_points.txt"), (256 << 10) + 1), 0);
    put(SITE "q-1.dist-info/entry_points.txt/inside", "");
    setenv("VIRTUAL_ENV", below("venv"), 1);
    assert_int_equal(search(NULL, NULL), PF_OK);
    assert_string_equal(found, "");
    pf_cache_clear(&cache);
}

/* ---- memory ---- */

static void memory_that_runs_out_ends_the_search_or_leaves_something_out(void **state) {
    put("x/flat.so", "");
    put("x/deep/deep.so", "");
    put(SITE "p-1.dist-info/entry_points.txt", "[pyforge.extensions]\np = p\n");
    put(SITE "p/it.so", "");
    put("tree/bin/pyforge", "");
    put("tree/bin/extensions/beside.so", "");
    setenv("VIRTUAL_ENV", below("venv"), 1);
    char path[256], program[256];
    snprintf(path, sizeof path, "%s", below("x"));
    snprintf(program, sizeof program, "%s", below("tree/bin/pyforge"));
    assert_int_equal(search(path, program), PF_OK);
    size_t whole = strlen(found);
    pf_cache_clear(&cache);
    bool reached = true;
    for (int64_t nth = 1; reached && nth < 300; nth++) {
        pf_mem_fail_once(nth);
        pf_status status = search(path, program);
        pf_mem_fail_once(0);
        pf_cache_clear(&cache);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_true(strlen(found) <= whole);
        reached = status != PF_OK || strlen(found) < whole || nth < 10;
    }
    assert_false(reached);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)
    const struct CMUnitTest tests[] = {
        TEST(folders_are_looked_into_in_the_documented_order),
        TEST(a_library_is_NAME_so_or_NAME_in_a_folder_NAME),
        TEST(links_are_followed_to_the_file_itself),
        TEST(a_given_folder_that_is_none_is_refused),
        TEST(a_relative_folder_and_a_program_that_is_gone_are_left_out),
        TEST(a_refusal_of_who_is_told_ends_the_search),
        TEST(what_others_could_have_put_there_is_told_with_its_remedy),
        TEST(the_folder_behind_a_link_has_to_be_safe_too),
        TEST(entry_points_name_folders),
        TEST(packages_are_gone_through_again_only_when_one_came_or_went),
        TEST(entry_points_that_are_huge_or_no_file_are_passed_over),
        TEST(memory_that_runs_out_ends_the_search_or_leaves_something_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
