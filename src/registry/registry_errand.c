/* registry_errand.c — room registry. Foreign code on a thread of its own, watched.
 * SPDX-License-Identifier: MIT
 * Knows: deadlines, who owns what after one has passed, that a thread can be used again.
 * Knows not: what the code does. */
#include "registry/registry_errand.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/thread.h"

#define SPIN_NS 40000 /* a wake-up takes about as long, and most errands less */

/* One thread. Who runs an errand on it owns it, until it was left alone: then it owns itself, and frees itself at its end. */
struct pf_runner {
    pf_thread thread;
    int64_t process; /* a child that was forked has the memory and not the thread */
    pf_mutex mutex;
    pf_condition changed;
    struct pf_errand errand;
    bool busy, ending;
    bool left; /* the watcher went away */
    atomic_bool done;
    size_t current;
    int64_t started_ns; /* of the current step */
};

static void free_runner(struct pf_runner *runner) {
    pf_condition_clear(&runner->changed);
    pf_mutex_clear(&runner->mutex);
    pf_mem_free(runner);
}

/* With the mutex held, but not during a step. */
static void run_steps(struct pf_runner *runner) {
    const struct pf_errand errand = runner->errand;
    bool more = errand.count > 0;
    for (size_t i = 0; more && !runner->left; i++) {
        runner->current = i;
        runner->started_ns = pf_clock_ns();
        pf_mutex_unlock(&runner->mutex);
        more = errand.step(errand.arg, i) && i + 1 < errand.count;
        pf_mutex_lock(&runner->mutex);
    }
}

static void serve(void *arg) {
    struct pf_runner *runner = arg;
    pf_mutex_lock(&runner->mutex);
    for (;;) {
        while (!runner->busy && !runner->ending)
            pf_condition_wait(&runner->changed, &runner->mutex);
        if (!runner->busy)
            break;
        run_steps(runner);
        if (runner->left)
            break;
        runner->busy = false;
        atomic_store(&runner->done, true);
        pf_condition_signal(&runner->changed);
    }
    bool left = runner->left;
    pf_mutex_unlock(&runner->mutex);
    if (!left)
        return;
    runner->errand.drop(runner->errand.arg);
    free_runner(runner);
}

static void end_runner(struct pf_runner *runner) {
    pf_mutex_lock(&runner->mutex);
    runner->ending = true;
    pf_condition_signal(&runner->changed);
    pf_mutex_unlock(&runner->mutex);
    pf_thread_join(&runner->thread);
    free_runner(runner);
}

/* Until the errand is done or its present step is late. */
static void watch(struct pf_runner *runner, int limit_ms, size_t *late) {
    const int64_t spin_until_ns = pf_clock_ns() + SPIN_NS;
    while (!atomic_load(&runner->done) && pf_clock_ns() < spin_until_ns)
        ;
    if (atomic_load(&runner->done))
        return;
    pf_mutex_lock(&runner->mutex);
    while (!atomic_load(&runner->done)) {
        int64_t spent_ms = (pf_clock_ns() - runner->started_ns) / 1000000;
        if (spent_ms >= limit_ms) {
            runner->left = true;
            *late = runner->current;
            break;
        }
        pf_condition_wait_ms(&runner->changed, &runner->mutex, (int)(limit_ms - spent_ms));
    }
    pf_mutex_unlock(&runner->mutex);
}

static pf_status begin(struct pf_runner **out, struct pf_error *err) {
    struct pf_runner *runner = pf_mem_zero(1, sizeof *runner);
    if (!runner)
        return pf_fail_memory(err, sizeof *runner);
    runner->process = pf_process_id();
    pf_status status = pf_mutex_init(&runner->mutex, err);
    if (status == PF_OK) {
        status = pf_condition_init(&runner->changed, err);
        if (status != PF_OK)
            pf_mutex_clear(&runner->mutex);
    }
    if (status != PF_OK) {
        pf_mem_free(runner);
        return status;
    }
    status = pf_thread_start(&runner->thread, serve, runner, err);
    if (status != PF_OK)
        free_runner(runner);
    else
        *out = runner;
    return status;
}

/* The idle one, or a new one. */
static pf_status take_runner(struct pf_errands *errands, struct pf_runner **out, struct pf_error *err) {
    *out = atomic_exchange(&errands->idle, NULL);
    if (*out && (*out)->process != pf_process_id()) {
        pf_mem_free(*out);
        *out = NULL;
    }
    return *out ? PF_OK : begin(out, err);
}

static void put_back(struct pf_errands *errands, struct pf_runner *runner) {
    struct pf_runner *none = NULL;
    if (!atomic_compare_exchange_strong(&errands->idle, &none, runner))
        end_runner(runner); /* another came back before */
}

pf_status pf_errand_run(struct pf_errands *errands, const struct pf_errand *errand, int limit_ms, size_t *late,
                        struct pf_error *err) {
    struct pf_runner *runner = NULL;
    *late = errand->count;
    PF_TRY(take_runner(errands, &runner, err));
    pf_mutex_lock(&runner->mutex);
    runner->errand = *errand;
    runner->started_ns = pf_clock_ns();
    atomic_store(&runner->done, false);
    runner->busy = true;
    pf_thread thread = runner->thread;
    pf_mutex_unlock(&runner->mutex);
    pf_condition_signal(&runner->changed);
    watch(runner, limit_ms, late);
    if (*late < errand->count)
        pf_thread_leave(&thread);
    else
        put_back(errands, runner);
    return PF_OK;
}

void pf_errands_end(struct pf_errands *errands) {
    struct pf_runner *runner = atomic_exchange(&errands->idle, NULL);
    if (runner && runner->process != pf_process_id())
        pf_mem_free(runner);
    else if (runner)
        end_runner(runner);
}
