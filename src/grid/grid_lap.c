/* grid_lap.c — room grid. One pass over a sheet, in parallel, handed over in order.  SPDX-License-Identifier: MIT
 * Knows: slots, tasks that start each other, cancel.
 * Knows not: what blocks hold, what batches are for. */
#include "grid/grid_lap.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

static struct pf_grid_slot *slot_of(struct pf_grid_lap *lap, int64_t number) {
    return &lap->slots[number % lap->slot_count];
}

/* The next task may start: there is a slot for it. Called with the mutex held. */
static struct pf_grid_slot *claim_next(struct pf_grid_lap *lap) {
    lap->decoding = !lap->ended && lap->started - lap->given_back < lap->slot_count;
    return lap->decoding ? slot_of(lap, lap->started++) : NULL;
}

static void start(struct pf_grid_lap *lap, struct pf_grid_slot *slot) {
    if (slot && lap->pool)
        pf_pool_submit(lap->pool, &slot->task);
}

/* Only one task at a time comes here: the next one is started behind it. */
static pf_status decode(struct pf_grid_lap *lap, struct pf_grid_slot *slot) {
    pf_grid_block_empty(&slot->block);
    slot->from = slot->to = lap->row;
    if (lap->pool && pf_pool_cancelled(lap->pool))
        return pf_fail(&slot->err, PF_CANCELLED, "cancelled");
    PF_TRY(pf_grid_pass_next(&lap->pass, &slot->block, &slot->err));
    slot->to = pf_grid_rows_end(lap->plan->table, &slot->block, lap->row);
    slot->last = slot->block.row_count == 0 || slot->to >= lap->end ||
                 slot->block.rows[slot->block.row_count - 1].number >= lap->plan->table->last_row;
    lap->row = slot->to;
    return PF_OK;
}

static void run_slot(struct pf_task *task) {
    struct pf_grid_slot *slot = (struct pf_grid_slot *)task;
    struct pf_grid_lap *lap = slot->lap;
    slot->err = (struct pf_error)PF_ERROR_INIT;
    slot->last = false;
    slot->status = decode(lap, slot);
    pf_mutex_lock(&lap->mutex);
    lap->ended |= slot->status != PF_OK || slot->last;
    struct pf_grid_slot *next = lap->pool ? claim_next(lap) : NULL;
    pf_mutex_unlock(&lap->mutex);
    start(lap, next);
    if (slot->status == PF_OK)
        slot->status = pf_grid_builder_read(&slot->builder, lap->plan, &slot->block, slot->from, &slot->err);
}

pf_status pf_grid_lap_open(struct pf_grid_lap *lap, const struct pf_grid_plan *plan, struct pf_grid_pass *pass,
                           struct pf_pool *pool, int64_t end, struct pf_error *err) {
    *lap = (struct pf_grid_lap){
        .plan = plan, .pass = *pass, .pool = pool, .row = plan->table->layout.data_from, .end = end};
    *pass = (struct pf_grid_pass){0};
    int64_t count = pool ? pf_pool_threads(pool) + 2 : 1;
    pf_status status = pf_mutex_init(&lap->mutex, err);
    if (status != PF_OK) {
        pf_grid_pass_close(&lap->pass);
        return status;
    }
    lap->open = true;
    lap->slots = pf_mem_zero((size_t)count, sizeof *lap->slots);
    if (!lap->slots)
        status = pf_fail_memory(err, (size_t)count * sizeof *lap->slots);
    for (int64_t i = 0; status == PF_OK && i < count; i++) {
        lap->slots[i].task.run = run_slot;
        lap->slots[i].lap = lap;
        status = pf_grid_builder_open(&lap->slots[i].builder, plan, err);
        lap->slot_count += status == PF_OK;
    }
    if (status != PF_OK) {
        pf_grid_lap_close(lap);
        return status;
    }
    pf_mutex_lock(&lap->mutex);
    struct pf_grid_slot *first = pool ? claim_next(lap) : NULL;
    pf_mutex_unlock(&lap->mutex);
    start(lap, first);
    return PF_OK;
}

pf_status pf_grid_lap_next(struct pf_grid_lap *lap, struct pf_grid_slot **out, struct pf_error *err) {
    struct pf_grid_slot *slot = slot_of(lap, lap->taken);
    *out = NULL;
    if (lap->pool) {
        pf_mutex_lock(&lap->mutex);
        bool there = lap->taken < lap->started;
        pf_mutex_unlock(&lap->mutex);
        if (!there) /* nothing was started behind the end */
            return PF_OK;
        pf_pool_wait(lap->pool, &slot->task);
        if (pf_pool_cancelled(lap->pool))
            return pf_fail(err, PF_CANCELLED, "cancelled");
    } else if (!lap->ended) {
        run_slot(&slot->task);
    } else {
        return PF_OK;
    }
    lap->taken++;
    if (slot->status != PF_OK) {
        if (err)
            *err = slot->err;
        return slot->status;
    }
    *out = slot;
    return PF_OK;
}

void pf_grid_lap_give_back(struct pf_grid_lap *lap) {
    pf_mutex_lock(&lap->mutex);
    lap->given_back++;
    struct pf_grid_slot *next = lap->pool && !lap->decoding ? claim_next(lap) : NULL;
    pf_mutex_unlock(&lap->mutex);
    start(lap, next);
}

void pf_grid_lap_close(struct pf_grid_lap *lap) {
    if (!lap->open)
        return;
    pf_mutex_lock(&lap->mutex);
    lap->ended = true;
    pf_mutex_unlock(&lap->mutex);
    for (int64_t n = lap->taken; lap->pool; n++) {
        pf_mutex_lock(&lap->mutex);
        bool there = n < lap->started;
        pf_mutex_unlock(&lap->mutex);
        if (!there)
            break;
        pf_pool_wait(lap->pool, &slot_of(lap, n)->task);
    }
    for (int64_t i = 0; i < lap->slot_count; i++) {
        pf_grid_builder_clear(&lap->slots[i].builder);
        pf_grid_block_clear(&lap->slots[i].block);
    }
    pf_mem_free(lap->slots);
    pf_grid_pass_close(&lap->pass);
    pf_mutex_clear(&lap->mutex);
    memset(lap, 0, sizeof *lap);
}
