/* test_pool.c — tasks over threads: all run once, in order, waiting is prompt, nobody hangs.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/thread.h"

static void nap_ms(int ms) {
    struct timespec time = {ms / 1000, (ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static pf_pool *open_pool(int threads) {
    pf_pool *pool = NULL;
    assert_int_equal(pf_pool_open(threads, &pool, NULL), PF_OK);
    return pool;
}

struct counted {
    struct pf_task task;
    atomic_int *runs;
    atomic_int *order;
    int started;
    int ms;
};

static void run_counted(struct pf_task *task) {
    struct counted *counted = (struct counted *)task;
    counted->started = atomic_fetch_add(counted->order, 1);
    if (counted->ms)
        nap_ms(counted->ms);
    atomic_fetch_add(counted->runs, 1);
}

static void every_task_runs_once_and_can_be_used_again(void **state) {
    for (int threads = 1; threads <= 5; threads += 2) {
        pf_pool *pool = open_pool(threads);
        assert_int_equal(pf_pool_threads(pool), threads);
        atomic_int runs = 0, order = 0;
        struct counted tasks[200] = {0};
        for (int lap = 0; lap < 3; lap++) {
            for (int i = 0; i < 200; i++) {
                tasks[i].task.run = run_counted;
                tasks[i].runs = &runs;
                tasks[i].order = &order;
                pf_pool_submit(pool, &tasks[i].task);
            }
            for (int i = 199; i >= 0; i--) {
                pf_pool_wait(pool, &tasks[i].task);
                assert_true(pf_task_done(&tasks[i].task));
            }
            assert_int_equal(atomic_load(&runs), (lap + 1) * 200);
        }
        pf_pool_close(&pool);
        assert_null(pool);
        pf_pool_close(&pool);
    }
}

static void tasks_start_in_the_order_of_submission(void **state) {
    pf_pool *pool = open_pool(1);
    atomic_int runs = 0, order = 0;
    struct counted tasks[100] = {0};
    for (int i = 0; i < 100; i++) {
        tasks[i] = (struct counted){.task.run = run_counted, .runs = &runs, .order = &order};
        pf_pool_submit(pool, &tasks[i].task);
    }
    pf_pool_wait(pool, &tasks[99].task);
    for (int i = 0; i < 100; i++)
        assert_int_equal(tasks[i].started, i);
    pf_pool_close(&pool);
}

static void closing_waits_for_what_is_queued(void **state) {
    pf_pool *pool = open_pool(2);
    atomic_int runs = 0, order = 0;
    struct counted tasks[20] = {0};
    for (int i = 0; i < 20; i++) {
        tasks[i] = (struct counted){.task.run = run_counted, .runs = &runs, .order = &order, .ms = 1};
        pf_pool_submit(pool, &tasks[i].task);
    }
    pf_pool_close(&pool);
    assert_int_equal(atomic_load(&runs), 20);
}

static void a_task_that_was_never_submitted_is_not_waited_for(void **state) {
    pf_pool *pool = open_pool(1);
    struct pf_task task = {0};
    pf_pool_wait(pool, &task);
    pf_pool_close(&pool);
}

static void count_tick(void *ctx) { ++*(int *)ctx; }

static void the_opener_ticks_while_it_waits(void **state) {
    pf_pool *pool = open_pool(1);
    atomic_int runs = 0, order = 0;
    int ticks = 0;
    pf_pool_on_tick(pool, count_tick, &ticks);
    struct counted task = {.task.run = run_counted, .runs = &runs, .order = &order, .ms = 150};
    pf_pool_submit(pool, &task.task);
    pf_pool_wait(pool, &task.task);
    assert_true(ticks >= 2 && ticks <= 9);
    ticks = 0;
    for (int i = 0; i < 40; i++) { /* many short waits tick as one long one */
        task.ms = 3;
        pf_pool_submit(pool, &task.task);
        pf_pool_wait(pool, &task.task);
    }
    assert_true(ticks >= 2);
    pf_pool_close(&pool);
}

static void waiting_ends_promptly(void **state) {
    pf_pool *pool = open_pool(2);
    atomic_int runs = 0, order = 0;
    struct counted task = {.task.run = run_counted, .runs = &runs, .order = &order};
    int64_t start = pf_clock_ns();
    for (int i = 0; i < 500; i++) {
        pf_pool_submit(pool, &task.task);
        pf_pool_wait(pool, &task.task);
    }
    assert_true(pf_clock_ns() - start < (int64_t)500 * 4000000); /* far below a tick each, also when busy */
    pf_pool_close(&pool);
}

