/* thread.c — room base. Threads, mutexes, conditions, cores.               SPDX-License-Identifier: MIT
 * Knows: pthread, affinity, the CPU quotas of control groups.
 * Knows not: tasks. */
#include "base/thread.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

pf_status pf_mutex_init(pf_mutex *mutex, struct pf_error *err) {
    int number = pthread_mutex_init(&mutex->os, NULL);
    return number ? pf_fail_errno(err, number, "make", "a mutex") : PF_OK;
}

void pf_mutex_clear(pf_mutex *mutex) { pthread_mutex_destroy(&mutex->os); }
void pf_mutex_lock(pf_mutex *mutex) { pthread_mutex_lock(&mutex->os); }
void pf_mutex_unlock(pf_mutex *mutex) { pthread_mutex_unlock(&mutex->os); }

pf_status pf_condition_init(pf_condition *condition, struct pf_error *err) {
    pthread_condattr_t how;
    int number = pthread_condattr_init(&how);
    if (number)
        return pf_fail_errno(err, number, "make", "a condition");
    number = pthread_condattr_setclock(&how, CLOCK_MONOTONIC); /* the wall clock may jump */
    if (!number)
        number = pthread_cond_init(&condition->os, &how);
    pthread_condattr_destroy(&how);
    return number ? pf_fail_errno(err, number, "make", "a condition") : PF_OK;
}

void pf_condition_clear(pf_condition *condition) { pthread_cond_destroy(&condition->os); }

void pf_condition_wait(pf_condition *condition, pf_mutex *mutex) {
    pthread_cond_wait(&condition->os, &mutex->os);
}

bool pf_condition_wait_ms(pf_condition *condition, pf_mutex *mutex, int wait_ms) {
    struct timespec until = {0};
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (int64_t)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return pthread_cond_timedwait(&condition->os, &mutex->os, &until) != ETIMEDOUT;
}

void pf_condition_signal(pf_condition *condition) { pthread_cond_signal(&condition->os); }
void pf_condition_broadcast(pf_condition *condition) { pthread_cond_broadcast(&condition->os); }

struct start {
    void (*run)(void *arg);
    void *arg;
};

static void *run_start(void *memory) {
    struct start start = *(struct start *)memory;
    pf_mem_free(memory);
    start.run(start.arg);
    return NULL;
}

pf_status pf_thread_start(pf_thread *thread, void (*run)(void *arg), void *arg, struct pf_error *err) {
    struct start *start = pf_mem_alloc(sizeof *start);
    if (!start)
        return pf_fail_memory(err, sizeof *start);
    *start = (struct start){run, arg};
    sigset_t all, before; /* signals are the opener's business: a worker must not be picked to handle one */
    sigfillset(&all);
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL,
                              SIGABRT}; /* what a thread does itself meets it */
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        sigdelset(&all, own[i]);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int number = pthread_create(&thread->os, NULL, run_start, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (number == 0)
        return PF_OK;
    pf_mem_free(start);
    return pf_fail(err, PF_NO_MEMORY, "the system gives no thread (error %d); use fewer --threads", number);
}

void pf_thread_join(pf_thread *thread) { pthread_join(thread->os, NULL); }

void pf_thread_leave(pf_thread *thread) { pthread_detach(thread->os); }

pf_thread pf_thread_self(void) { return (pf_thread){pthread_self()}; }

bool pf_thread_same(pf_thread a, pf_thread b) { return pthread_equal(a.os, b.os) != 0; }

/* ---- cores ------------------------------------------------------------------------------------------ */

static int count_affinity(void) {
    cpu_set_t few;
    CPU_ZERO(&few);
    if (sched_getaffinity(0, sizeof few, &few) == 0)
        return CPU_COUNT(&few);
    int count = (int)sysconf(_SC_NPROCESSORS_ONLN); /* more processors than the set has room for */
    return count > 0 ? count : 1;
}

