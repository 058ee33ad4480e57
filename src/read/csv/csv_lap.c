/* csv_lap.c — room read/csv. One pass over the data, in parallel, handed over in order.  SPDX-License-Identifier: MIT
 * Knows: chunks out of the feed, texts of them.
 * Knows not: how blocks follow each other, what is done with one. */
#include "read/csv/csv_lap.h"

#include "base/error.h"

static pf_status open_slot(void *ctx, struct pf_relay_slot *slot, struct pf_error *err) {
    const struct pf_csv_lap *lap = ctx;
    return lap->client.open(lap->client.ctx, (struct pf_csv_slot *)slot, err);
}

static void close_slot(void *ctx, struct pf_relay_slot *relay_slot) {
    const struct pf_csv_lap *lap = ctx;
    struct pf_csv_slot *slot = (struct pf_csv_slot *)relay_slot;
    lap->client.close(lap->client.ctx, slot);
    pf_csv_chunk_clear(&slot->chunk);
    pf_csv_text_clear(&slot->text);
}

static pf_status feed_slot(void *ctx, struct pf_relay_slot *slot, struct pf_error *err) {
    struct pf_csv_lap *lap = ctx;
    struct pf_csv_chunk *chunk = &((struct pf_csv_slot *)slot)->chunk;
    chunk->size = 0;
    PF_TRY(pf_csv_feed_next(&lap->feed, chunk, err));
    slot->last = slot->empty = chunk->size == 0;
    return PF_OK;
}

static pf_status work_slot(void *ctx, struct pf_relay_slot *slot, struct pf_error *err) {
    const struct pf_csv_lap *lap = ctx;
    return lap->client.work(lap->client.ctx, (struct pf_csv_slot *)slot, err);
}

pf_status pf_csv_lap_open(struct pf_csv_lap *lap, struct pf_csv_feed *feed, const struct pf_csv_client *client,
                          struct pf_pool *pool, int64_t most_slots, struct pf_error *err) {
    struct pf_relay_client relay = {.ctx = lap,
                                    .slot_bytes = sizeof(struct pf_csv_slot),
                                    .open = open_slot,
                                    .close = close_slot,
                                    .feed = feed_slot,
                                    .work = work_slot};
    *lap = (struct pf_csv_lap){.feed = *feed, .client = *client};
    *feed = (struct pf_csv_feed){0};
    pf_status status = pf_relay_open(&lap->relay, &relay, pool, most_slots, err);
    if (status != PF_OK)
        pf_csv_feed_clear(&lap->feed);
    return status;
}

pf_status pf_csv_slot_text(struct pf_csv_slot *slot, const struct pf_csv_text_rule *rule,
                           struct pf_error *err) {
    PF_TRY(pf_csv_text_make(rule, pf_csv_chunk_raw(&slot->chunk), slot->chunk.size, &slot->text, err));
    slot->text.marks = slot->text.same ? &slot->chunk.marks : NULL;
    return PF_OK;
}

pf_status pf_csv_lap_next(struct pf_csv_lap *lap, struct pf_csv_slot **out, struct pf_error *err) {
    struct pf_relay_slot *slot;
    pf_status status = pf_relay_next(&lap->relay, &slot, err);
    *out = (struct pf_csv_slot *)slot;
    return status;
}

void pf_csv_lap_give_back(struct pf_csv_lap *lap) { pf_relay_give_back(&lap->relay); }

void pf_csv_lap_close(struct pf_csv_lap *lap) {
    pf_relay_close(&lap->relay);
    pf_csv_feed_clear(&lap->feed);
}
