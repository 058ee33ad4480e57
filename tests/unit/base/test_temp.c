/* test_temp.c — temporary files: where, how named, which are swept.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/temp.h"

static char folder[64];

static int make_folder(void **state) {
    strcpy(folder, "/tmp/pyforge-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_all(void **state) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static int32_t count_entry(void *ctx, const char *name, bool directory) {
    ++*(int *)ctx;
    return 0;
}

static int count_files(void) {
    int count = 0;
    assert_int_equal(pf_file_list(folder, count_entry, &count, NULL), PF_OK);
    return count;
}

static void the_folder_is_the_first_that_is_given(void **state) {
    unsetenv("PYFORGE_TEMP_DIR");
    unsetenv("TMPDIR");
    assert_string_equal(pf_temp_folder(NULL), "/tmp");
    setenv("TMPDIR", "/var/tmp", 1);
    assert_string_equal(pf_temp_folder(""), "/var/tmp");
    setenv("PYFORGE_TEMP_DIR", "/x", 1);
    assert_string_equal(pf_temp_folder(NULL), "/x");
    assert_string_equal(pf_temp_folder("/option"), "/option");
    unsetenv("PYFORGE_TEMP_DIR");
    unsetenv("TMPDIR");
}

static void use_and_close(pf_file *file) {
    char text[3];
    size_t got;
    struct pf_file_facts facts;
    assert_int_equal(pf_file_write_all(*file, "abc", 3, "t", NULL), PF_OK);
    assert_int_equal(pf_file_read_at(*file, 0, text, 3, &got, "t", NULL), PF_OK);
    assert_memory_equal(text, "abc", 3);
    assert_int_equal(pf_file_facts_open(*file, &facts, NULL), PF_OK);
    assert_int_equal(facts.mode & 0777, 0600);
    assert_int_equal(count_files(), 0);
    pf_file_close(file, "t", NULL);
}

static void an_open_temporary_has_no_name(void **state) {
    pf_file file = PF_FILE_CLOSED;
    assert_int_equal(pf_temp_open(folder, &file, NULL), PF_OK);
    use_and_close(&file);
    pf_file_fail_once(1, EOPNOTSUPP); /* a file system without nameless files */
    assert_int_equal(pf_temp_open(folder, &file, NULL), PF_OK);
    pf_file_fail_from(0, 0);
    use_and_close(&file);
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_temp_open("/nowhere/at/all", &file, &err), PF_NOT_FOUND);
    pf_file_fail_from(1, EOPNOTSUPP);
    assert_int_equal(pf_temp_open(folder, &file, &err), PF_IO);
    pf_mem_fail_from(1);
    assert_int_equal(pf_temp_open(folder, &file, &err), PF_NO_MEMORY);
    pf_mem_fail_from(0);
    pf_file_fail_from(0, 0);
    assert_int_equal(count_files(), 0);
}

static void a_name_beside_the_target_is_new_each_time(void **state) {
    char *a = pf_temp_beside("/x/orders.parquet"), *b = pf_temp_beside("/x/orders.parquet");
    char start[64];
    snprintf(start, sizeof start, "/x/.orders.parquet.tmp-%d-", (int)getpid());
    assert_memory_equal(a, start, strlen(start));
    assert_int_equal(strlen(a), strlen(start) + 8);
    assert_string_not_equal(a, b);
    pf_mem_free(a);
    pf_mem_free(b);
    a = pf_temp_beside("orders.parquet");
    assert_memory_equal(a, "./.orders.parquet.tmp-", 22);
    pf_mem_free(a);
    for (int64_t nth = 1; nth <= 3; nth++) {
        pf_mem_fail_from(nth);
        assert_null(pf_temp_beside("orders.parquet"));
        pf_mem_fail_from(0);
    }
}

static void long_names_stay_legal_and_distinct(void **state) {
    char a[260], b[260];
    for (int i = 0; i < 83; i++)
        memcpy(a + i * 3, "\xE2\x82\xAC", 3);
    strcpy(a + 249, "a");
    strcpy(b, a);
    b[249] = 'b';
    char *x = pf_temp_beside(a), *y = pf_temp_beside(b);
    assert_true(strlen(x) <= 2 + 255);
    size_t size = strlen(x) - 30;
    assert_true(strncmp(x, y, size) != 0);
    size_t valid = 0; /* the cut is between characters */
    while ((unsigned char)x[3 + valid] == 0xE2)
        valid += 3;
    assert_int_equal(x[3 + valid], '~');
    pf_mem_free(x);
    pf_mem_free(y);
}

static void put_file(const char *name) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static bool is_there(const char *name) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static void only_dead_temporaries_of_that_name_are_swept(void **state) {
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    char dead[64], mine[64], other[64], alive[64], odd[64], target[100];
    snprintf(dead, sizeof dead, ".t.csv.tmp-%d-0123abcd", (int)child);
    snprintf(mine, sizeof mine, ".t.csv.tmp-%d-0123abcd", (int)getpid());
    snprintf(other, sizeof other, ".tt.csv.tmp-%d-0123abcd", (int)child);
    snprintf(alive, sizeof alive, ".t.csv.tmp-1-0123abcd");
    snprintf(odd, sizeof odd, ".t.csv.tmp-%d-0123abcd.parquet", (int)child);
    snprintf(target, sizeof target, "%s/t.csv", folder);
    const char *const names[] = {dead, mine,    other,         alive,
                                 odd,  "t.csv", ".t.csv.tmp-", ".t.csv.tmp--1-0123abcd"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        put_file(names[i]);
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, mine);
    pf_file held = PF_FILE_CLOSED;
    bool known;
    assert_int_equal(pf_file_open_read(path, &held, NULL), PF_OK);
    assert_true(pf_file_lock(held, &known));
    pf_temp_sweep(target);
    assert_false(is_there(dead));
    assert_true(is_there(mine));
    assert_true(is_there(other));
    assert_true(is_there(alive));
    assert_true(is_there(odd));
    assert_true(is_there("t.csv"));
    assert_int_equal(count_files(), 7);
    pf_file_close(&held, path, NULL);
    pf_temp_sweep(target); /* of an earlier process with this number: nobody holds it */
    assert_false(is_there(mine));
    put_file(dead);
    snprintf(path, sizeof path, "%s/%s", folder, dead);
    assert_int_equal(pf_file_open_read(path, &held, NULL), PF_OK);
    assert_true(pf_file_lock(held, &known));
    pf_temp_sweep(target); /* dead here, at work in another container */
    assert_true(is_there(dead));
    pf_file_close(&held, path, NULL);
    for (int64_t nth = 1; nth < 8; nth++) { /* failing allocations sweep less, nothing else */
        pf_mem_fail_from(nth);
        pf_temp_sweep(target);
        pf_mem_fail_from(0);
    }
    pf_temp_sweep(target);
    assert_false(is_there(dead));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_is_the_first_that_is_given),
        cmocka_unit_test(an_open_temporary_has_no_name),
        cmocka_unit_test(a_name_beside_the_target_is_new_each_time),
        cmocka_unit_test(long_names_stay_legal_and_distinct),
        cmocka_unit_test(only_dead_temporaries_of_that_name_are_swept),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_all);
}
