/* test_bytes_local.c — the local store: what is under the final name, whatever fails.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/thread.h"
#include "bytes/bytes_local.h"
#include "bytes/bytes_source.h"

static char folder[64];
static char target[128];

static int make_folder(void **state) {
    strcpy(folder, "/tmp/pyforge-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(target, sizeof target, "%s/out.parquet", folder);
    return 0;
}

static int remove_all(void **state) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void set_file(const char *path, const char *text) {
    unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* NULL when it is not there. Lent until the next call. */
static const char *content(const char *path) {
    static char text[200];
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

static int32_t count_temporary(void *ctx, const char *name, bool directory) {
    *(int *)ctx += strstr(name, ".tmp-") != NULL;
    return 0;
}

static int count_temporaries(void) {
    int count = 0;
    assert_int_equal(pf_file_list(folder, count_temporary, &count, NULL), PF_OK);
    return count;
}

static pf_status write_target(const char *path, uint32_t flags, struct pf_error *err) {
    struct pf_sink sink;
    PF_TRY(pf_local_store.open_sink(NULL, path, flags, &sink, err));
    if (sink.write(&sink, "new ", 4, err) != PF_OK || sink.write(&sink, "content", 7, err) != PF_OK) {
        sink.abort(&sink);
        return err->code;
    }
    return sink.commit(&sink, err);
}

/* ---- sources ---- */

static void files_are_random_sources(void **state) {
    struct pf_source source;
    set_file(target, "hello world");
    assert_int_equal(pf_local_store.open_source(NULL, target, &source, NULL), PF_OK);
    assert_int_equal(source.random, 1);
    assert_int_equal(source.size_bytes, 11);
    char text[20];
    size_t got;
    assert_int_equal(source.read_at(&source, 6, text, 20, &got, NULL), PF_OK);
    assert_int_equal(got, 5);
    assert_memory_equal(text, "world", 5);
    assert_int_equal(source.read_at(&source, 11, text, 20, &got, NULL), PF_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source.read_at(&source, -1, text, 20, &got, NULL), PF_ARGUMENT);
    pf_source_close(&source);
}

static void a_file_that_shrinks_is_a_failure_and_one_that_grows_is_cut(void **state) {
    struct pf_source source;
    struct pf_error err = PF_ERROR_INIT;
    char text[20];
    size_t got;
    set_file(target, "hello world");
    assert_int_equal(pf_local_store.open_source(NULL, target, &source, NULL), PF_OK);
    assert_int_equal(truncate(target, 20), 0);
    assert_int_equal(source.read_at(&source, 0, text, 20, &got, &err), PF_OK);
    assert_int_equal(got, 11);
    assert_int_equal(truncate(target, 8), 0);
    assert_int_equal(source.read_at(&source, 0, text, 20, &got, &err), PF_IO);
    assert_int_equal(got, 0);
    assert_non_null(strstr(err.message, "became shorter"));
    pf_source_close(&source);
}

static void what_cannot_be_read_is_said(void **state) {
    struct pf_source source;
    struct pf_error err = PF_ERROR_INIT;
    char path[128];
    snprintf(path, sizeof path, "%s/nowhere.csv", folder);
    assert_int_equal(pf_local_store.open_source(NULL, path, &source, &err), PF_NOT_FOUND);
    assert_null(source.close);
    assert_int_equal(pf_local_store.open_source(NULL, folder, &source, &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "is a folder"));
    for (int64_t nth = 1; nth <= 2; nth++) {
        set_file(target, "x");
        pf_file_fail_from(nth, EIO);
        assert_int_equal(pf_local_store.open_source(NULL, target, &source, &err), PF_IO);
        pf_file_fail_from(0, 0);
    }
    pf_mem_fail_from(1);
    assert_int_equal(pf_local_store.open_source(NULL, target, &source, &err), PF_NO_MEMORY);
    pf_mem_fail_from(0);
}

static void files_of_the_kernel_are_read_although_they_say_empty(void **state) {
    struct pf_source source;
    uint8_t *all = NULL;
    size_t size = 0;
    assert_int_equal(pf_local_store.open_source(NULL, "/proc/self/status", &source, NULL), PF_OK);
    assert_int_equal(source.random, 0);
    assert_int_equal(pf_source_slurp(&source, 1 << 20, &all, &size, NULL), PF_OK);
    assert_true(size > 100);
    pf_mem_free(all);
    pf_source_close(&source);
    set_file(target, "");
    assert_int_equal(pf_local_store.open_source(NULL, target, &source, NULL), PF_OK);
    assert_int_equal(source.random, 1);
    assert_int_equal(source.size_bytes, 0);
    pf_source_close(&source);
}

static void standard_input_is_read_forward(void **state) {
    int ends[2], before = dup(0);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], 0), 0);
    struct pf_source source;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_local_store.open_source(NULL, "-", &source, NULL), PF_OK);
    assert_int_equal(dup2(before, 0), 0);
    close(before);
    close(ends[0]);
    assert_int_equal(source.random, 0);
    assert_int_equal(source.size_bytes, -1);
    char *big = pf_mem_zero(1, 30000), text[20];
    memcpy(big + 20000, "hello", 5);
    assert_int_equal(write(ends[1], big, 30000), 30000);
    close(ends[1]);
    size_t got;
    assert_int_equal(source.read_at(&source, 0, text, 10, &got, NULL), PF_OK);
    assert_int_equal(got, 10);
    assert_int_equal(source.read_at(&source, 20000, text, 5, &got, NULL), PF_OK); /* a gap is skipped */
    assert_memory_equal(text, "hello", 5);
    assert_int_equal(source.read_at(&source, 20004, text, 5, &got, &err), PF_STATE);
    assert_int_equal(source.read_at(&source, 29998, text, 20, &got, NULL), PF_OK);
    assert_int_equal(got, 2);
    assert_int_equal(source.read_at(&source, 40000, text, 20, &got, NULL), PF_OK);
    assert_int_equal(got, 0);
    pf_source_close(&source);
    pf_mem_free(big);
}

