/* pool.c — room base. Tasks over threads.                                  SPDX-License-Identifier: MIT
 * Knows: one queue, workers, who waits for which task, the opener's tick.
 * Knows not: what tasks do. */
#include "base/pool.h"

#include <stddef.h>

#include "base/ceilings.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"

#define IDLE    0
#define QUEUED  1
#define RUNNING 2
#define DONE    3
#define TICK_MS 20

/* Somebody who waits; on its own stack, in the pool's list while it sleeps. */
struct waiter {
    struct waiter *next;
    struct pf_task *task;
    bool worker;
};

struct pf_pool {
    pf_mutex mutex;
    pf_condition work; /* workers sleep here, idle ones and those that wait for a task */
    pf_condition done; /* all other threads that wait */
    struct pf_task *head, *tail;
    struct waiter *waiters;
    bool closing;
    atomic_bool cancelled;
    void (*tick)(void *ctx);
    void *tick_ctx;
    int64_t ticked_ns;
    pf_thread opener;
    int count;
    pf_thread threads[];
};

static _Thread_local pf_pool *my_pool; /* of which this thread is a worker */

static struct pf_task *take_first(pf_pool *pool) {
    struct pf_task *task = pool->head;
    if (task) {
        pool->head = task->next;
        if (!pool->head)
            pool->tail = NULL;
    }
    return task;
}

static void take_out(pf_pool *pool, struct pf_task *task) {
    struct pf_task *before = NULL;
    for (struct pf_task *t = pool->head; t != task; t = t->next)
        before = t;
    *(before ? &before->next : &pool->head) = task->next;
    if (pool->tail == task)
        pool->tail = before;
}

/* Called and left with the mutex held; let go of while the task runs. Whoever waits may take the task's memory
 * away as soon as it is done, so it is not touched after that. */
static void run_task(pf_pool *pool, struct pf_task *task) {
    atomic_store_explicit(&task->state, RUNNING, memory_order_relaxed);
    pf_mutex_unlock(&pool->mutex);
    task->run(task);
    pf_mutex_lock(&pool->mutex);
    atomic_store_explicit(&task->state, DONE, memory_order_release);
    bool workers = false, others = false;
    for (const struct waiter *w = pool->waiters; w; w = w->next) {
        workers |= w->task == task && w->worker;
        others |= w->task == task && !w->worker;
    }
    if (workers)
        pf_condition_broadcast(&pool->work);
    if (others)
        pf_condition_broadcast(&pool->done);
}

static void run_worker(void *arg) {
    pf_pool *pool = arg;
    my_pool = pool;
    pf_mutex_lock(&pool->mutex);
    for (;;) {
        struct pf_task *task = take_first(pool);
        if (task)
            run_task(pool, task);
        else if (pool->closing)
            break;
        else
            pf_condition_wait(&pool->work, &pool->mutex);
    }
    pf_mutex_unlock(&pool->mutex);
}

/* Joins the first count threads and frees all. */
static void end_pool(pf_pool *pool, int count) {
    pf_mutex_lock(&pool->mutex);
    pool->closing = true;
    pf_condition_broadcast(&pool->work);
    pf_mutex_unlock(&pool->mutex);
    for (int i = 0; i < count; i++)
        pf_thread_join(&pool->threads[i]);
    pf_condition_clear(&pool->done);
    pf_condition_clear(&pool->work);
    pf_mutex_clear(&pool->mutex);
    pf_mem_free(pool);
}

pf_status pf_pool_open(int threads, pf_pool **out, struct pf_error *err) {
    *out = NULL;
    threads = threads < 1 ? 1 : threads > PF_CEIL_THREADS ? PF_CEIL_THREADS : threads;
    size_t size = sizeof(pf_pool) + (size_t)threads * sizeof(pf_thread);
    pf_pool *pool = pf_mem_zero(1, size);
    if (!pool)
        return pf_fail_memory(err, size);
    pf_status status = pf_mutex_init(&pool->mutex, err);
    if (status != PF_OK) {
        pf_mem_free(pool);
        return status;
    }
    status = pf_condition_init(&pool->work, err);
    if (status != PF_OK) {
        pf_mutex_clear(&pool->mutex);
        pf_mem_free(pool);
        return status;
    }
    status = pf_condition_init(&pool->done, err);
    if (status != PF_OK) {
        pf_condition_clear(&pool->work);
        pf_mutex_clear(&pool->mutex);
        pf_mem_free(pool);
        return status;
    }
    pool->opener = pf_thread_self();
    pool->count = threads;
    pool->ticked_ns = pf_clock_ns();
    for (int i = 0; i < threads; i++) {
        status = pf_thread_start(&pool->threads[i], run_worker, pool, err);
        if (status != PF_OK) {
            end_pool(pool, i);
            return status;
        }
    }
    *out = pool;
    return PF_OK;
}

