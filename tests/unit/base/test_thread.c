/* test_thread.c — threads, mutexes, conditions, cores.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ceilings.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"

struct shared {
    pf_mutex mutex;
    pf_condition changed;
    int count;
    bool blocked;
};

static void add_many(void *arg) {
    struct shared *shared = arg;
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    for (int i = 0; i < 1000; i++) {
        pf_mutex_lock(&shared->mutex);
        shared->count++;
        shared->blocked = sigismember(&now, SIGINT) == 1 && sigismember(&now, SIGTERM) == 1;
        pf_condition_broadcast(&shared->changed);
        pf_mutex_unlock(&shared->mutex);
    }
}

static void threads_share_under_a_mutex_and_take_no_signals(void **state) {
    struct shared shared = {0};
    assert_int_equal(pf_mutex_init(&shared.mutex, NULL), PF_OK);
    assert_int_equal(pf_condition_init(&shared.changed, NULL), PF_OK);
    pf_thread threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pf_thread_start(&threads[i], add_many, &shared, NULL), PF_OK);
    pf_mutex_lock(&shared.mutex);
    while (shared.count < 4000)
        pf_condition_wait(&shared.changed, &shared.mutex);
    pf_mutex_unlock(&shared.mutex);
    for (int i = 0; i < 4; i++)
        pf_thread_join(&threads[i]);
    assert_int_equal(shared.count, 4000);
    assert_true(shared.blocked);
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    assert_int_equal(sigismember(&now, SIGINT), 0);
    pf_condition_clear(&shared.changed);
    pf_mutex_clear(&shared.mutex);
}

static void waiting_ends_when_the_time_has_passed(void **state) {
    pf_mutex mutex = PF_MUTEX_INIT;
    pf_condition condition;
    assert_int_equal(pf_condition_init(&condition, NULL), PF_OK);
    pf_mutex_lock(&mutex);
    int64_t start = pf_clock_ns();
    while (pf_condition_wait_ms(&condition, &mutex, 15))
        ;
    int64_t passed = pf_clock_ns() - start;
    assert_true(passed >= 14000000);
    pf_mutex_unlock(&mutex);
    pf_condition_clear(&condition);
    pf_mutex_clear(&mutex);
}

static void a_thread_knows_itself(void **state) {
    assert_true(pf_thread_same(pf_thread_self(), pf_thread_self()));
}

static void no_memory_starts_no_thread(void **state) {
    pf_thread thread;
    pf_mem_fail_from(1);
    assert_int_equal(pf_thread_start(&thread, add_many, NULL, NULL), PF_NO_MEMORY);
    pf_mem_fail_from(0);
}

static void cores_follow_the_affinity(void **state) {
    int before = pf_thread_cores();
    assert_true(before >= 1);
    cpu_set_t old, one;
    assert_int_equal(sched_getaffinity(0, sizeof old, &old), 0);
    CPU_ZERO(&one);
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &old)) {
            CPU_SET(i, &one);
            break;
        }
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(pf_thread_cores(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof old, &old), 0);
    assert_int_equal(pf_thread_cores(), before);
}

static char folder[64];

static void put(const char *name, const char *text) {
    char path[200], command[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\"", path);
    assert_int_equal(system(command), 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int quota_of(const char *groups) {
    char path[128];
    put("groups", groups);
    snprintf(path, sizeof path, "%s/groups", folder);
    return pf_thread_quota(path, folder);
}

static void the_smallest_quota_on_the_way_up_counts(void **state) {
    strcpy(folder, "/tmp/pyforge-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(quota_of("0::/a/b\n"), PF_CEIL_THREADS);
    put("a/b/cpu.max", "max 100000\n");
    assert_int_equal(quota_of("0::/a/b\n"), PF_CEIL_THREADS);
    put("a/cpu.max", "350000 100000\n"); /* three and a half */
    assert_int_equal(quota_of("0::/a/b\n"), 4);
    put("a/b/cpu.max", "10000 100000\n");
    assert_int_equal(quota_of("0::/a/b\n"), 1);
    assert_int_equal(quota_of("0::/a\n"), 4);
    assert_int_equal(quota_of("0::/elsewhere\n"), PF_CEIL_THREADS);
    put("cpu.max", "200000 100000\n"); /* inside a container only the root is there */
    assert_int_equal(quota_of("0::/elsewhere"), 2);
    put("cpu.max", "junk\n");
    put("cpu,cpuacct/x/cpu.cfs_quota_us", "300000\n");
    assert_int_equal(quota_of("3:memory:/x\n4:cpu,cpuacct:/x\n"), PF_CEIL_THREADS);
    put("cpu,cpuacct/x/cpu.cfs_period_us", "100000\n");
    assert_int_equal(quota_of("3:memory:/x\n4:cpu,cpuacct:/x\n"), 3);
    put("cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    assert_int_equal(quota_of("5:cpuset,cpuacct:/x\n"), PF_CEIL_THREADS);
    assert_int_equal(quota_of("junk\n\n4:cpu\n"), PF_CEIL_THREADS);
    assert_int_equal(pf_thread_quota("/nowhere/at/all", folder), PF_CEIL_THREADS);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_under_a_mutex_and_take_no_signals),
        cmocka_unit_test(waiting_ends_when_the_time_has_passed),
        cmocka_unit_test(a_thread_knows_itself),
        cmocka_unit_test(no_memory_starts_no_thread),
        cmocka_unit_test(cores_follow_the_affinity),
        cmocka_unit_test(the_smallest_quota_on_the_way_up_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