/* A task that makes more tasks and waits for them: more waiting ones than there are threads. */
struct nested {
    struct pf_task task;
    pf_pool *pool;
    int depth;
    atomic_int *leaves;
};

static void run_nested(struct pf_task *task) {
    struct nested *self = (struct nested *)task;
    if (self->depth == 0) {
        atomic_fetch_add(self->leaves, 1);
        return;
    }
    struct nested below[3];
    memset(below, 0, sizeof below);
    for (int i = 0; i < 3; i++) {
        below[i].task.run = run_nested;
        below[i].pool = self->pool;
        below[i].depth = self->depth - 1;
        below[i].leaves = self->leaves;
        pf_pool_submit(self->pool, &below[i].task);
    }
    for (int i = 0; i < 3; i++)
        pf_pool_wait(self->pool, &below[i].task);
}

static void workers_that_wait_run_other_tasks(void **state) {
    for (int threads = 1; threads <= 4; threads++) {
        pf_pool *pool = open_pool(threads);
        atomic_int leaves = 0;
        struct nested tasks[4];
        memset(tasks, 0, sizeof tasks);
        for (int i = 0; i < 4; i++) {
            tasks[i].task.run = run_nested;
            tasks[i].pool = pool;
            tasks[i].depth = 4;
            tasks[i].leaves = &leaves;
            pf_pool_submit(pool, &tasks[i].task);
        }
        for (int i = 0; i < 4; i++)
            pf_pool_wait(pool, &tasks[i].task);
        assert_int_equal(atomic_load(&leaves), 4 * 81);
        pf_pool_close(&pool);
    }
}

struct waiting {
    struct pf_task task;
    pf_pool *pool;
    struct counted *others;
    bool asleep;
};

static void run_waiting(struct pf_task *task) {
    struct waiting *self = (struct waiting *)task;
    for (int i = 0; i < 2; i++)
        pf_pool_submit(self->pool, &self->others[i].task);
    while (self->asleep && atomic_load(&self->others[1].task.state) != 2)
        nap_ms(1);
    pf_pool_wait(self->pool, &self->others[1].task);
}

static void a_worker_runs_the_queued_task_it_waits_for_first(void **state) {
    pf_pool *pool = open_pool(1);
    atomic_int runs = 0, order = 0;
    struct counted others[2] = {{.task.run = run_counted, .runs = &runs, .order = &order},
                                {.task.run = run_counted, .runs = &runs, .order = &order}};
    struct waiting waiting = {.task.run = run_waiting, .pool = pool, .others = others};
    pf_pool_submit(pool, &waiting.task);
    pf_pool_wait(pool, &waiting.task);
    pf_pool_wait(pool, &others[0].task);
    assert_int_equal(others[1].started, 0);
    assert_int_equal(others[0].started, 1);
    pf_pool_close(&pool);
}

static void a_worker_that_sleeps_is_woken_when_its_task_is_done(void **state) {
    pf_pool *pool = open_pool(2);
    atomic_int runs = 0, order = 0;
    struct counted others[2] = {{.task.run = run_counted, .runs = &runs, .order = &order},
                                {.task.run = run_counted, .runs = &runs, .order = &order, .ms = 50}};
    struct waiting waiting = {.task.run = run_waiting, .pool = pool, .others = others, .asleep = true};
    pf_pool_submit(pool, &waiting.task);
    for (int i = 0; i < 200 && !pf_task_done(&waiting.task); i++)
        nap_ms(10);
    assert_true(pf_task_done(&waiting.task));
    pf_pool_close(&pool);
}

struct grid {
    pf_pool *pool;
    atomic_int cells[40][30];
    int64_t row;
};

static void visit_cell(void *arg, int64_t index) {
    struct grid *grid = arg;
    atomic_fetch_add(&grid->cells[index / 30][index % 30], 1);
}

