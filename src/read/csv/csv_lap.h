/* csv_lap.h — one pass over the data: blocks cut in order, worked on side by side, handed over in order.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CSV_LAP_H
#define PF_CSV_LAP_H
#include "base/relay.h"
#include "read/csv/csv_feed.h"

/* One block in flight. */
struct pf_csv_slot {
    struct pf_relay_slot relay;
    struct pf_csv_chunk chunk;
    struct pf_csv_text text;
    void *own; /* the client's, one per slot */
};

/* Makes the text of the slot's chunk, with its marks. */
pf_status pf_csv_slot_text(struct pf_csv_slot *slot, const struct pf_csv_text_rule *rule, struct pf_error *err);

struct pf_csv_client {
    void *ctx;
    /* On any worker, for several slots at the same time. chunk is filled, text is not made yet. */
    pf_status (*work)(void *ctx, struct pf_csv_slot *slot, struct pf_error *err);
    /* Makes and ends slot->own. */
    pf_status (*open)(void *ctx, struct pf_csv_slot *slot, struct pf_error *err);
    void (*close)(void *ctx, struct pf_csv_slot *slot);
};

/* Must not move while open. */
struct pf_csv_lap {
    struct pf_csv_feed feed;
    struct pf_csv_client client;
    struct pf_relay relay;
};
/* feed is opened before and becomes the lap's, also on failure. most_slots: blocks in flight, at least 1. */
pf_status pf_csv_lap_open(struct pf_csv_lap *lap, struct pf_csv_feed *feed, const struct pf_csv_client *client,
                          struct pf_pool *pool, int64_t most_slots, struct pf_error *err);
/* Waits for the next block in order; *slot NULL at the end. Caller's thread. */
pf_status pf_csv_lap_next(struct pf_csv_lap *lap, struct pf_csv_slot **slot, struct pf_error *err);
/* The slot may be used again. In the order of next. */
void pf_csv_lap_give_back(struct pf_csv_lap *lap);
/* Waits for what is under way; zero is fine. */
void pf_csv_lap_close(struct pf_csv_lap *lap);
#endif
