/* csv_lap.h — one pass over the data: blocks cut in order, worked on in parallel, handed over in order.
 * SPDX-License-Identifier: MIT
 *
 * A task reads and cuts one block, starts the task of the next one, then works on its own. So bytes are read one
 * block at a time, blocks are worked on side by side, and what is in flight is bounded by the slots. */
#ifndef PF_CSV_LAP_H
#define PF_CSV_LAP_H
#include "base/pool.h"
#include "base/thread.h"
#include "read/csv/csv_feed.h"

struct pf_csv_lap;

/* One block in flight. */
struct pf_csv_slot {
    struct pf_task task;
    struct pf_csv_lap *lap;
    struct pf_csv_chunk chunk;
    struct pf_csv_text text;
    void *own; /* the client's, one per slot */
    pf_status status;
    struct pf_error err;
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

struct pf_csv_lap {
    struct pf_csv_feed feed;
    struct pf_csv_client client;
    struct pf_pool *pool; /* NULL: all work is done by whoever asks for the next block */
    struct pf_csv_slot *slots;
    int64_t slot_count;
    pf_mutex mutex; /* for the four below */
    int64_t started, taken, given_back;
    bool feeding; /* a task will start the next one */
    bool ended;   /* the feed gave its last block, or failed: start no more */
    bool open;
};
/* feed is opened before and becomes the lap's, also on failure. most_slots: blocks in flight, at least 1. */
pf_status pf_csv_lap_open(struct pf_csv_lap *lap, struct pf_csv_feed *feed, const struct pf_csv_client *client,
                          struct pf_pool *pool, int64_t most_slots, struct pf_error *err);
/* Waits for the next block in order; *slot NULL at the end. Caller's thread. */
pf_status pf_csv_lap_next(struct pf_csv_lap *lap, struct pf_csv_slot **slot, struct pf_error *err);
/* The slot may be used again. In the order of next. */
void pf_csv_lap_give_back(struct pf_csv_lap *lap, struct pf_csv_slot *slot);
/* Waits for what is under way; zero is fine. */
void pf_csv_lap_close(struct pf_csv_lap *lap);
#endif
