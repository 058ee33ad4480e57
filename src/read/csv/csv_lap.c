/* csv_lap.c — room read/csv. One pass over the data, in parallel, handed over in order.  SPDX-License-Identifier: MIT
 * Knows: slots, tasks that start each other, cancel.
 * Knows not: what is done with a block. */
#include "read/csv/csv_lap.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

static struct pf_csv_slot *slot_of(struct pf_csv_lap *lap, int64_t number) {
    return &lap->slots[number % lap->slot_count];
}

/* The next task may start: there is a slot for it. Called with the mutex held. */
static struct pf_csv_slot *claim_next(struct pf_csv_lap *lap) {
    lap->feeding = !lap->ended && lap->started - lap->given_back < lap->slot_count;
    return lap->feeding ? slot_of(lap, lap->started++) : NULL;
}

static void start(struct pf_csv_lap *lap, struct pf_csv_slot *slot) {
    if (slot && lap->pool)
        pf_pool_submit(lap->pool, &slot->task);
}

static void run_slot(struct pf_task *task) {
    struct pf_csv_slot *slot = (struct pf_csv_slot *)task;
    struct pf_csv_lap *lap = slot->lap;
    slot->chunk.size = 0;
    slot->err = (struct pf_error)PF_ERROR_INIT;
    slot->status = PF_OK;
    if (lap->pool && pf_pool_cancelled(lap->pool))
        slot->status = pf_fail(&slot->err, PF_CANCELLED, "cancelled");
    if (slot->status == PF_OK)
        slot->status = pf_csv_feed_next(&lap->feed, &slot->chunk, &slot->err);
    pf_mutex_lock(&lap->mutex);
    lap->ended |= slot->status != PF_OK || slot->chunk.size == 0;
    struct pf_csv_slot *next = lap->pool ? claim_next(lap) : NULL;
    pf_mutex_unlock(&lap->mutex);
    start(lap, next);
    if (slot->status == PF_OK && slot->chunk.size)
        slot->status = lap->client.work(lap->client.ctx, slot, &slot->err);
}

pf_status pf_csv_lap_open(struct pf_csv_lap *lap, struct pf_csv_feed *feed, const struct pf_csv_client *client,
                          struct pf_pool *pool, int64_t most_slots, struct pf_error *err) {
    memset(lap, 0, sizeof *lap);
    lap->feed = *feed;
    memset(feed, 0, sizeof *feed);
    lap->client = *client;
    lap->pool = pool;
    int64_t count = pool ? pf_pool_threads(pool) + 2 : 1;
    count = count < most_slots ? count : most_slots;
    pf_status status = pf_mutex_init(&lap->mutex, err);
    if (status != PF_OK) {
        pf_csv_feed_clear(&lap->feed);
        return status;
    }
    lap->open = true;
    lap->slots = pf_mem_zero((size_t)count, sizeof *lap->slots);
    if (!lap->slots)
        status = pf_fail_memory(err, (size_t)count * sizeof *lap->slots);
    for (int64_t i = 0; status == PF_OK && i < count; i++) {
        lap->slots[i].task.run = run_slot;
        lap->slots[i].lap = lap;
        status = client->open(client->ctx, &lap->slots[i], err);
        lap->slot_count += status == PF_OK;
    }
    if (status != PF_OK) {
        pf_csv_lap_close(lap);
        return status;
    }
    pf_mutex_lock(&lap->mutex);
    struct pf_csv_slot *first = pool ? claim_next(lap) : NULL;
    pf_mutex_unlock(&lap->mutex);
    start(lap, first);
    return PF_OK;
}

pf_status pf_csv_slot_text(struct pf_csv_slot *slot, const struct pf_csv_text_rule *rule,
                           struct pf_error *err) {
    PF_TRY(pf_csv_text_make(rule, pf_csv_chunk_raw(&slot->chunk), slot->chunk.size, &slot->text, err));
    slot->text.marks = slot->text.same ? &slot->chunk.marks : NULL;
    return PF_OK;
}

pf_status pf_csv_lap_next(struct pf_csv_lap *lap, struct pf_csv_slot **out, struct pf_error *err) {
    struct pf_csv_slot *slot = slot_of(lap, lap->taken);
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
    *out = slot->chunk.size ? slot : NULL;
    return PF_OK;
}

void pf_csv_lap_give_back(struct pf_csv_lap *lap, struct pf_csv_slot *slot) {
    (void)slot;
    pf_mutex_lock(&lap->mutex);
    lap->given_back++;
    struct pf_csv_slot *next = lap->pool && !lap->feeding ? claim_next(lap) : NULL;
    pf_mutex_unlock(&lap->mutex);
    start(lap, next);
}

void pf_csv_lap_close(struct pf_csv_lap *lap) {
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
        lap->client.close(lap->client.ctx, &lap->slots[i]);
        pf_csv_chunk_clear(&lap->slots[i].chunk);
        pf_csv_text_clear(&lap->slots[i].text);
    }
    pf_mem_free(lap->slots);
    pf_csv_feed_clear(&lap->feed);
    pf_mutex_clear(&lap->mutex);
    memset(lap, 0, sizeof *lap);
}