/* A small file as text, or false. */
static bool read_text(const char *path, char *to, size_t room) {
    pf_file file = PF_FILE_CLOSED;
    if (pf_file_open_read(path, &file, NULL) != PF_OK)
        return false;
    size_t size = 0, got = 1;
    while (got > 0 && size < room - 1)
        if (pf_file_read(file, to + size, room - 1 - size, &got, path, NULL) != PF_OK)
            got = 0;
        else
            size += got;
    pf_file_close(&file, path, NULL);
    to[size] = 0;
    return size > 0;
}

/* A number at *at, which moves behind it; −1 for anything else ("max", "-1"). */
static int64_t take_number(const char **at) {
    int64_t value = -1;
    for (; **at >= '0' && **at <= '9' && value < INT64_MAX / 100; ++*at)
        value = (value < 0 ? 0 : value * 10) + (**at - '0');
    return value;
}

static int whole_cores(int64_t quota, int64_t period) {
    if (quota <= 0 || period <= 0)
        return PF_CEIL_THREADS;
    int64_t cores = (quota + period - 1) / period;
    return cores < 1 ? 1 : cores < PF_CEIL_THREADS ? (int)cores : PF_CEIL_THREADS;
}

/* The quota of one group's folder, of version 2 or 1. */
static int read_quota(const char *folder, bool second) {
    char path[1200], text[64];
    const char *at = text;
    snprintf(path, sizeof path, "%s/%s", folder, second ? "cpu.max" : "cpu.cfs_quota_us");
    if (!read_text(path, text, sizeof text))
        return PF_CEIL_THREADS;
    int64_t quota = take_number(&at);
    if (second) {
        at += *at == ' ';
        return whole_cores(quota, take_number(&at));
    }
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    if (quota <= 0 || !read_text(path, text, sizeof text))
        return PF_CEIL_THREADS;
    at = text;
    return whole_cores(quota, take_number(&at));
}

/* The smallest quota from the group up to the root: each level limits those below. Inside a container the path
 * may name folders that only the outside has; the root is always looked at. */
static int walk_groups(const char *mount, const char *group, size_t group_size, bool second) {
    char folder[1100];
    int least = PF_CEIL_THREADS;
    for (size_t size = group_size;; size--) {
        if (size > 0 && size != group_size && group[size] != '/')
            continue;
        if (snprintf(folder, sizeof folder, "%s%.*s", mount, (int)size, group) < (int)sizeof folder) {
            int cores = read_quota(folder, second);
            least = cores < least ? cores : least;
        }
        if (size == 0)
            return least;
    }
}

/* Does the list "cpu,cpuacct" name the cpu controller? */
static bool has_cpu(const char *list, size_t size) {
    for (size_t i = 0; i + 3 <= size; i++)
        if ((i == 0 || list[i - 1] == ',') && memcmp(list + i, "cpu", 3) == 0 &&
            (i + 3 == size || list[i + 3] == ','))
            return true;
    return false;
}

int pf_thread_quota(const char *groups, const char *mount) {
    char text[4096];
    int least = PF_CEIL_THREADS;
    if (!read_text(groups, text, sizeof text))
        return least;
    for (const char *line = text, *end; *line; line = *end ? end + 1 : end) { /* 4:cpu,cpuacct:/group */
        end = strchr(line, '\n');
        end = end ? end : line + strlen(line);
        const char *list = memchr(line, ':', (size_t)(end - line));
        const char *group = list ? memchr(list + 1, ':', (size_t)(end - list - 1)) : NULL;
        if (!group)
            continue;
        size_t list_size = (size_t)(group - list - 1), group_size = (size_t)(end - group - 1);
        char controller[900];
        int cores = PF_CEIL_THREADS;
        if (list_size == 0)
            cores = walk_groups(mount, group + 1, group_size, true);
        else if (has_cpu(list + 1, list_size) && list_size < 200) {
            snprintf(controller, sizeof controller, "%s/%.*s", mount, (int)list_size, list + 1);
            cores = walk_groups(controller, group + 1, group_size, false);
        }
        least = cores < least ? cores : least;
    }
    return least;
}

int pf_thread_cores(void) {
    int cores = count_affinity(), quota = pf_thread_quota("/proc/self/cgroup", "/sys/fs/cgroup");
    cores = cores < quota ? cores : quota;
    return cores < 1 ? 1 : cores;
}
