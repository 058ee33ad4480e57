/* registry_errand.c — room registry. Foreign code on a thread of its own, watched.
 * SPDX-License-Identifier: MIT
 * Knows: deadlines, who owns what after one has passed.
 * Knows not: what the code does. */
#include "registry/registry_errand.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"

struct watched {
    struct pf_errand errand;
    pf_mutex mutex;
    pf_condition changed;
    size_t current;
    int64_t started_ns; /* of the current step */
    bool done;
    bool left; /* the watcher went away */
};

static void free_watched(struct watched *watched) {
    pf_condition_clear(&watched->changed);
    pf_mutex_clear(&watched->mutex);
    pf_mem_free(watched);
}

static void run_steps(void *arg) {
    struct watched *watched = arg;
    const struct pf_errand *errand = &watched->errand;
    bool more = errand->count > 0, left = false;
    for (size_t i = 0; more && !left; i++) {
        pf_mutex_lock(&watched->mutex);
        left = watched->left;
        watched->current = i;
        watched->started_ns = pf_clock_ns();
        pf_mutex_unlock(&watched->mutex);
        if (!left)
            more = errand->step(errand->arg, i) && i + 1 < errand->count;
    }
    pf_mutex_lock(&watched->mutex);
    watched->done = true;
    left = watched->left;
    pf_condition_signal(&watched->changed);
    pf_mutex_unlock(&watched->mutex);
    if (left) {
        errand->drop(errand->arg);
        free_watched(watched);
    }
}

/* Until the thread is done or its present step is late. */
static void watch(struct watched *watched, int limit_ms, size_t *late) {
    pf_mutex_lock(&watched->mutex);
    while (!watched->done) {
        int64_t spent_ms = (pf_clock_ns() - watched->started_ns) / 1000000;
        if (spent_ms >= limit_ms) {
            watched->left = true;
            *late = watched->current;
            break;
        }
        pf_condition_wait_ms(&watched->changed, &watched->mutex, (int)(limit_ms - spent_ms));
    }
    pf_mutex_unlock(&watched->mutex);
}

pf_status pf_errand_run(const struct pf_errand *errand, int limit_ms, size_t *late, struct pf_error *err) {
    *late = errand->count;
    struct watched *watched = pf_mem_zero(1, sizeof *watched);
    if (!watched)
        return pf_fail_memory(err, sizeof *watched);
    watched->errand = *errand;
    watched->started_ns = pf_clock_ns();
    pf_status status = pf_mutex_init(&watched->mutex, err);
    if (status == PF_OK) {
        status = pf_condition_init(&watched->changed, err);
        if (status != PF_OK)
            pf_mutex_clear(&watched->mutex);
    }
    if (status != PF_OK) {
        pf_mem_free(watched);
        return status;
    }
    pf_thread thread;
    status = pf_thread_start(&thread, run_steps, watched, err);
    if (status != PF_OK) {
        free_watched(watched);
        return status;
    }
    watch(watched, limit_ms, late);
    if (*late < errand->count) {
        pf_thread_leave(&thread);
        return PF_OK;
    }
    pf_thread_join(&thread);
    free_watched(watched);
    return PF_OK;
}
