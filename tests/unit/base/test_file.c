/* test_file.c — the door to files, and the switch that makes its calls fail.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

static char folder[64];
static char paths[8][128]; /* reused in turn */

static const char *in_folder(const char *name) {
    static int turn;
    char *path = paths[turn++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state) {
    strcpy(folder, "/tmp/pyforge-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_all(void **state) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void write_file(const char *path, const char *text) {
    pf_file file = PF_FILE_CLOSED;
    assert_int_equal(pf_file_create_new(path, false, &file, NULL), PF_OK);
    assert_int_equal(pf_file_write_all(file, text, strlen(text), path, NULL), PF_OK);
    assert_int_equal(pf_file_close(&file, path, NULL), PF_OK);
}

static void assert_content(const char *path, const char *expected) {
    pf_file file = PF_FILE_CLOSED;
    char text[100];
    size_t got = 0;
    assert_int_equal(pf_file_open_read(path, &file, NULL), PF_OK);
    assert_int_equal(pf_file_read_at(file, 0, text, sizeof text - 1, &got, path, NULL), PF_OK);
    text[got] = 0;
    assert_string_equal(text, expected);
    assert_int_equal(pf_file_close(&file, path, NULL), PF_OK);
}

static void what_is_written_is_read(void **state) {
    const char *path = in_folder("a");
    write_file(path, "hello world");
    pf_file file = PF_FILE_CLOSED;
    char text[20] = {0};
    size_t got = 9;
    assert_int_equal(pf_file_open_read(path, &file, NULL), PF_OK);
    assert_int_equal(pf_file_read_at(file, 6, text, 20, &got, path, NULL), PF_OK);
    assert_int_equal(got, 5);
    assert_memory_equal(text, "world", 5);
    assert_int_equal(pf_file_read_at(file, 11, text, 20, &got, path, NULL), PF_OK);
    assert_int_equal(got, 0);
    assert_int_equal(pf_file_read(file, text, 5, &got, path, NULL), PF_OK);
    assert_int_equal(got, 5);
    assert_memory_equal(text, "hello", 5);
    assert_int_equal(pf_file_close(&file, path, NULL), PF_OK);
    assert_int_equal(file.os, -1);
    assert_int_equal(pf_file_close(&file, path, NULL), PF_OK);
}

static void creation_is_exclusive_and_modes_are_right(void **state) {
    const char *path = in_folder("new"), *hidden = in_folder("secret");
    mode_t before = umask(022);
    struct pf_error err = PF_ERROR_INIT;
    pf_file file = PF_FILE_CLOSED;
    write_file(path, "x");
    assert_int_equal(pf_file_create_new(path, false, &file, &err), PF_EXISTS);
    assert_non_null(strstr(err.message, path));
    struct pf_file_facts facts;
    assert_int_equal(pf_file_facts(path, true, &facts, NULL), PF_OK);
    assert_int_equal(facts.mode & 0777, 0644);
    assert_int_equal(facts.size_bytes, 1);
    assert_true(facts.regular && facts.random && !facts.directory);
    assert_int_equal(pf_file_create_new(hidden, true, &file, NULL), PF_OK);
    assert_int_equal(pf_file_facts_open(file, &facts, NULL), PF_OK);
    assert_int_equal(facts.mode & 0777, 0600);
    char text[4];
    size_t got;
    assert_int_equal(pf_file_write_at(file, 2, "cd", 2, hidden, NULL), PF_OK);
    assert_int_equal(pf_file_write_at(file, 0, "ab", 2, hidden, NULL), PF_OK);
    assert_int_equal(pf_file_read_at(file, 0, text, 4, &got, hidden, NULL), PF_OK);
    assert_memory_equal(text, "abcd", 4);
    assert_int_equal(pf_file_close(&file, hidden, NULL), PF_OK);
    umask(before);
}

static void descriptors_are_not_inherited(void **state) {
    const char *path = in_folder("inherit");
    write_file(path, "x");
    pf_file files[3] = {PF_FILE_CLOSED, PF_FILE_CLOSED, PF_FILE_CLOSED};
    assert_int_equal(pf_file_open_read(path, &files[0], NULL), PF_OK);
    assert_int_equal(pf_file_stdin(&files[1], NULL), PF_OK);
    assert_int_equal(pf_file_create_new(in_folder("inherit2"), false, &files[2], NULL), PF_OK);
    for (int i = 0; i < 3; i++) {
        assert_true(fcntl(files[i].os, F_GETFD) & FD_CLOEXEC);
        pf_file_close(&files[i], "x", NULL);
    }
}

static void trouble_has_code_and_path(void **state) {
    struct pf_error err = PF_ERROR_INIT;
    pf_file file = PF_FILE_CLOSED;
    const char *path = in_folder("nowhere");
    assert_int_equal(pf_file_open_read(path, &file, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(file.os, -1);
    struct pf_file_facts facts;
    assert_int_equal(pf_file_facts(path, true, &facts, &err), PF_NOT_FOUND);
    assert_int_equal(pf_file_remove(path, &err), PF_NOT_FOUND);
    assert_int_equal(pf_file_rename(path, in_folder("b"), &err), PF_NOT_FOUND);
    char *whole = NULL;
    assert_int_equal(pf_file_resolve(path, &whole, &err), PF_NOT_FOUND);
    assert_null(whole);
    assert_int_equal(pf_file_open_read("/dev/full", &file, &err), PF_OK);
    pf_file_close(&file, "/dev/full", NULL);
    file.os = open("/dev/full", O_WRONLY);
    assert_int_equal(pf_file_write_all(file, "x", 1, "/dev/full", &err), PF_IO);
    assert_non_null(strstr(err.message, "free some space"));
    pf_file_close(&file, "/dev/full", NULL);
}

static void pipes_give_what_there_is_and_are_not_random(void **state) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pf_file file = {ends[0]};
    struct pf_file_facts facts;
    assert_int_equal(pf_file_facts_open(file, &facts, NULL), PF_OK);
    assert_false(facts.random);
    bool ready = true;
    assert_int_equal(pf_file_wait(file, 1, &ready, "pipe", NULL), PF_OK);
    assert_false(ready);
    assert_int_equal(write(ends[1], "abc", 3), 3);
    assert_int_equal(pf_file_wait(file, 1000, &ready, "pipe", NULL), PF_OK);
    assert_true(ready);
    char text[10];
    size_t got;
    assert_int_equal(pf_file_read(file, text, 10, &got, "pipe", NULL), PF_OK);
    assert_int_equal(got, 3);
    close(ends[1]);
    assert_int_equal(pf_file_read(file, text, 10, &got, "pipe", NULL), PF_OK);
    assert_int_equal(got, 0);
    pf_file_close(&file, "pipe", NULL);
}

static void a_read_of_a_named_pipe_waits_for_its_writer(void **state) {
    const char *path = in_folder("fifo");
    assert_int_equal(mkfifo(path, 0600), 0);
    pf_file file = PF_FILE_CLOSED;
    assert_int_equal(pf_file_open_read(path, &file, NULL), PF_OK); /* does not block */
    bool ready = true;
    assert_int_equal(pf_file_wait(file, 5, &ready, path, NULL), PF_OK);
    assert_false(ready);
    pid_t child = fork();
    if (child == 0) {
        int end = open(path, O_WRONLY);
        usleep(30000);
        ssize_t n = write(end, "late", 4);
        _exit(n == 4 ? 0 : 1);
    }
    assert_int_equal(pf_file_wait(file, 5000, &ready, path, NULL), PF_OK);
    assert_true(ready);
    char text[10];
    size_t got;
    assert_int_equal(pf_file_read(file, text, 10, &got, path, NULL), PF_OK);
    assert_int_equal(got, 4);
    waitpid(child, NULL, 0);
    pf_file_close(&file, path, NULL);
}

static void names_change_atomically(void **state) {
    const char *a = in_folder("na"), *b = in_folder("nb");
    write_file(a, "a");
    write_file(b, "b");
    assert_int_equal(pf_file_link_new(a, b, NULL), PF_EXISTS);
    assert_content(b, "b");
    assert_int_equal(pf_file_rename(a, b, NULL), PF_OK);
    assert_content(b, "a");
    struct pf_file_facts facts;
    assert_int_equal(pf_file_facts(a, false, &facts, NULL), PF_NOT_FOUND);
    assert_int_equal(pf_file_link_new(b, a, NULL), PF_OK);
    assert_content(a, "a");
    assert_int_equal(pf_file_remove(b, NULL), PF_OK);
    assert_int_equal(pf_file_sync_folder(folder, NULL), PF_OK);
}

static void modes_can_be_set(void **state) {
    const char *path = in_folder("mode");
    write_file(path, "x");
    assert_int_equal(pf_file_set_mode(path, 0640, getuid(), getgid(), NULL), PF_OK);
    struct pf_file_facts facts;
    assert_int_equal(pf_file_facts(path, true, &facts, NULL), PF_OK);
    assert_int_equal(facts.mode & 07777, 0640);
    assert_int_equal(facts.owner, getuid());
    assert_int_equal(pf_file_set_mode(in_folder("nomode"), 0640, getuid(), getgid(), NULL), PF_NOT_FOUND);
}

static void folders_with_parents_may_be_there(void **state) {
    const char *deep = in_folder("x//y/z/");
    assert_int_equal(pf_file_make_folder(deep, false, NULL), PF_NOT_FOUND);
    assert_int_equal(pf_file_make_folder(deep, true, NULL), PF_OK);
    assert_int_equal(pf_file_make_folder(deep, true, NULL), PF_OK);
    assert_int_equal(pf_file_make_folder(deep, false, NULL), PF_EXISTS);
    write_file(in_folder("plain"), "x");
    assert_int_equal(pf_file_make_folder(in_folder("plain"), true, NULL), PF_IO);
    assert_true(pf_file_make_folder(in_folder("plain/sub"), true, NULL) != PF_OK);
    assert_int_equal(pf_file_remove_folder(in_folder("x"), NULL), PF_IO);
    assert_int_equal(pf_file_remove_folder(in_folder("x/y/z"), NULL), PF_OK);
    int64_t bytes = -1;
    assert_int_equal(pf_file_free_space(folder, &bytes, NULL), PF_OK);
    assert_true(bytes > 0);
    char *whole = NULL;
    assert_int_equal(pf_file_resolve(in_folder("x/../x/y"), &whole, NULL), PF_OK);
    assert_string_equal(whole + strlen(whole) - 4, "/x/y");
    pf_mem_free(whole);
}

struct seen {
    char text[200];
    int stop_after;
};

static int32_t see(void *ctx, const char *name, bool directory) {
    struct seen *seen = ctx;
    strcat(seen->text, name);
    strcat(seen->text, directory ? "/ " : " ");
    return --seen->stop_after == 0;
}

static void lists_are_in_order(void **state) {
    assert_int_equal(pf_file_make_folder(in_folder("list/b"), true, NULL), PF_OK);
    write_file(in_folder("list/c"), "");
    write_file(in_folder("list/B"), "");
    write_file(in_folder("list/a"), "");
    assert_int_equal(symlink("b", in_folder("list/d")), 0);
    struct seen seen = {.stop_after = 100};
    assert_int_equal(pf_file_list(in_folder("list"), see, &seen, NULL), PF_OK);
    assert_string_equal(seen.text, "B a b/ c d/ ");
    seen = (struct seen){.stop_after = 2};
    assert_int_equal(pf_file_list(in_folder("list"), see, &seen, NULL), PF_OK);
    assert_string_equal(seen.text, "B a ");
    assert_int_equal(pf_file_list(in_folder("nolist"), see, &seen, NULL), PF_NOT_FOUND);
    for (int64_t nth = 1; nth <= 2; nth++) {
        pf_mem_fail_from(nth);
        assert_int_equal(pf_file_list(in_folder("list"), see, &seen, NULL), PF_NO_MEMORY);
        pf_mem_fail_from(0);
    }
}

static void locks_are_held_until_the_close(void **state) {
    const char *path = in_folder("lock");
    write_file(path, "x");
    pf_file a = PF_FILE_CLOSED, b = PF_FILE_CLOSED;
    bool known = false;
    assert_int_equal(pf_file_open_read(path, &a, NULL), PF_OK);
    assert_int_equal(pf_file_open_read(path, &b, NULL), PF_OK);
    assert_true(pf_file_lock(a, &known) && known);
    assert_true(!pf_file_lock(b, &known) && known);
    pf_file_close(&a, path, NULL);
    assert_true(pf_file_lock(b, &known) && known);
    pf_file_close(&b, path, NULL);
}

static void processes_are_alive_or_not(void **state) {
    assert_true(pf_process_alive(pf_process_id()));
    assert_true(pf_process_alive(1));
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    assert_false(pf_process_alive(child));
    assert_false(pf_process_alive(0));
    assert_false(pf_process_alive(-1));
    assert_false(pf_process_alive(INT64_MAX));
}

static void the_nth_call_fails_once_or_from_then_on(void **state) {
    const char *path = in_folder("fault");
    write_file(path, "x");
    struct pf_file_facts facts;
    struct pf_error err = PF_ERROR_INIT;
    pf_file_fail_from(2, ENOSPC);
    assert_int_equal(pf_file_facts(path, true, &facts, &err), PF_OK);
    assert_int_equal(pf_file_facts(path, true, &facts, &err), PF_IO);
    assert_int_equal(pf_file_facts(path, true, &facts, &err), PF_IO);
    assert_int_equal(pf_file_calls(), 3);
    pf_file_fail_once(2, EACCES);
    assert_int_equal(pf_file_facts(path, true, &facts, &err), PF_OK);
    assert_int_equal(pf_file_facts(path, true, &facts, &err), PF_DENIED);
    assert_int_equal(pf_file_facts(path, true, &facts, &err), PF_OK);
    pf_file_fail_from(0, 0);
    assert_int_equal(pf_file_facts(path, true, &facts, &err), PF_OK);
}

static void a_fault_may_cut_reads_and_writes_short_and_is_named(void **state) {
    const char *path = in_folder("short");
    write_file(path, "0123456789");
    pf_file file = PF_FILE_CLOSED;
    char text[16];
    size_t got = 0;
    assert_int_equal(pf_file_open_read(path, &file, NULL), PF_OK);
    pf_file_fail_once(1, PF_FILE_SHORT);
    assert_null(pf_file_faulted());
    assert_int_equal(pf_file_read(file, text, 10, &got, path, NULL), PF_OK);
    assert_int_equal(got, 5);
    assert_int_equal(strncmp(pf_file_faulted(), "read(", 5), 0);
    pf_file_fail_once(1, PF_FILE_SHORT);
    assert_int_equal(pf_file_read_at(file, 0, text, 10, &got, path, NULL), PF_OK);
    assert_int_equal(got, 10);
    assert_memory_equal(text, "0123456789", 10);
    assert_int_equal(pf_file_calls(), 2);
    pf_file_fail_once(1, PF_FILE_END);
    assert_int_equal(pf_file_read_at(file, 0, text, 10, &got, path, NULL), PF_OK);
    assert_int_equal(got, 0);
    assert_int_equal(strncmp(pf_file_faulted(), "pread(", 6), 0);
    pf_file_fail_from(0, 0);
    pf_file_close(&file, path, NULL);
    const char *other = in_folder("written");
    assert_int_equal(pf_file_create_new(other, false, &file, NULL), PF_OK);
    pf_file_fail_from(1, PF_FILE_SHORT);
    assert_int_equal(pf_file_write_all(file, "abcdefg", 7, other, NULL), PF_OK);
    assert_int_equal(pf_file_write_at(file, 7, "hij", 3, other, NULL), PF_OK);
    assert_true(pf_file_calls() > 4);
    pf_file_fail_from(0, 0);
    pf_file_close(&file, other, NULL);
    assert_content(other, "abcdefghij");
}

static void every_call_can_fail_and_a_failed_close_closes(void **state) {
    const char *path = in_folder("every");
    write_file(path, "x");
    pf_file file = PF_FILE_CLOSED;
    struct pf_file_facts facts;
    char byte, *whole;
    size_t got;
    int64_t bytes;
    bool ready;
    assert_int_equal(pf_file_open_read(path, &file, NULL), PF_OK);
    pf_file other = PF_FILE_CLOSED;
    int raw = file.os;
    pf_file_fail_from(1, EIO);
    assert_int_equal(pf_file_open_read(path, &other, NULL), PF_IO);
    assert_int_equal(pf_file_stdin(&other, NULL), PF_IO);
    assert_int_equal(pf_file_create_unnamed(folder, &other, NULL), PF_IO);
    assert_int_equal(pf_file_read_at(file, 0, &byte, 1, &got, path, NULL), PF_IO);
    assert_int_equal(pf_file_read(file, &byte, 1, &got, path, NULL), PF_IO);
    assert_int_equal(pf_file_write_all(file, "x", 1, path, NULL), PF_IO);
    assert_int_equal(pf_file_write_at(file, 0, "x", 1, path, NULL), PF_IO);
    assert_int_equal(pf_file_wait(file, 0, &ready, path, NULL), PF_IO);
    assert_int_equal(pf_file_sync(file, path, NULL), PF_IO);
    assert_int_equal(pf_file_sync_folder(folder, NULL), PF_IO);
    assert_int_equal(pf_file_facts_open(file, &facts, NULL), PF_IO);
    assert_int_equal(pf_file_resolve(path, &whole, NULL), PF_IO);
    assert_int_equal(pf_file_free_space(path, &bytes, NULL), PF_IO);
    assert_int_equal(pf_file_link_new(path, path, NULL), PF_IO);
    assert_int_equal(pf_file_remove(path, NULL), PF_IO);
    assert_int_equal(pf_file_set_mode(path, 0600, 0, 0, NULL), PF_IO);
    assert_int_equal(pf_file_make_folder(path, false, NULL), PF_IO);
    assert_int_equal(pf_file_make_folder(path, true, NULL), PF_IO);
    assert_int_equal(pf_file_remove_folder(path, NULL), PF_IO);
    assert_int_equal(pf_file_list(folder, see, NULL, NULL), PF_IO);
    assert_int_equal(pf_file_facts(path, false, &facts, NULL), PF_IO);
    assert_int_equal(pf_file_close(&file, path, NULL), PF_IO);
    pf_file_fail_from(0, 0);
    assert_int_equal(file.os, -1);
    assert_int_equal(fcntl(raw, F_GETFD), -1);
    assert_content(path, "x");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(creation_is_exclusive_and_modes_are_right),
        cmocka_unit_test(descriptors_are_not_inherited),
        cmocka_unit_test(trouble_has_code_and_path),
        cmocka_unit_test(pipes_give_what_there_is_and_are_not_random),
        cmocka_unit_test(a_read_of_a_named_pipe_waits_for_its_writer),
        cmocka_unit_test(names_change_atomically),
        cmocka_unit_test(modes_can_be_set),
        cmocka_unit_test(folders_with_parents_may_be_there),
        cmocka_unit_test(lists_are_in_order),
        cmocka_unit_test(locks_are_held_until_the_close),
        cmocka_unit_test(processes_are_alive_or_not),
        cmocka_unit_test(the_nth_call_fails_once_or_from_then_on),
        cmocka_unit_test(a_fault_may_cut_reads_and_writes_short_and_is_named),
        cmocka_unit_test(every_call_can_fail_and_a_failed_close_closes),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_all);
}
