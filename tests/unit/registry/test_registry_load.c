/* test_registry_load.c — foreign code with a deadline: init, shutdown, and the host that they keep.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "registry/registry_errand.h"
#include "registry/registry_load.h"

#if defined __has_feature
#if __has_feature(thread_sanitizer)
#define WATCHED_BY_TSAN
#endif
#endif

/* ---- errands ---- */

/* What a thread that is left alone may touch lives on; `dropped` is posted when it has given it up. */
struct work {
    size_t hangs_at, ends_at;
    size_t done;
    sem_t go;
};
static sem_t dropped;
static struct pf_errands errands;

static bool step(void *arg, size_t index) {
    struct work *work = arg;
    if (index == work->hangs_at)
        sem_wait(&work->go);
    work->done++;
    return index != work->ends_at;
}
static void drop(void *arg) {
    free(arg);
    sem_post(&dropped);
}
static struct work *make_work(size_t hangs_at, size_t ends_at) {
    struct work *work = calloc(1, sizeof *work);
    assert_non_null(work);
    work->hangs_at = hangs_at;
    work->ends_at = ends_at;
    sem_init(&work->go, 0, 0);
    sem_init(&dropped, 0, 0);
    return work;
}

static void all_steps_are_done_and_the_argument_is_the_callers_again(void **state) {
    struct work *work = make_work(SIZE_MAX, SIZE_MAX);
    const struct pf_errand errand = {.arg = work, .drop = drop, .step = step, .count = 5};
    size_t late;
    assert_int_equal(pf_errand_run(&errands, &errand, 5000, &late, NULL), PF_OK);
    assert_int_equal(late, 5);
    assert_int_equal(work->done, 5);
    free(work);
}

static void a_step_may_be_the_last(void **state) {
    struct work *work = make_work(SIZE_MAX, 1);
    const struct pf_errand errand = {.arg = work, .drop = drop, .step = step, .count = 5},
                           nothing = {.arg = work, .drop = drop, .step = step, .count = 0};
    size_t late;
    assert_int_equal(pf_errand_run(&errands, &errand, 5000, &late, NULL), PF_OK);
    assert_int_equal(late, 5);
    assert_int_equal(work->done, 2);
    assert_int_equal(pf_errand_run(&errands, &nothing, 5000, &late, NULL), PF_OK);
    assert_int_equal(work->done, 2);
    free(work);
}

static void a_late_step_is_named_and_its_thread_does_no_further_one(void **state) {
    struct work *work = make_work(2, SIZE_MAX);
    const struct pf_errand errand = {.arg = work, .drop = drop, .step = step, .count = 5};
    size_t late;
    assert_int_equal(pf_errand_run(&errands, &errand, 20, &late, NULL), PF_OK);
    assert_int_equal(late, 2);
    assert_int_equal(work->done, 2);
    sem_post(&work->go); /* it comes to itself, sees that nobody waits, and cleans up */
    sem_wait(&dropped);
}

static void an_errand_without_memory_never_begins(void **state) {
    struct work *work = make_work(SIZE_MAX, SIZE_MAX);
    const struct pf_errand errand = {.arg = work, .drop = drop, .step = step, .count = 5};
    size_t late;
    pf_mem_fail_once(1);
    assert_int_equal(pf_errand_run(&errands, &errand, 5000, &late, NULL), PF_NO_MEMORY);
    pf_mem_fail_once(0);
    assert_int_equal(late, 5);
    assert_int_equal(work->done, 0);
    free(work);
}

/* Steps note their thread, say that they have come, and wait until they may go. */
struct seen {
    pthread_t threads[2];
    sem_t *come, *go;
};
static bool note_thread(void *arg, size_t index) {
    struct seen *seen = arg;
    seen->threads[index] = pthread_self();
    if (seen->come)
        sem_post(seen->come);
    if (seen->go)
        sem_wait(seen->go);
    return true;
}
static void note(struct seen *seen, size_t count) {
    const struct pf_errand errand = {.arg = seen, .drop = drop, .step = note_thread, .count = count};
    size_t late;
    assert_int_equal(pf_errand_run(&errands, &errand, 5000, &late, NULL), PF_OK);
    assert_int_equal(late, count);
}
static void *note_one(void *seen) {
    note(seen, 1);
    return NULL;
}

