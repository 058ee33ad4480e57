/* pool.h — tasks over threads.                                                  SPDX-License-Identifier: MIT
 *
 * One pool per running job; its threads live only while the job runs. Tasks never block. Tasks start in the
 * order of submission. The thread that opened the pool does no heavy work itself: it waits, with a tick for
 * cancel and progress; a worker that waits helps by running other tasks. */
#ifndef PF_POOL_H
#define PF_POOL_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "pyforge/status.h"

typedef struct pf_pool pf_pool;

/* Lives in the caller's storage and must stay there until it is done. run is called once on some worker. */
struct pf_task {
    void (*run)(struct pf_task *task);
    struct pf_task *next; /* the pool's */
    atomic_int state;     /* the pool's: 0 idle, 1 queued, 2 running, 3 done */
};

pf_status pf_pool_open(int threads, pf_pool **out, struct pf_error *err);
/* Waits for queued and running tasks, joins the threads, nulls *pool. */
void pf_pool_close(pf_pool **pool);
int pf_pool_threads(const pf_pool *pool);
/* Any thread. The task must be idle or done. */
void pf_pool_submit(pf_pool *pool, struct pf_task *task);
/* Returns when the task is done, at once when it was never submitted. A worker that waits runs the awaited task
 * itself if it is still queued, else others, and sleeps when there are none. On the opener's thread the tick is
 * called about every 20 ms while waiting. */
void pf_pool_wait(pf_pool *pool, struct pf_task *task);
static inline bool pf_task_done(struct pf_task *task) {
    return atomic_load_explicit(&task->state, memory_order_acquire) == 3;
}
/* Called on the opener's thread while it waits. */
void pf_pool_on_tick(pf_pool *pool, void (*tick)(void *ctx), void *ctx);
/* Set by anyone (also from a signal handler through the atomic); readers and writers look between tasks. */
void pf_pool_cancel(pf_pool *pool);
bool pf_pool_cancelled(const pf_pool *pool);
/* Runs call(arg, 0 … count−1) and returns when all are done; CANCELLED when some were left out for that. A
 * worker that calls it does its share. */
pf_status pf_pool_each(pf_pool *pool, void (*call)(void *arg, int64_t index), void *arg, int64_t count,
                       struct pf_error *err);
#endif