static void each_calls_every_index_once(void **state) {
    for (int threads = 1; threads <= 3; threads++) {
        struct grid grid = {0};
        pf_pool *pool = open_pool(threads);
        assert_int_equal(pf_pool_each(pool, visit_cell, &grid, 1200, NULL), PF_OK);
        assert_int_equal(pf_pool_each(pool, visit_cell, &grid, 0, NULL), PF_OK);
        assert_int_equal(pf_pool_each(pool, visit_cell, &grid, 1, NULL), PF_OK);
        for (int i = 0; i < 1200; i++)
            assert_int_equal(atomic_load(&grid.cells[i / 30][i % 30]), i == 0 ? 2 : 1);
        pf_pool_close(&pool);
    }
}

struct row {
    struct grid *grid;
    int64_t row;
};

static void visit_in_row(void *arg, int64_t index) {
    struct row *row = arg;
    atomic_fetch_add(&row->grid->cells[row->row][index], 1);
}

static void visit_row(void *arg, int64_t index) {
    struct row row = {arg, index};
    pf_pool_each(row.grid->pool, visit_in_row, &row, 30, NULL);
}

static void each_may_be_called_by_workers(void **state) {
    for (int threads = 1; threads <= 3; threads++) {
        struct grid grid = {.pool = open_pool(threads)};
        assert_int_equal(pf_pool_each(grid.pool, visit_row, &grid, 40, NULL), PF_OK);
        for (int i = 0; i < 1200; i++)
            assert_int_equal(atomic_load(&grid.cells[i / 30][i % 30]), 1);
        pf_pool_close(&grid.pool);
    }
}

struct stopping {
    pf_pool *pool;
    atomic_int calls;
};

static void stop_at_ten(void *arg, int64_t index) {
    struct stopping *stopping = arg;
    if (atomic_fetch_add(&stopping->calls, 1) == 9)
        pf_pool_cancel(stopping->pool);
}

static void a_cancelled_each_says_so(void **state) {
    struct stopping stopping = {.pool = open_pool(2)};
    struct pf_error err = PF_ERROR_INIT;
    assert_false(pf_pool_cancelled(stopping.pool));
    assert_int_equal(pf_pool_each(stopping.pool, stop_at_ten, &stopping, 100000, &err), PF_CANCELLED);
    assert_true(pf_pool_cancelled(stopping.pool));
    assert_true(atomic_load(&stopping.calls) < 100);
    pf_pool_close(&stopping.pool);
}

static void wait_elsewhere(void *arg) {
    struct nested *nested = arg;
    pf_pool_wait(nested->pool, &nested->task);
    atomic_fetch_add(nested->leaves, 1000);
}

static void any_thread_may_wait(void **state) {
    pf_pool *pool = open_pool(2);
    atomic_int leaves = 0;
    struct nested task = {.task.run = run_nested, .pool = pool, .depth = 3, .leaves = &leaves};
    pf_pool_submit(pool, &task.task);
    pf_thread threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pf_thread_start(&threads[i], wait_elsewhere, &task, NULL), PF_OK);
    for (int i = 0; i < 2; i++)
        pf_thread_join(&threads[i]);
    assert_int_equal(atomic_load(&leaves), 2027);
    pf_pool_close(&pool);
}

static void no_memory_opens_no_pool(void **state) {
    pf_pool *pool = NULL;
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        pf_mem_fail_from(nth);
        status = pf_pool_open(3, &pool, NULL);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || (status == PF_NO_MEMORY && !pool));
        assert_true(nth < 20);
    }
    pf_pool_close(&pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once_and_can_be_used_again),
        cmocka_unit_test(tasks_start_in_the_order_of_submission),
        cmocka_unit_test(closing_waits_for_what_is_queued),
        cmocka_unit_test(a_task_that_was_never_submitted_is_not_waited_for),
        cmocka_unit_test(the_opener_ticks_while_it_waits),
        cmocka_unit_test(waiting_ends_promptly),
        cmocka_unit_test(workers_that_wait_run_other_tasks),
        cmocka_unit_test(a_worker_runs_the_queued_task_it_waits_for_first),
        cmocka_unit_test(a_worker_that_sleeps_is_woken_when_its_task_is_done),
        cmocka_unit_test(each_calls_every_index_once),
        cmocka_unit_test(each_may_be_called_by_workers),
        cmocka_unit_test(a_cancelled_each_says_so),
        cmocka_unit_test(any_thread_may_wait),
        cmocka_unit_test(no_memory_opens_no_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
