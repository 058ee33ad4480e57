/* relay.c — room base. Blocks fed one after the other, worked on side by side, handed over in order.
 * SPDX-License-Identifier: MIT
 * Knows: slots, tasks that start each other, cancel.
 * Knows not: what is done with a block. */
#include "base/relay.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

static struct pf_relay_slot *slot_of(struct pf_relay *relay, int64_t number) {
    size_t at = (size_t)(number % relay->slot_count) * relay->client.slot_bytes;
    return (struct pf_relay_slot *)(void *)(relay->slots + at);
}

/* The next task may start: there is a slot for it. Called with the mutex held. */
static struct pf_relay_slot *claim_next(struct pf_relay *relay) {
    relay->feeding = !relay->ended && relay->started - relay->given_back < relay->slot_count;
    return relay->feeding ? slot_of(relay, relay->started++) : NULL;
}

static void start(struct pf_relay *relay, struct pf_relay_slot *slot) {
    if (slot && relay->pool)
        pf_pool_submit(relay->pool, &slot->task);
}

static void run_slot(struct pf_task *task) {
    struct pf_relay_slot *slot = (struct pf_relay_slot *)task;
    struct pf_relay *relay = slot->relay;
    const struct pf_relay_client *client = &relay->client;
    slot->err = (struct pf_error)PF_ERROR_INIT;
    slot->last = slot->empty = false;
    if (relay->pool && pf_pool_cancelled(relay->pool))
        slot->status = pf_fail_cancelled(&slot->err);
    else
        slot->status = client->feed(client->ctx, slot, &slot->err);
    pf_mutex_lock(&relay->mutex);
    relay->ended |= slot->status != PF_OK || slot->last;
    struct pf_relay_slot *next = relay->pool ? claim_next(relay) : NULL;
    pf_mutex_unlock(&relay->mutex);
    start(relay, next);
    if (slot->status == PF_OK && !slot->empty)
        slot->status = client->work(client->ctx, slot, &slot->err);
}

static pf_status open_slots(struct pf_relay *relay, int64_t count, struct pf_error *err) {
    relay->slots = pf_mem_zero((size_t)count, relay->client.slot_bytes);
    if (!relay->slots)
        return pf_fail_memory(err, (size_t)count * relay->client.slot_bytes);
    while (relay->slot_count < count) {
        relay->slot_count++;
        struct pf_relay_slot *slot = slot_of(relay, relay->slot_count - 1);
        slot->task.run = run_slot;
        slot->relay = relay;
        pf_status status = relay->client.open(relay->client.ctx, slot, err);
        relay->slot_count -= status != PF_OK;
        PF_TRY(status);
    }
    return PF_OK;
}

pf_status pf_relay_open(struct pf_relay *relay, const struct pf_relay_client *client, struct pf_pool *pool,
                        int64_t most_slots, struct pf_error *err) {
    *relay = (struct pf_relay){.client = *client, .pool = pool};
    int64_t count = pool ? pf_pool_threads(pool) + 2 : 1;
    PF_TRY(pf_mutex_init(&relay->mutex, err));
    relay->open = true;
    pf_status status = open_slots(relay, count < most_slots ? count : most_slots, err);
    if (status != PF_OK) {
        pf_relay_close(relay);
        return status;
    }
    pf_mutex_lock(&relay->mutex);
    struct pf_relay_slot *first = pool ? claim_next(relay) : NULL;
    pf_mutex_unlock(&relay->mutex);
    start(relay, first);
    return PF_OK;
}

/* Was the task of that number started? None is behind the end. */
static bool is_started(struct pf_relay *relay, int64_t number) {
    pf_mutex_lock(&relay->mutex);
    bool there = number < relay->started;
    pf_mutex_unlock(&relay->mutex);
    return there;
}

pf_status pf_relay_next(struct pf_relay *relay, struct pf_relay_slot **out, struct pf_error *err) {
    struct pf_relay_slot *slot = slot_of(relay, relay->taken);
    *out = NULL;
    if (relay->pool) {
        if (!is_started(relay, relay->taken))
            return PF_OK;
        pf_pool_wait(relay->pool, &slot->task);
        if (pf_pool_cancelled(relay->pool))
            return pf_fail_cancelled(err);
    } else if (!relay->ended) {
        run_slot(&slot->task);
    } else {
        return PF_OK;
    }
    relay->taken++;
    if (slot->status != PF_OK) {
        if (err)
            *err = slot->err;
        return slot->status;
    }
    *out = slot->empty ? NULL : slot;
    return PF_OK;
}

void pf_relay_give_back(struct pf_relay *relay) {
    pf_mutex_lock(&relay->mutex);
    relay->given_back++;
    struct pf_relay_slot *next = relay->pool && !relay->feeding ? claim_next(relay) : NULL;
    pf_mutex_unlock(&relay->mutex);
    start(relay, next);
}

void pf_relay_close(struct pf_relay *relay) {
    if (!relay->open)
        return;
    pf_mutex_lock(&relay->mutex);
    relay->ended = true;
    pf_mutex_unlock(&relay->mutex);
    for (int64_t n = relay->taken; relay->pool && is_started(relay, n); n++)
        pf_pool_wait(relay->pool, &slot_of(relay, n)->task);
    for (int64_t i = 0; i < relay->slot_count; i++)
        relay->client.close(relay->client.ctx, slot_of(relay, i));
    pf_mem_free(relay->slots);
    pf_mutex_clear(&relay->mutex);
    memset(relay, 0, sizeof *relay);
}