static void errands_one_after_another_share_a_thread_that_is_not_the_callers(void **state) {
    struct seen first = {0}, second = {0};
    note(&first, 2);
    note(&second, 1);
    assert_true(pthread_equal(first.threads[0], first.threads[1]));
    assert_true(pthread_equal(first.threads[0], second.threads[0]));
    assert_false(pthread_equal(first.threads[0], pthread_self()));
}

static void errands_of_two_jobs_do_not_wait_for_each_other(void **state) {
    sem_t come, go;
    pthread_t job;
    struct seen waits = {.come = &come, .go = &go}, other = {0};
    sem_init(&come, 0, 0);
    sem_init(&go, 0, 0);
    assert_int_equal(pthread_create(&job, NULL, note_one, &waits), 0);
    sem_wait(&come);
    note(&other, 1);
    assert_false(pthread_equal(waits.threads[0], other.threads[0]));
    sem_post(&go);
    pthread_join(job, NULL);
}

static void a_forked_child_has_a_thread_of_its_own(void **state) {
#ifdef WATCHED_BY_TSAN
    skip(); /* it lets no forked child have threads */
#endif
    struct seen seen = {0};
    int end = -1;
    note(&seen, 1);
    pid_t child = fork();
    if (child == 0) {
        const struct pf_errand errand = {.arg = &seen, .drop = drop, .step = note_thread, .count = 1};
        size_t late = 0;
        pf_status status = pf_errand_run(&errands, &errand, 2000, &late, NULL);
        _exit(status == PF_OK && late == 1 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &end, 0), child);
    assert_int_equal(end, 0);
}

