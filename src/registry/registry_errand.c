/* registry_errand.c — room registry. Foreign code on a thread of its own, watched.
 * SPDX-License-Identifier: MIT
 * Knows: deadlines, who owns what after one has passed.
 * Knows not: what the code does. */
#include "registry/registry_errand.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"

#define SPIN_NS 40000 /* a wake-up takes about as long, and most errands less */

struct watched {
    struct pf_errand errand;
    atomic_int holders; /* the watcher, and the thread */
    atomic_bool done;
    pf_mutex mutex;
    pf_condition changed;
    size_t current;
    int64_t started_ns; /* of the current step */
    bool left;          /* the watcher went away */
};

static void let_go(struct watched *watched) {
    if (atomic_fetch_sub(&watched->holders, 1) != 1)
        return;
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
    left = watched->left;
    atomic_store(&watched->done, true);
    pf_condition_signal(&watched->changed);
    pf_mutex_unlock(&watched->mutex);
    if (left)
        errand->drop(errand->arg);
    let_go(watched);
}

/* Until the thread is done or its present step is late. */
static void watch(struct watched *watched, int limit_ms, size_t *late) {
    const int64_t spin_until_ns = pf_clock_ns() + SPIN_NS;
    while (!atomic_load(&watched->done) && pf_clock_ns() < spin_until_ns)
        ;
    pf_mutex_lock(&watched->mutex);
    while (!atomic_load(&watched->done)) {
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

static pf_status begin(const struct pf_errand *errand, struct watched **out, struct pf_error *err) {
    struct watched *watched = pf_mem_zero(1, sizeof *watched);
    if (!watched)
        return pf_fail_memory(err, sizeof *watched);
    watched->errand = *errand;
    atomic_init(&watched->holders, 1);
    watched->started_ns = pf_clock_ns();
    pf_status status = pf_mutex_init(&watched->mutex, err);
    if (status == PF_OK) {
        status = pf_condition_init(&watched->changed, err);
        if (status != PF_OK)
            pf_mutex_clear(&watched->mutex);
    }
    if (status != PF_OK)
        pf_mem_free(watched);
    else
        *out = watched;
    return status;
}

/* Nobody joins the thread, which costs as much as all the rest: who holds `watched` last frees it. */
pf_status pf_errand_run(const struct pf_errand *errand, int limit_ms, size_t *late, struct pf_error *err) {
    struct watched *watched = NULL;
    pf_thread thread;
    *late = errand->count;
    PF_TRY(begin(errand, &watched, err));
    atomic_store(&watched->holders, 2);
    pf_status status = pf_thread_start(&thread, run_steps, watched, err);
    if (status == PF_OK) {
        pf_thread_leave(&thread);
        watch(watched, limit_ms, late);
    } else {
        let_go(watched);
    }
    let_go(watched);
    return status;
}