static atomic_bool stop;

static int32_t ask_stop(struct pf_host *host) { return atomic_load(&stop); }

static void stop_soon(void *arg) {
    usleep(30000);
    atomic_store(&stop, true);
}

static void waiting_for_a_pipe_lets_a_cancel_in(void **state) {
    char path[128];
    snprintf(path, sizeof path, "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    struct pf_host host = {.struct_size = sizeof host, .cancelled = ask_stop};
    struct pf_source source;
    pf_thread thread;
    char byte;
    size_t got;
    assert_int_equal(pf_local_store.open_source(&host, path, &source, NULL), PF_OK);
    assert_int_equal(pf_thread_start(&thread, stop_soon, NULL, NULL), PF_OK);
    int64_t start = pf_clock_ns();
    assert_int_equal(source.read_at(&source, 0, &byte, 1, &got, NULL), PF_CANCELLED);
    assert_true(pf_clock_ns() - start < (int64_t)1000000000);
    pf_thread_join(&thread);
    pf_source_close(&source);
    unlink(path);
}

/* ---- sinks ---- */

static void the_target_appears_at_commit_and_not_before(void **state) {
    struct pf_sink sink;
    unlink(target);
    assert_int_equal(pf_local_store.open_sink(NULL, target, 0, &sink, NULL), PF_OK);
    assert_int_equal(sink.write(&sink, "abc", 3, NULL), PF_OK);
    assert_null(content(target));
    assert_int_equal(count_temporaries(), 1);
    assert_int_equal(sink.commit(&sink, NULL), PF_OK);
    assert_string_equal(content(target), "abc");
    assert_int_equal(count_temporaries(), 0);
    assert_int_equal(sink.commit(&sink, NULL), PF_STATE);
    sink.abort(&sink);
    assert_string_equal(content(target), "abc");
}

static void an_abort_leaves_nothing(void **state) {
    struct pf_sink sink;
    set_file(target, "old");
    assert_int_equal(pf_local_store.open_sink(NULL, target, PF_SINK_REPLACE, &sink, NULL), PF_OK);
    assert_int_equal(sink.write(&sink, "abc", 3, NULL), PF_OK);
    sink.abort(&sink);
    assert_string_equal(content(target), "old");
    assert_int_equal(count_temporaries(), 0);
}

static void nothing_is_replaced_without_leave(void **state) {
    struct pf_sink sink;
    struct pf_error err = PF_ERROR_INIT;
    set_file(target, "old");
    assert_int_equal(pf_local_store.open_sink(NULL, target, 0, &sink, &err), PF_EXISTS);
    assert_non_null(strstr(err.message, "--force"));
    unlink(target);
    assert_int_equal(pf_local_store.open_sink(NULL, target, 0, &sink, NULL), PF_OK);
    set_file(target, "came between");
    assert_int_equal(sink.commit(&sink, &err), PF_EXISTS);
    assert_string_equal(content(target), "came between");
    unlink(target);
    assert_int_equal(pf_local_store.open_sink(NULL, target, 0, &sink, NULL), PF_OK);
    set_file(target, "came between");
    pf_file_fail_once(2, EOPNOTSUPP); /* close, link: a file system without hard links */
    assert_int_equal(sink.commit(&sink, &err), PF_EXISTS);
    pf_file_fail_from(0, 0);
    assert_string_equal(content(target), "came between");
    assert_int_equal(count_temporaries(), 0);
}

static void without_hard_links_a_new_file_is_renamed(void **state) {
    struct pf_sink sink;
    unlink(target);
    assert_int_equal(pf_local_store.open_sink(NULL, target, 0, &sink, NULL), PF_OK);
    assert_int_equal(sink.write(&sink, "abc", 3, NULL), PF_OK);
    pf_file_fail_once(2, EPERM); /* close, link */
    assert_int_equal(sink.commit(&sink, NULL), PF_OK);
    pf_file_fail_from(0, 0);
    assert_string_equal(content(target), "abc");
    assert_int_equal(count_temporaries(), 0);
}

static void a_replaced_file_keeps_its_mode_and_is_never_more_open(void **state) {
    struct stat st;
    mode_t before = umask(022);
    set_file(target, "old");
    assert_int_equal(chmod(target, 0640), 0);
    struct pf_sink sink;
    assert_int_equal(pf_local_store.open_sink(NULL, target, PF_SINK_REPLACE, &sink, NULL), PF_OK);
    char command[200];
    snprintf(command, sizeof command, "test \"$(stat -c %%a %s/.out.parquet.tmp-*)\" = 600", folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(sink.commit(&sink, NULL), PF_OK);
    assert_int_equal(stat(target, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    unlink(target);
    assert_int_equal(write_target(target, 0, NULL), PF_OK);
    assert_int_equal(stat(target, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0644);
    umask(before);
}

static void a_link_stays_and_what_it_names_is_replaced(void **state) {
    char link[128], dangling[128];
    struct stat st;
    struct pf_error err = PF_ERROR_INIT;
    snprintf(link, sizeof link, "%s/link", folder);
    snprintf(dangling, sizeof dangling, "%s/dangling", folder);
    set_file(target, "old");
    assert_int_equal(symlink("out.parquet", link), 0);
    assert_int_equal(symlink("nowhere", dangling), 0);
    assert_int_equal(write_target(link, 0, &err), PF_EXISTS);
    assert_int_equal(write_target(link, PF_SINK_REPLACE, &err), PF_OK);
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_string_equal(content(target), "new content");
    assert_int_equal(write_target(dangling, PF_SINK_REPLACE, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, "link to nothing"));
    unlink(link);
    unlink(dangling);
}

static void what_is_no_regular_file_is_never_replaced(void **state) {
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(write_target(folder, PF_SINK_REPLACE, &err), PF_ARGUMENT);
    assert_int_equal(write_target("/dev/null", PF_SINK_REPLACE, &err), PF_ARGUMENT);
    assert_int_equal(write_target("-", 0, &err), PF_ARGUMENT);
    assert_int_equal(write_target("", 0, &err), PF_ARGUMENT);
    assert_int_equal(write_target("/tmp/", 0, &err), PF_ARGUMENT);
    assert_int_equal(write_target("/nowhere/at/all.csv", 0, &err), PF_NOT_FOUND);
}

static void the_first_failed_write_stays(void **state) {
    struct pf_sink sink;
    struct pf_error err = PF_ERROR_INIT;
    unlink(target);
    assert_int_equal(pf_local_store.open_sink(NULL, target, 0, &sink, NULL), PF_OK);
    pf_file_fail_once(1, ENOSPC);
    assert_int_equal(sink.write(&sink, "abc", 3, &err), PF_IO);
    pf_file_fail_from(0, 0);
    assert_int_equal(sink.write(&sink, "abc", 3, &err), PF_IO);
    pf_error_clear(&err);
    assert_int_equal(sink.commit(&sink, &err), PF_IO);
    assert_non_null(strstr(err.message, "free some space"));
    assert_null(content(target));
    assert_int_equal(count_temporaries(), 0);
}

static void a_close_that_fails_is_no_commit(void **state) {
    struct pf_sink sink;
    unlink(target);
    assert_int_equal(pf_local_store.open_sink(NULL, target, 0, &sink, NULL), PF_OK);
    assert_int_equal(sink.write(&sink, "abc", 3, NULL), PF_OK);
    pf_file_fail_once(1, EIO); /* some systems say only then that the bytes are lost */
    assert_int_equal(sink.commit(&sink, NULL), PF_IO);
    pf_file_fail_from(0, 0);
    assert_null(content(target));
    assert_int_equal(count_temporaries(), 0);
}

static void a_sync_that_fails_is_no_commit(void **state) {
    struct pf_sink sink;
    unlink(target);
    assert_int_equal(pf_local_store.open_sink(NULL, target, PF_SINK_SYNC, &sink, NULL), PF_OK);
    pf_file_fail_once(1, EIO);
    assert_int_equal(sink.commit(&sink, NULL), PF_IO);
    pf_file_fail_from(0, 0);
    assert_null(content(target));
}

/* ---- every call fails once, or from then on ---- */

enum { ONCE, FROM };

static bool is_new(const char *text) { return text && strcmp(text, "new content") == 0; }

static void sweep_sink(uint32_t flags, const char *old, int mode, int number) {
    for (int64_t nth = 1;; nth++) {
        assert_true(nth < 100);
        if (old)
            set_file(target, old);
        else
            unlink(target);
        struct pf_error err = PF_ERROR_INIT;
        if (mode == ONCE)
            pf_file_fail_once(nth, number);
        else
            pf_file_fail_from(nth, number);
        pf_status status = write_target(target, flags, &err);
        int64_t calls = pf_file_calls();
        pf_file_fail_from(0, 0);
        const char *now = content(target);
        if (status == PF_OK)
            assert_true(is_new(now));
        else
            assert_true(err.code == status && err.message[0]);
        assert_true(is_new(now) || (old ? now && strcmp(now, old) == 0 : !now));
        int left = count_temporaries();
        if (mode == ONCE) /* only when the second name of the good file could not be removed */
            assert_true(left == 0 || (left == 1 && is_new(now) && !(flags & PF_SINK_REPLACE)));
        struct pf_sink sink; /* the next run cleans up */
        assert_int_equal(pf_local_store.open_sink(NULL, target, PF_SINK_REPLACE, &sink, NULL), PF_OK);
        assert_int_equal(count_temporaries(), 1);
        sink.abort(&sink);
        if (calls < nth)
            break;
    }
}

static void whatever_call_fails_the_target_is_old_or_new_or_not_there(void **state) {
    const int numbers[] = {EIO, ENOSPC, EACCES, ENOENT};
    for (size_t i = 0; i < 4; i++)
        for (int mode = ONCE; mode <= FROM; mode++) {
            sweep_sink(0, NULL, mode, numbers[i]);
            sweep_sink(PF_SINK_REPLACE, NULL, mode, numbers[i]);
            sweep_sink(PF_SINK_REPLACE, "old", mode, numbers[i]);
            sweep_sink(PF_SINK_REPLACE | PF_SINK_SYNC, "old", mode, numbers[i]);
            sweep_sink(PF_SINK_SYNC, NULL, mode, numbers[i]);
        }
}

static void whatever_memory_is_refused_nothing_stays(void **state) {
    for (int64_t nth = 1;; nth++) {
        assert_true(nth < 100);
        set_file(target, "old");
        struct pf_error err = PF_ERROR_INIT;
        pf_mem_fail_from(nth);
        pf_status status = write_target(target, PF_SINK_REPLACE, &err);
        int64_t count = pf_mem_count();
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_string_equal(content(target), status == PF_OK ? "new content" : "old");
        assert_int_equal(count_temporaries(), 0);
        if (count < nth)
            break;
    }
}

static void put_new_puts_whole_or_not_at_all(void **state) {
    struct pf_error err = PF_ERROR_INIT;
    unlink(target);
    assert_int_equal(pf_local_store.put_new(NULL, target, "new content", 11, &err), PF_OK);
    assert_string_equal(content(target), "new content");
    assert_int_equal(pf_local_store.put_new(NULL, target, "other", 5, &err), PF_EXISTS);
    assert_string_equal(content(target), "new content");
    assert_int_equal(count_temporaries(), 0);
    for (int mode = ONCE; mode <= FROM; mode++)
        for (int64_t nth = 1;; nth++) {
            unlink(target);
            if (mode == ONCE)
                pf_file_fail_once(nth, EIO);
            else
                pf_file_fail_from(nth, EIO);
            pf_status status = pf_local_store.put_new(NULL, target, "new content", 11, &err);
            int64_t calls = pf_file_calls();
            pf_file_fail_from(0, 0);
            const char *now = content(target);
            assert_true(status == PF_OK ? is_new(now) : !now);
            struct pf_sink sink;
            assert_int_equal(pf_local_store.open_sink(NULL, target, PF_SINK_REPLACE, &sink, NULL), PF_OK);
            sink.abort(&sink);
            assert_int_equal(count_temporaries(), 0);
            if (calls < nth)
                break;
        }
}

/* ---- lists ---- */

struct seen {
    char text[200];
    int64_t bytes;
    int stop_after;
};

static int32_t see(void *ctx, const struct pf_entry *entry) {
    struct seen *seen = ctx;
    strcat(seen->text, entry->name);
    strcat(seen->text, entry->directory ? "/ " : " ");
    seen->bytes += entry->directory ? 0 : entry->size_bytes;
    return --seen->stop_after == 0;
}

static void folders_are_listed_in_order(void **state) {
    char path[200], sub[128];
    snprintf(sub, sizeof sub, "%s/list", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    for (const char *name = "cab"; *name; name++) {
        snprintf(path, sizeof path, "%s/%c.csv", sub, *name);
        set_file(path, "12345");
    }
    snprintf(path, sizeof path, "%s/d", sub);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/e", sub);
    assert_int_equal(symlink("nowhere", path), 0);
    struct seen seen = {.stop_after = 100};
    assert_int_equal(pf_local_store.list(NULL, sub, see, &seen, NULL), PF_OK);
    assert_string_equal(seen.text, "a.csv b.csv c.csv d/ e ");
    assert_int_equal(seen.bytes, 15 + 7);
    seen = (struct seen){.stop_after = 2};
    assert_int_equal(pf_local_store.list(NULL, sub, see, &seen, NULL), PF_OK);
    assert_string_equal(seen.text, "a.csv b.csv ");
    assert_int_equal(pf_local_store.list(NULL, "/nowhere", see, &seen, NULL), PF_NOT_FOUND);
    for (int64_t nth = 1; nth < 100; nth++) {
        seen = (struct seen){.stop_after = 100};
        pf_mem_fail_from(nth);
        pf_status status = pf_local_store.list(NULL, sub, see, &seen, NULL);
        pf_mem_fail_from(0);
        if (status == PF_OK)
            break;
        assert_int_equal(status, PF_NO_MEMORY);
    }
    assert_string_equal(seen.text, "a.csv b.csv c.csv d/ e ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_random_sources),
        cmocka_unit_test(a_file_that_shrinks_is_a_failure_and_one_that_grows_is_cut),
        cmocka_unit_test(what_cannot_be_read_is_said),
        cmocka_unit_test(files_of_the_kernel_are_read_although_they_say_empty),
        cmocka_unit_test(standard_input_is_read_forward),
        cmocka_unit_test(waiting_for_a_pipe_lets_a_cancel_in),
        cmocka_unit_test(the_target_appears_at_commit_and_not_before),
        cmocka_unit_test(an_abort_leaves_nothing),
        cmocka_unit_test(nothing_is_replaced_without_leave),
        cmocka_unit_test(without_hard_links_a_new_file_is_renamed),
        cmocka_unit_test(a_replaced_file_keeps_its_mode_and_is_never_more_open),
        cmocka_unit_test(a_link_stays_and_what_it_names_is_replaced),
        cmocka_unit_test(what_is_no_regular_file_is_never_replaced),
        cmocka_unit_test(the_first_failed_write_stays),
        cmocka_unit_test(a_close_that_fails_is_no_commit),
        cmocka_unit_test(a_sync_that_fails_is_no_commit),
        cmocka_unit_test(whatever_call_fails_the_target_is_old_or_new_or_not_there),
        cmocka_unit_test(whatever_memory_is_refused_nothing_stays),
        cmocka_unit_test(put_new_puts_whole_or_not_at_all),
        cmocka_unit_test(folders_are_listed_in_order),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_all);
}