void pf_pool_close(pf_pool **pool) {
    if (*pool)
        end_pool(*pool, (*pool)->count);
    *pool = NULL;
}

int pf_pool_threads(const pf_pool *pool) { return pool->count; }

void pf_pool_submit(pf_pool *pool, struct pf_task *task) {
    pf_mutex_lock(&pool->mutex);
    atomic_store_explicit(&task->state, QUEUED, memory_order_relaxed);
    task->next = NULL;
    *(pool->tail ? &pool->tail->next : &pool->head) = task;
    pool->tail = task;
    pf_condition_signal(&pool->work);
    pf_mutex_unlock(&pool->mutex);
}

/* Called and left with the mutex held, which the tick does not see. */
static void tick_if_due(pf_pool *pool) {
    int64_t now = pf_clock_ns();
    if (!pool->tick || now - pool->ticked_ns < (int64_t)TICK_MS * 1000000)
        return;
    pool->ticked_ns = now;
    pf_mutex_unlock(&pool->mutex);
    pool->tick(pool->tick_ctx);
    pf_mutex_lock(&pool->mutex);
}

static void sleep_for(pf_pool *pool, struct pf_task *task, bool worker, bool opener) {
    struct waiter me = {pool->waiters, task, worker};
    pool->waiters = &me;
    if (worker)
        pf_condition_wait(&pool->work, &pool->mutex);
    else if (opener)
        pf_condition_wait_ms(&pool->done, &pool->mutex, TICK_MS);
    else
        pf_condition_wait(&pool->done, &pool->mutex);
    struct waiter **at = &pool->waiters;
    while (*at != &me)
        at = &(*at)->next;
    *at = me.next;
}

void pf_pool_wait(pf_pool *pool, struct pf_task *task) {
    bool worker = my_pool == pool;
    bool opener = !worker && pf_thread_same(pool->opener, pf_thread_self());
    if (!opener && pf_task_done(task))
        return;
    pf_mutex_lock(&pool->mutex);
    for (;;) {
        if (opener)
            tick_if_due(pool);
        int state = atomic_load_explicit(&task->state, memory_order_acquire);
        if (state == DONE || state == IDLE)
            break;
        struct pf_task *other = NULL;
        if (worker && state == QUEUED)
            take_out(pool, other = task);
        else if (worker)
            other = take_first(pool);
        if (other)
            run_task(pool, other);
        else
            sleep_for(pool, task, worker, opener);
    }
    pf_mutex_unlock(&pool->mutex);
}

void pf_pool_on_tick(pf_pool *pool, void (*tick)(void *ctx), void *ctx) {
    pool->tick = tick;
    pool->tick_ctx = ctx;
}

void pf_pool_cancel(pf_pool *pool) { atomic_store(&pool->cancelled, true); }

bool pf_pool_cancelled(const pf_pool *pool) {
    return atomic_load_explicit(&pool->cancelled, memory_order_relaxed);
}

/* ---- each ------------------------------------------------------------------------------------------- */

struct each {
    pf_pool *pool;
    void (*call)(void *arg, int64_t index);
    void *arg;
    int64_t count;
    _Atomic int64_t next;
    atomic_bool left_out;
};

struct each_task {
    struct pf_task task; /* first */
    struct each *each;
};

static void run_share(struct each *each) {
    for (;;) {
        int64_t index = atomic_fetch_add(&each->next, 1);
        if (index >= each->count)
            return;
        if (pf_pool_cancelled(each->pool)) {
            atomic_store(&each->left_out, true);
            return;
        }
        each->call(each->arg, index);
    }
}

static void run_each(struct pf_task *task) { run_share(((struct each_task *)task)->each); }

pf_status pf_pool_each(pf_pool *pool, void (*call)(void *arg, int64_t index), void *arg, int64_t count,
                       struct pf_error *err) {
    struct each each = {.pool = pool, .call = call, .arg = arg, .count = count};
    struct each_task tasks[PF_CEIL_THREADS]; /* on the stack: nothing can fail */
    bool worker = my_pool == pool;
    int64_t share = count - worker;
    int wanted = share < pool->count - worker ? (int)share : pool->count - worker;
    for (int i = 0; i < wanted; i++) {
        tasks[i] = (struct each_task){.task.run = run_each, .each = &each};
        pf_pool_submit(pool, &tasks[i].task);
    }
    if (worker)
        run_share(&each);
    for (int i = 0; i < wanted; i++)
        pf_pool_wait(pool, &tasks[i].task);
    if (atomic_load(&each.left_out))
        return pf_fail_cancelled(err);
    return PF_OK;
}