/* Of this program: entries of a folder of Linux. */
static int count_threads(void) {
    int count = 0;
    DIR *folder = opendir("/proc/self/task");
    while (folder && readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void no_thread_is_left_when_they_end(void **state) {
    int before = count_threads();
    struct pf_errands some = {NULL};
    struct work *work = make_work(SIZE_MAX, SIZE_MAX);
    const struct pf_errand errand = {.arg = work, .drop = drop, .step = step, .count = 1};
    size_t late;
    assert_int_equal(pf_errand_run(&some, &errand, 5000, &late, NULL), PF_OK);
    assert_int_equal(count_threads(), before + 1);
    pf_errands_end(&some);
    assert_int_equal(count_threads(), before);
    pf_errands_end(&some);
    free(work);
}

/* ---- init and shutdown ---- */

static sem_t hang;
static int ended;
static pf_status start(struct pf_host *host, void **self, struct pf_error *err) {
    *self = &ended;
    return PF_OK;
}
static pf_status start_mute(struct pf_host *host, void **self, struct pf_error *err) {
    *self = &ended;
    return PF_DENIED;
}
static pf_status start_unavailable(struct pf_host *host, void **self, struct pf_error *err) {
    return pf_fail(err, PF_UNAVAILABLE, "not here; go there");
}
static pf_status start_never(struct pf_host *host, void **self, struct pf_error *err) {
    sem_wait(&hang);
    host->log(host, PF_LOG_ERROR, "nobody should hear this");
    *self = &ended;
    sem_post(&dropped);
    return PF_OK;
}
static void end(void *self) { ++*(int *)self; }
static void end_never(void *self) {
    sem_wait(&hang);
    sem_post(&dropped);
}

static struct pf_extension make_extension(pf_status (*init)(struct pf_host *, void **, struct pf_error *)) {
    return (struct pf_extension){
        .struct_size = sizeof(struct pf_extension), .name = "it", .version = "1", .init = init};
}

static void init_gives_self_or_says_no_in_words(void **state) {
    struct pf_registry_host *host = NULL;
    struct pf_loaded loaded;
    struct pf_error err = PF_ERROR_INIT;
    struct pf_extension it = make_extension(start);
    assert_int_equal(pf_registry_host_open(&host, NULL, &err), PF_OK);
    assert_int_equal(pf_load_watched("/it.so", NULL, &it, host, 5000, &loaded, &err), PF_OK);
    assert_true(loaded.self == &ended && loaded.extension == &it && !loaded.late && loaded.spent_ns > 0);
    assert_string_equal(loaded.stage, PF_STAGE_INIT);
    it = make_extension(NULL);
    assert_int_equal(pf_load_watched("/it.so", NULL, &it, host, 5000, &loaded, &err), PF_OK);
    assert_null(loaded.self);
    it = make_extension(start_mute);
    assert_int_equal(pf_load_watched("/it.so", NULL, &it, host, 5000, &loaded, &err), PF_DENIED);
    assert_null(loaded.self);
    assert_non_null(strstr(err.message, "init answered 22 without a message"));
    it = make_extension(start_unavailable);
    assert_int_equal(pf_load_watched("/it.so", NULL, &it, host, 5000, &loaded, &err), PF_UNAVAILABLE);
    assert_string_equal(err.message, "not here; go there");
    assert_int_equal(pf_load_watched("/it.so", NULL, &it, host, 5000, &loaded, NULL), PF_UNAVAILABLE);
    pf_registry_host_close(&host);
    pf_registry_host_close(&host);
}

static void a_library_that_is_none_is_told_by_the_loader(void **state) {
    struct pf_registry_host *host = NULL;
    struct pf_loaded loaded;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_registry_host_open(&host, NULL, &err), PF_OK);
    assert_int_equal(pf_load_watched("/no/such.so", NULL, NULL, host, 5000, &loaded, &err), PF_EXTENSION);
    assert_string_equal(loaded.stage, PF_STAGE_OPEN);
    assert_null(loaded.extension);
    assert_non_null(strstr(err.message, "cannot be opened"));
    pf_registry_host_close(&host);
}

static void a_late_init_is_left_alone_with_its_host(void **state) {
    struct pf_registry_host *host = NULL;
    struct pf_loaded loaded;
    struct pf_error err = PF_ERROR_INIT;
    struct pf_extension it = make_extension(start_never);
    sem_init(&hang, 0, 0);
    sem_init(&dropped, 0, 0);
    assert_int_equal(pf_registry_host_open(&host, NULL, &err), PF_OK);
    assert_int_equal(pf_load_watched("/it.so", NULL, &it, host, 20, &loaded, &err), PF_EXTENSION);
    assert_true(loaded.late && host->kept);
    assert_string_equal(loaded.stage, PF_STAGE_INIT);
    assert_non_null(strstr(err.message, "init took more than 20 ms"));
    struct pf_registry_host *still = host;
    pf_registry_host_close(&host);
    assert_null(host);
    sem_post(&hang); /* it logs into the closed host, which is there for it */
    sem_wait(&dropped);
    usleep(20000);
    assert_null(still->log);
    pf_mutex_clear(&still->mutex);
    pf_mem_free(still);
}

static void shutdown_is_called_once_and_not_waited_for_for_ever(void **state) {
    struct pf_registry_host *host = NULL;
    assert_int_equal(pf_registry_host_open(&host, NULL, NULL), PF_OK);
    struct pf_extension it = make_extension(start);
    ended = 0;
    assert_true(pf_load_shutdown(&it, &ended, host, 5000)); /* it has none */
    it.shutdown = end;
    assert_true(pf_load_shutdown(&it, &ended, host, 5000));
    assert_int_equal(ended, 1);
    sem_init(&hang, 0, 0);
    sem_init(&dropped, 0, 0);
    it.shutdown = end_never;
    assert_false(pf_load_shutdown(&it, &ended, host, 20));
    sem_post(&hang);
    sem_wait(&dropped);
    for (int64_t nth = 1; nth < 3; nth++) {
        it.shutdown = end;
        pf_mem_fail_once(nth);
        assert_true(pf_load_shutdown(&it, &ended, host, 5000));
        pf_mem_fail_once(0);
    }
    assert_int_equal(ended, 1);
    pf_registry_host_close(&host);
}

static void memory_that_runs_out_is_told_by_a_load(void **state) {
    struct pf_registry_host *host = NULL;
    struct pf_loaded loaded;
    struct pf_extension it = make_extension(start);
    pf_mem_fail_once(1);
    assert_int_equal(pf_registry_host_open(&host, NULL, NULL), PF_NO_MEMORY);
    pf_mem_fail_once(0);
    assert_null(host);
    assert_int_equal(pf_registry_host_open(&host, NULL, NULL), PF_OK);
    for (int64_t nth = 1; nth < 4; nth++) { /* load, path, errand */
        struct pf_error err = PF_ERROR_INIT;
        pf_mem_fail_once(nth);
        assert_int_equal(pf_load_watched("/it.so", NULL, &it, host, 5000, &loaded, &err), PF_NO_MEMORY);
        pf_mem_fail_once(0);
        assert_null(loaded.self);
    }
    pf_registry_host_close(&host);
}

/* ---- the host ---- */

static char heard[100];
static void listen(void *ctx, int32_t level, const char *text) {
    snprintf(heard, sizeof heard, "%d %s", (int)level, text);
}
static void add_one(void *arg, int64_t index) { *(int64_t *)arg += index; }

static void the_host_of_init_has_memory_and_a_log_and_knows_of_no_job(void **state) {
    struct pf_registry_host *host = NULL;
    struct pf_error err = PF_ERROR_INIT;
    const struct pf_log log = {.call = listen, .level = PF_LOG_INFO};
    int64_t sum = 0;
    assert_int_equal(pf_registry_host_open(&host, &log, NULL), PF_OK);
    struct pf_host *face = &host->face;
    void *memory = face->mem_alloc(face, 100);
    assert_non_null(memory);
    face->mem_free(face, memory);
    face->log(face, PF_LOG_INFO, "hello");
    assert_non_null(strstr(heard, "hello"));
    assert_int_equal(face->cancelled(face), 0);
    assert_null(face->job_get(face, "input"));
    assert_null(face->result_get(face, "rows-out"));
    assert_null(face->ask(face, "anything"));
    assert_int_equal(face->job_set(face, "limit", "1", &err), PF_STATE);
    assert_non_null(strstr(err.message, "use the host that such a call brings"));
    assert_int_equal(face->reject(face, NULL, &err), PF_STATE);
    assert_int_equal(face->open_sibling(face, ".x", NULL, &err), PF_STATE);
    assert_int_equal(face->result_put(face, NULL, NULL, &err), PF_STATE);
    face->notice(face, NULL);
    face->count(face, "rows-in", 1);
    assert_int_equal(face->run_tasks(face, add_one, &sum, 4), PF_OK);
    assert_int_equal(sum, 6);
    pf_registry_host_close(&host);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_steps_are_done_and_the_argument_is_the_callers_again),
        cmocka_unit_test(a_step_may_be_the_last),
        cmocka_unit_test(a_late_step_is_named_and_its_thread_does_no_further_one),
        cmocka_unit_test(an_errand_without_memory_never_begins),
        cmocka_unit_test(errands_one_after_another_share_a_thread_that_is_not_the_callers),
        cmocka_unit_test(errands_of_two_jobs_do_not_wait_for_each_other),
        cmocka_unit_test(a_forked_child_has_a_thread_of_its_own),
        cmocka_unit_test(no_thread_is_left_when_they_end),
        cmocka_unit_test(init_gives_self_or_says_no_in_words),
        cmocka_unit_test(a_library_that_is_none_is_told_by_the_loader),
        cmocka_unit_test(a_late_init_is_left_alone_with_its_host),
        cmocka_unit_test(shutdown_is_called_once_and_not_waited_for_for_ever),
        cmocka_unit_test(memory_that_runs_out_is_told_by_a_load),
        cmocka_unit_test(the_host_of_init_has_memory_and_a_log_and_knows_of_no_job),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pf_errands_end(&errands);
    return failed;
}
